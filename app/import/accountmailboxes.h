#pragma once

#include "storage/result.h"
#include "storage/types.h"

#include <QByteArrayList>
#include <QMap>
#include <QSet>

namespace Postnook
{

class ImportSession;

// The mailboxes that an account has.
struct AccountMailboxes {
    QSet<MailboxName> names;
    QMap<SpecialUse, MailboxName> byUse;
};

// Asks the server. Blocks; errors are those of ImportSession.
Result<AccountMailboxes> readAccountMailboxes(ImportSession &session);

// From the lines of LIST "" * RETURN (SPECIAL-USE), without "* ".
AccountMailboxes accountMailboxesFrom(const QByteArrayList &lines);

} // namespace Postnook
