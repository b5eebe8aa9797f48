#include "storage/sqlite/sqlitewritetxn.h"

#include "storage/sqlite/flagwriter.h"

namespace Postnook::Sqlite
{

SqliteWriteTxn::SqliteWriteTxn(MailReader &reader, ContentStore &contents, qint64 nowUtc)
    : ReadOperations<WriteTxn>(reader)
    , m_context(reader, contents, nowUtc)
    , m_messages(m_context)
    , m_metadata(m_context)
    , m_mailboxes(m_context, m_messages, m_metadata)
{
}

Result<QList<ListedMailbox>> SqliteWriteTxn::mailboxes()
{
    return flush().and_then([this] { return m_reader.mailboxes(); });
}

Result<MailboxInfo> SqliteWriteTxn::mailbox(const MailboxName &name)
{
    return flush().and_then([&] { return m_reader.mailbox(name); });
}

Result<MailboxInfo> SqliteWriteTxn::mailbox(MailboxId id)
{
    return flush().and_then([&] { return m_reader.mailbox(id); });
}

Result<QList<Uid>> SqliteWriteTxn::uids(MailboxId mailbox)
{
    return flush().and_then([&] { return m_reader.uids(mailbox); });
}

Result<std::optional<Uid>> SqliteWriteTxn::firstUnseen(MailboxId mailbox)
{
    return flush().and_then([&] { return m_reader.firstUnseen(mailbox); });
}

Result<QList<Uid>>
SqliteWriteTxn::uidsWithFlags(MailboxId mailbox, SystemFlags mask, SystemFlags wanted)
{
    return flush().and_then([&] { return m_reader.uidsWithFlags(mailbox, mask, wanted); });
}

Result<ChangeSet> SqliteWriteTxn::changesSince(MailboxId mailbox, ModSeq since)
{
    return flush().and_then([&] { return m_reader.changesSince(mailbox, since); });
}

Result<MailboxInfo> SqliteWriteTxn::createMailbox(const MailboxName &name, SpecialUse use)
{
    return m_mailboxes.create(name, use);
}

Result<void> SqliteWriteTxn::deleteMailbox(const MailboxName &name)
{
    return m_mailboxes.remove(name);
}

Result<void> SqliteWriteTxn::renameMailbox(const MailboxName &from, const MailboxName &to)
{
    return m_mailboxes.rename(from, to);
}

Result<void> SqliteWriteTxn::setSubscribed(const MailboxName &name, bool subscribed)
{
    return m_mailboxes.setSubscribed(name, subscribed);
}

Result<void> SqliteWriteTxn::setRecentFloor(MailboxId mailbox, Uid floor)
{
    return m_mailboxes.setRecentFloor(mailbox, floor);
}

Result<void> SqliteWriteTxn::setSpecialUse(MailboxId mailbox, SpecialUse use)
{
    return m_mailboxes.setSpecialUse(mailbox, use);
}

Result<void> SqliteWriteTxn::setMetadata(MailboxId owner,
                                         const QByteArray &entry,
                                         const std::optional<QByteArray> &value)
{
    if (value) {
        if (auto allowed = m_context.contents.mayAdd(); !allowed) {
            return allowed;
        }
    }
    return m_metadata.set(owner, entry, value);
}

Result<AppendResult> SqliteWriteTxn::append(MailboxId mailbox, const NewMessage &message)
{
    return m_context.contents.mayAdd().and_then(
        [&] { return m_messages.append(mailbox, message); });
}

Result<StoreResult> SqliteWriteTxn::storeFlags(MailboxId mailbox,
                                               const UidRanges &uids,
                                               FlagChange change,
                                               const MessageFlags &flags,
                                               std::optional<ModSeq> unchangedSince)
{
    return m_context.mailboxes.open(mailbox).and_then([&](ChangedMailbox *opened) {
        return FlagWriter(m_context, *opened, change, flags, unchangedSince).store(uids);
    });
}

Result<void> SqliteWriteTxn::describe(ContentId content, const MessageMeta &meta)
{
    return m_messages.describe(content, meta);
}

Result<CopyResult> SqliteWriteTxn::copy(MailboxId from, const UidRanges &uids, MailboxId to)
{
    return m_context.contents.mayAdd().and_then([&] { return m_messages.copy(from, uids, to); });
}

Result<CopyResult> SqliteWriteTxn::move(MailboxId from, const UidRanges &uids, MailboxId to)
{
    return m_messages.move(from, uids, to);
}

Result<QList<Uid>> SqliteWriteTxn::expunge(MailboxId mailbox, const UidRanges &uids)
{
    return m_messages.expunge(mailbox, uids);
}

Result<CopyResult> SqliteWriteTxn::bringBack(MailboxId from, const UidRanges &uids, MailboxId to)
{
    return m_context.contents.mayAdd().and_then(
        [&] { return m_messages.bringBack(from, uids, to); });
}

} // namespace Postnook::Sqlite
