#pragma once

#include "app/import/sourcefinder.h"

#include <QString>
#include <QStringList>

#include <functional>
#include <memory>

namespace Postnook
{

// The mailboxes of one account in a mail program's own folders.
struct MailAccount {
    struct Mailbox {
        QString path; // for people
        QStringList levels; // of its name
        qint64 sizeBytes = 0;
        std::function<std::unique_ptr<MailSource>(const MailboxName &, const ImportLimits &)> open;
    };

    // Those the person keeps beside the accounts, or that are no mail, never stand for the whole.
    enum class Kind { Remote, Local, Other };

    QString name; // for its mailbox, where there are several
    Kind kind = Kind::Remote;
    QList<Mailbox> mailboxes;

    bool hasMail() const;
};

// The account that alone has mail goes to the top: its inbox is the inbox. With several each goes
// below a mailbox of its name. What the person kept locally counts only where there is no other.
void addAccounts(SourceFinder &finder,
                 const QStringList &levels,
                 const QList<MailAccount> &accounts);

} // namespace Postnook
