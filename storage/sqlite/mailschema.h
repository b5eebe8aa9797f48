#pragma once

#include "storage/sqlite/migration.h"

namespace Postnook::Sqlite
{

// The database of one account's mail. A fresh one has INBOX and the five usual mailboxes.
SchemaDefinition mailSchema(qint64 nowUtc);

// A new mailbox with a fresh UIDVALIDITY; the name must be free.
Result<MailboxId>
insertMailbox(Database &database, const MailboxName &name, SpecialUse use, qint64 nowUtc);
// Gives every mailbox a fresh UIDVALIDITY, above all that were used, here or up to `used`.
Result<void> renewUidValidities(Database &database, qint64 used, qint64 nowUtc);
Result<void> insertSubscription(Database &database, const MailboxName &name);

// Messages of a mailbox sit side by side, ordered by UID.
constexpr qint64 rowId(MailboxId mailbox, Uid uid)
{
    return (static_cast<qint64>(mailbox.value) << 32) | static_cast<qint64>(uid.value);
}

constexpr Uid uidOfRow(qint64 id)
{
    return Uid(static_cast<quint32>(id & 0xffffffff));
}

// A row of table uid_block tells of so many rows of messages, those from id * UidsPerBlock on.
constexpr qint64 UidsPerBlock = 64;

constexpr qint64 blockId(MailboxId mailbox, Uid uid)
{
    return rowId(mailbox, uid) / UidsPerBlock;
}

constexpr MailboxId mailboxOfRow(qint64 id)
{
    return MailboxId(static_cast<quint32>(id >> 32));
}

} // namespace Postnook::Sqlite
