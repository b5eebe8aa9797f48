#pragma once

#include "storage/store.h"

namespace Postnook
{

// Metadata as clients see it: what is stored, and beside it the entries that stand for something
// else: "/private/specialuse" of a mailbox is its special use (RFC 6154 4), "/shared/admin" of the
// server is not for clients to set (RFC 5464 3.2.1.1). Pool thread.

// The mailbox, or, for an empty name, what stands for the server: a mailbox with the id
// ServerMetadata. NotFound.
Result<MailboxInfo> metadataOwner(ReadTxn &txn, const MailboxName &name);

// As ReadTxn has them.
Result<QList<MetadataEntry>> metadataEntries(ReadTxn &txn, const MailboxInfo &owner);
Result<std::optional<QByteArray>>
metadataValue(ReadTxn &txn, const MailboxInfo &owner, const QByteArray &entry);

// As WriteTxn::setMetadata(); also NotPermitted (the entry cannot be set), Invalid (the mailbox
// cannot have that special use).
Result<void> setMetadataValue(WriteTxn &txn,
                              const MailboxInfo &owner,
                              const QByteArray &entry,
                              const std::optional<QByteArray> &value);

} // namespace Postnook
