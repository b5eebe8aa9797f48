#pragma once

#include "storage/sqlite/mailboxwriter.h"
#include "storage/sqlite/messagewriter.h"
#include "storage/sqlite/metadatawriter.h"
#include "storage/sqlite/sqlitereadtxn.h"

namespace Postnook::Sqlite
{

// One write job inside its savepoint. Rows of mailboxes and blocks are written back before they are
// read.
class SqliteWriteTxn : public ReadOperations<WriteTxn>
{
public:
    SqliteWriteTxn(MailReader &reader, ContentStore &contents, qint64 nowUtc);

    // To be called at the end of the job.
    Result<void> flush() { return m_context.mailboxes.flush(); }
    WriteContext &context() { return m_context; }

    Result<QList<ListedMailbox>> mailboxes() override;
    Result<MailboxInfo> mailbox(const MailboxName &name) override;
    Result<MailboxInfo> mailbox(MailboxId id) override;
    Result<QList<Uid>> uids(MailboxId mailbox) override;
    Result<std::optional<Uid>> firstUnseen(MailboxId mailbox) override;
    Result<QList<Uid>>
    uidsWithFlags(MailboxId mailbox, SystemFlags mask, SystemFlags wanted) override;
    Result<ChangeSet> changesSince(MailboxId mailbox, ModSeq since) override;

    Result<MailboxInfo> createMailbox(const MailboxName &name, SpecialUse use) override;
    Result<void> deleteMailbox(const MailboxName &name) override;
    Result<void> renameMailbox(const MailboxName &from, const MailboxName &to) override;
    Result<void> setSubscribed(const MailboxName &name, bool subscribed) override;
    Result<void> setRecentFloor(MailboxId mailbox, Uid floor) override;
    Result<void> setSpecialUse(MailboxId mailbox, SpecialUse use) override;
    Result<void> setMetadata(MailboxId owner,
                             const QByteArray &entry,
                             const std::optional<QByteArray> &value) override;

    Result<AppendResult> append(MailboxId mailbox, const NewMessage &message) override;
    Result<StoreResult> storeFlags(MailboxId mailbox,
                                   const UidRanges &uids,
                                   FlagChange change,
                                   const MessageFlags &flags,
                                   std::optional<ModSeq> unchangedSince) override;
    Result<void> describe(ContentId content, const MessageMeta &meta) override;
    Result<CopyResult> copy(MailboxId from, const UidRanges &uids, MailboxId to) override;
    Result<CopyResult> move(MailboxId from, const UidRanges &uids, MailboxId to) override;
    Result<QList<Uid>> expunge(MailboxId mailbox, const UidRanges &uids) override;
    Result<CopyResult> bringBack(MailboxId from, const UidRanges &uids, MailboxId to) override;

private:
    WriteContext m_context;
    MessageWriter m_messages;
    MetadataWriter m_metadata;
    MailboxWriter m_mailboxes;
};

} // namespace Postnook::Sqlite
