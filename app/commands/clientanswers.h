#pragma once

#include "app/setup/clientsetup.h"
#include "storage/result.h"

#include <QMultiHash>
#include <QString>

#include <functional>

namespace Postnook
{

// What `setup-client` has to be told, as Postnook cannot know it.
struct ClientAnswers {
    QString fullName;
    QString emailAddress;
    MailServer outgoing;
};

// Asks the person one question. Null where there is no terminal.
using AskPerson = std::function<Result<QString>(const QString &question)>;

// Takes the values of the options (full-name, email, smtp-host, smtp-port, smtp-security,
// smtp-user) and asks for the others, again until an answer can be used. Without `ask` what is
// missing and cannot be guessed is Invalid, with the names of the options; so is an option's value
// that is not allowed.
Result<ClientAnswers> clientAnswers(const QMultiHash<QString, QString> &options,
                                    const QString &account,
                                    const AskPerson &ask);

} // namespace Postnook
