#pragma once

#include "storage/sqlite/contentreaders.h"
#include "storage/sqlite/keywords.h"

namespace Postnook::Sqlite
{

class SearchReader;

// A content, as far as its search text is made from it.
struct ContentRow {
    ContentId id;
    QByteArray sha256;
    MessageMeta meta; // headerSize, scannerVersion, parts
};

// What can be asked of an account's database: the operations of ReadTxn, on whatever transaction
// the connection is in. Belongs to a connection.
class MailReader
{
public:
    MailReader(Database &database, ContentStore &contents)
        : m_database(database)
        , m_contents(contents)
        , m_keywordSets(database)
        , m_rowContents(database)
    {
    }

    Result<QList<ListedMailbox>> mailboxes();
    Result<MailboxInfo> mailbox(const MailboxName &name);
    Result<MailboxInfo> mailbox(MailboxId id);
    Result<std::optional<MailboxId>> findMailbox(const MailboxName &name);
    Result<QList<MailboxName>> subscriptions();
    Result<QByteArrayList> keywords(MailboxId mailbox);

    Result<QList<Uid>> uids(MailboxId mailbox);
    Result<std::optional<Uid>> firstUnseen(MailboxId mailbox);
    Result<void> forEachMessage(MailboxId mailbox,
                                const UidRanges &uids,
                                MessageColumns columns,
                                bool includeExpunged,
                                const std::function<bool(const MessageRow &)> &visit);
    Result<QList<Uid>> uidsWithFlags(MailboxId mailbox, SystemFlags mask, SystemFlags wanted);
    Result<QList<Uid>> uidsWithKeyword(MailboxId mailbox, const QByteArray &keyword, bool wanted);
    Result<QList<Uid>>
    uidsOfText(MailboxId mailbox, const QByteArray &sha256Start, const InternalDate &date);
    Result<QList<Uid>> uidsInThread(MailboxId mailbox, ThreadId thread);
    Result<std::unique_ptr<ContentReader>> content(ContentId id);
    Result<std::unique_ptr<ContentReader>> contentOf(const MessageRow &row);
    Result<QList<ContentId>>
    contentsDescribedBefore(quint16 scannerVersion, ContentId after, int limit);
    Result<ChangeSet> changesSince(MailboxId mailbox, ModSeq since);
    Result<QByteArrayList> knownImportKeys(const QByteArrayList &keys);

    Result<QList<MetadataEntry>> metadataEntries(MailboxId owner);
    Result<std::optional<QByteArray>> metadata(MailboxId owner, const QByteArray &entry);

    Result<QStringList> faults();
    Result<QList<StoredContent>> contents(ContentId after, int limit);
    Result<QList<MessagePlace>> placesOf(ContentId id);
    Result<IndexedContents> contentsWithText(const QByteArray &part);
    Result<bool> verifySearchIndex();
    Result<std::optional<QByteArray>> searchText(ContentId id, TextPart part);
    Result<SearchIndexState> searchIndexState();
    Result<std::optional<QByteArray>> keptKeys(MailboxId mailbox, int number);
    void keepKeys(MailboxId mailbox, int number, const QByteArray &keys);
    Result<QList<Uid>>
    uidsOfContents(MailboxId mailbox, const QList<ContentId> &contents, ContentId above);
    // Null where there is no search index.
    void setSearch(SearchReader *search) { m_search = search; }

    // Before the transaction ends.
    void end() { m_rowContents.end(); }

    // For the search index: up to `limit`, ascending; the highest id ever given; nullopt: gone.
    Result<QList<ContentRow>> contentsAbove(ContentId after, int limit);
    Result<ContentId> lastContentId();
    Result<std::optional<QByteArray>> contentSha256(ContentId id);

    // Whether a message is in this content file.
    Result<bool> usesFile(const QString &name);

    Database &database() { return m_database; }
    KeywordSets &keywordSets() { return m_keywordSets; }

private:
    Result<QList<ChangedMessage>> changedMessages(MailboxId mailbox, ModSeq since);
    Result<QList<ExpungedMessage>> expungedMessages(MailboxId mailbox, ModSeq since);

    Database &m_database;
    ContentStore &m_contents;
    KeywordSets m_keywordSets;
    RowContents m_rowContents;
    SearchReader *m_search = nullptr;
};

} // namespace Postnook::Sqlite
