#pragma once

#include "storage/executor/poolexecutor.h"
#include "storage/sqlite/mailreader.h"
#include "storage/sqlite/removedmessages.h"

namespace Postnook::Sqlite
{

// The reading half of a transaction, for ReadTxn and WriteTxn alike.
template <typename Base>
class ReadOperations : public Base
{
public:
    explicit ReadOperations(MailReader &reader)
        : m_reader(reader)
    {
    }

    MailReader &reader() { return m_reader; }

    Result<QList<ListedMailbox>> mailboxes() override { return m_reader.mailboxes(); }
    Result<MailboxInfo> mailbox(const MailboxName &name) override { return m_reader.mailbox(name); }
    Result<MailboxInfo> mailbox(MailboxId id) override { return m_reader.mailbox(id); }
    Result<QList<MailboxName>> subscriptions() override { return m_reader.subscriptions(); }
    Result<QByteArrayList> keywords(MailboxId mailbox) override
    {
        return m_reader.keywords(mailbox);
    }
    Result<QList<Uid>> uids(MailboxId mailbox) override { return m_reader.uids(mailbox); }
    Result<std::optional<Uid>> firstUnseen(MailboxId mailbox) override
    {
        return m_reader.firstUnseen(mailbox);
    }
    Result<void> forEachMessage(MailboxId mailbox,
                                const UidRanges &uids,
                                MessageColumns columns,
                                bool includeExpunged,
                                const std::function<bool(const MessageRow &)> &visit) override
    {
        return m_reader.forEachMessage(mailbox, uids, columns, includeExpunged, visit);
    }
    Result<QList<Uid>>
    uidsWithFlags(MailboxId mailbox, SystemFlags mask, SystemFlags wanted) override
    {
        return m_reader.uidsWithFlags(mailbox, mask, wanted);
    }
    Result<QList<Uid>>
    uidsWithKeyword(MailboxId mailbox, const QByteArray &keyword, bool wanted) override
    {
        return m_reader.uidsWithKeyword(mailbox, keyword, wanted);
    }
    Result<QList<Uid>>
    uidsOfText(MailboxId mailbox, const QByteArray &sha256Start, const InternalDate &date) override
    {
        return m_reader.uidsOfText(mailbox, sha256Start, date);
    }
    Result<QList<Uid>> uidsInThread(MailboxId mailbox, ThreadId thread) override
    {
        return m_reader.uidsInThread(mailbox, thread);
    }
    Result<std::unique_ptr<ContentReader>> content(ContentId id) override
    {
        return m_reader.content(id);
    }
    Result<std::unique_ptr<ContentReader>> contentOf(const MessageRow &row) override
    {
        return m_reader.contentOf(row);
    }
    Result<QList<ContentId>>
    contentsDescribedBefore(quint16 scannerVersion, ContentId after, int limit) override
    {
        return m_reader.contentsDescribedBefore(scannerVersion, after, limit);
    }
    Result<ChangeSet> changesSince(MailboxId mailbox, ModSeq since) override
    {
        return m_reader.changesSince(mailbox, since);
    }
    Result<QList<RemovedMessage>> removedMessages(const RemovedQuery &query) override
    {
        return readRemovedMessages(m_reader, query);
    }
    Result<QStringList> faults() override { return m_reader.faults(); }
    Result<QList<StoredContent>> contents(ContentId after, int limit) override
    {
        return m_reader.contents(after, limit);
    }
    Result<QList<MessagePlace>> placesOf(ContentId id) override { return m_reader.placesOf(id); }
    Result<IndexedContents> contentsWithText(const QByteArray &part) override
    {
        return m_reader.contentsWithText(part);
    }
    Result<bool> verifySearchIndex() override { return m_reader.verifySearchIndex(); }
    Result<std::optional<QByteArray>> searchText(ContentId id, TextPart part) override
    {
        return m_reader.searchText(id, part);
    }
    Result<SearchIndexState> searchIndexState() override { return m_reader.searchIndexState(); }
    Result<std::optional<QByteArray>> keptKeys(MailboxId mailbox, int number) override
    {
        return m_reader.keptKeys(mailbox, number);
    }
    void keepKeys(MailboxId mailbox, int number, const QByteArray &keys) override
    {
        m_reader.keepKeys(mailbox, number, keys);
    }
    Result<QList<Uid>>
    uidsOfContents(MailboxId mailbox, const QList<ContentId> &contents, ContentId above) override
    {
        return m_reader.uidsOfContents(mailbox, contents, above);
    }
    Result<QByteArrayList> knownImportKeys(const QByteArrayList &keys) override
    {
        return m_reader.knownImportKeys(keys);
    }
    Result<QList<MetadataEntry>> metadataEntries(MailboxId owner) override
    {
        return m_reader.metadataEntries(owner);
    }
    Result<std::optional<QByteArray>> metadata(MailboxId owner, const QByteArray &entry) override
    {
        return m_reader.metadata(owner, entry);
    }
    void letOthersRun() override { PoolExecutor::letOthersRun(); }
    bool isCancelled() const override { return m_reader.database().isCancelled(); }

protected:
    MailReader &m_reader;
};

using SqliteReadTxn = ReadOperations<ReadTxn>;

} // namespace Postnook::Sqlite
