#pragma once

#include "storage/sqlite/changedmailboxes.h"
#include "storage/sqlite/contentstore.h"

#include <vector>

namespace Postnook::Sqlite
{

// What one write job works with.
struct WriteContext {
    WriteContext(MailReader &mailReader, ContentStore &contentStore, qint64 now)
        : database(mailReader.database())
        , reader(mailReader)
        , contents(contentStore)
        , nowUtc(now)
        , mailboxes(mailReader)
        , keywords(database)
    {
    }

    Database &database;
    MailReader &reader;
    ContentStore &contents;
    qint64 nowUtc;
    ChangedMailboxes mailboxes;
    MailboxKeywords keywords;
    std::vector<std::shared_ptr<StagedContent::Data>> takenFiles; // rows name them now
};

// The operations of WriteTxn that bring messages into a mailbox and out of it.
class MessageWriter
{
public:
    explicit MessageWriter(WriteContext &context)
        : m_context(context)
    {
    }

    Result<AppendResult> append(MailboxId id, const NewMessage &message);
    Result<void> describe(ContentId content, const MessageMeta &meta);
    Result<CopyResult> copy(MailboxId from, const UidRanges &uids, MailboxId to);
    Result<CopyResult> move(MailboxId from, const UidRanges &uids, MailboxId to);
    Result<QList<Uid>> expunge(MailboxId id, const UidRanges &uids);
    Result<CopyResult> bringBack(MailboxId from, const UidRanges &uids, MailboxId to);
    Result<void> removeAll(ChangedMailbox &mailbox);

private:
    enum class Which { All, Deleted, Moved };
    struct Row {
        Uid uid;
        qint64 contentId = 0;
        quint64 sizeBytes = 0;
        qint64 flags = 0;
        qint64 keywordSetId = 0;
        InternalDate internalDate;
    };

    // False when it was there already.
    Result<bool> recordImportKey(const QByteArray &key);
    Result<qint64> contentIdFor(const NewMessage &message);
    Result<qint64> insertContent(const NewMessage &message);
    Result<std::optional<ThreadId>> threadFor(const MessageMeta &meta, const QByteArray &sha256);
    Result<void> giveThread(ContentId content, const MessageMeta &meta);
    Result<void> refreshContent(qint64 id, const NewMessage &message);
    Result<Uid> insertRow(ChangedMailbox &mailbox, const Row &row);
    Result<QList<Row>> rowsToCopy(Sql sql, MailboxId from, UidRange range);
    // Copies the rows that `sql` gives of each range, without the `dropped` flags.
    Result<CopyResult> copyRows(
        Sql sql, MailboxId from, const UidRanges &uids, ChangedMailbox &target, qint64 dropped);
    Result<qint64> translateKeywords(qint64 setId, MailboxId to);
    Result<qint64> timeOfExpunge();
    Result<void>
    removeRange(ChangedMailbox &mailbox, UidRange range, Which which, QList<Uid> *uids);

    WriteContext &m_context;
};

} // namespace Postnook::Sqlite
