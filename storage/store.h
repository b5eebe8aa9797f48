#pragma once

#include "storage/future.h"
#include "storage/result.h"
#include "storage/types.h"

#include <QObject>
#include <QPromise>

#include <atomic>
#include <functional>
#include <limits>
#include <memory>
#include <optional>

// The seam between the IMAP engine and the mail on disk: about 40 mail operations, one contract.
// tests/storage runs the contract as a suite that any engine must pass.
//
// 1. A ReadTxn sees one moment of an account. WriteTxns of an account are serial.
// 2. UIDs and MODSEQs are given inside the WriteTxn and only grow. All changes that one write job
//    makes to one mailbox share one new MODSEQ, so (mailbox, MODSEQ) names the job that made them.
//    UIDVALIDITY comes from a stored counter, larger than any used before whatever the clock says.
// 3. When the future of a write reports success, the change survives power loss. Nobody sees a
//    change earlier.
// 4. Writes that queued while the last commit ran become the next transaction (at most 128 jobs or
//    8 MiB), one savepoint each, one sync for all. A job that returns an Error is rolled back
//    alone. A job may be run again when the group has to be repeated: closures must be repeatable.
// 5. changesSince() is complete above the mailbox's historyFloor.
// 6. Message bytes come back exactly as they came.
namespace Postnook
{

// Raised by the owner of a job (a session that ends); looked at between rows by long reads.
using CancelToken = std::shared_ptr<std::atomic<bool>>;

enum class JobClass {
    Write, // one lane per account
    Interactive, // reads a person waits for
    Hashing, // PBKDF2; at most half of the threads, at least one
    Background, // one at a time, only when nothing else waits, in slices
};

// Which columns forEachMessage() has to fill; uid, modSeq, flags and content always are.
enum class MessageColumn : quint16 {
    Dates = 0x01, // internalDate, saveDate
    Size = 0x02, // sizeBytes, headerSize
    Envelope = 0x04,
    Structure = 0x08, // bodyStructure
    Parts = 0x10,
    Preview = 0x20,
    SortKeys = 0x40, // baseSubject, isReply, sentDate
    ThreadKeys = 0x80, // messageId, references
    ObjectIds = 0x100, // sha256, thread
};
Q_DECLARE_FLAGS(MessageColumns, MessageColumn)
Q_DECLARE_OPERATORS_FOR_FLAGS(MessageColumns)

struct MessageRow {
    Uid uid;
    ModSeq modSeq;
    MessageFlags flags;
    bool expunged = false; // the row is kept for sessions not yet told, and for undelete
    InternalDate internalDate;
    qint64 saveDateUtc = 0; // seconds since 1970 UTC when it came into this mailbox (RFC 8514)
    ContentId content;
    quint64 sizeBytes = 0;
    QByteArray sha256; // of the text, 32 bytes
    std::optional<ThreadId> thread; // of the text; none below FirstScannerWithThreadKeys
    // scannerVersion with any of them, headerSize with Size; the others as asked.
    MessageMeta meta;
};

// One message text, readable by offset in bounded memory. Belongs to the ReadTxn that gave it.
class ContentReader
{
public:
    virtual ~ContentReader() = default;
    virtual quint64 sizeBytes() const = 0;
    // Up to `maxBytes` from `offset`; shorter only at the end of the message. Corrupt when the
    // stored bytes are shorter than the row says.
    virtual Result<QByteArray> read(quint64 offset, qsizetype maxBytes) = 0;
};

// The bytes of a message on their way in: in memory up to 64 KiB, in a file of their own beyond.
// Dropped without trace when the last copy goes and no commit took it. A value: copies share.
class StagedContent
{
public:
    struct Data; // the engine's
    StagedContent() = default;
    explicit StagedContent(std::shared_ptr<Data> data, quint64 size, QByteArray sha256)
        : m_data(std::move(data))
        , m_sizeBytes(size)
        , m_sha256(std::move(sha256))
    {
    }
    bool isNull() const { return m_data == nullptr; }
    quint64 sizeBytes() const { return m_sizeBytes; }
    const QByteArray &sha256() const { return m_sha256; } // 32 bytes
    const std::shared_ptr<Data> &data() const { return m_data; }

private:
    std::shared_ptr<Data> m_data;
    quint64 m_sizeBytes = 0;
    QByteArray m_sha256;
};

// Takes the bytes of one message chunk by chunk, hashes them (libcrypto), spills to a file above
// 64 KiB. Used by one job at a time, on pool threads.
class ContentWriter
{
public:
    virtual ~ContentWriter() = default;
    virtual Result<void> write(QByteArrayView chunk) = 0; // OverQuota, Unavailable
    // Syncs the file and its folder, if there is one. Call once.
    virtual Result<StagedContent> finish() = 0;
    // The bytes of what finish() gave; the reader keeps them alive.
    virtual Result<std::unique_ptr<ContentReader>> readBack(const StagedContent &finished) = 0;
};

struct NewMessage {
    StagedContent content;
    MessageMeta meta;
    MessageFlags flags;
    InternalDate internalDate;
    // 32 bytes that name where the message was imported from; empty: nowhere. No key is stored
    // twice in an account, whatever becomes of its message.
    QByteArray importKey = {};
};

struct AppendResult {
    UidValidity uidValidity;
    Uid uid;
    bool isKnown = false; // the import key came before: nothing was stored, and uid is 0
};

struct CopyResult {
    UidValidity uidValidity; // of the destination
    QList<std::pair<Uid, Uid>> uids; // (source, destination), ascending in both
};

enum class FlagChange { Replace, Add, Remove };

struct StoreResult {
    ModSeq modSeq; // of the messages that changed; the mailbox's highest if none did
    QList<Uid> unchangedSince; // ascending; failed the UNCHANGEDSINCE test and were left alone
};

struct ChangedMessage {
    Uid uid;
    ModSeq modSeq;
    MessageFlags flags;
};

struct ExpungedMessage {
    Uid uid;
    ModSeq modSeq;
};

// Everything that happened to a mailbox above a MODSEQ, as of one moment.
struct ChangeSet {
    MailboxInfo mailbox; // state at that moment; highestModSeq is the set's upper end
    QByteArrayList keywords; // that the mailbox has seen, in order of arrival, but for freed ones
    QList<ChangedMessage> changed; // new and changed messages that exist, ascending by UID
    QList<ExpungedMessage> expunged; // ascending by UID
    bool complete = true; // false: asked below historyFloor, expunges may be missing
};

struct ListedMailbox {
    MailboxInfo info;
    bool subscribed = false;
};

// Metadata (RFC 5464) belongs to a mailbox or to the account as a whole, which its clients see as
// the server: that one goes by a number that no mailbox has.
constexpr auto ServerMetadata = MailboxId(0);
constexpr quint64 MaxMetadataValueBytes = 65'536; // clients keep a colour or a comment in one
constexpr int MaxMetadataEntries = 1000; // of one mailbox or of the server
constexpr quint64 MaxMetadataBytes = 16'777'216; // names and values of an account
// Stands for MailboxInfo::specialUse (RFC 6154 4); no value is stored under it.
constexpr QByteArrayView SpecialUseEntry = "/private/specialuse";

struct MetadataEntry {
    QByteArray name; // in the spelling that it was first set with
    quint64 sizeBytes = 0; // of the value

    friend bool operator==(const MetadataEntry &, const MetadataEntry &) = default;
};

// Which contents may hold what is searched for, as far as the search index knows.
struct IndexedContents {
    ContentId upTo; // of those above it nothing is known
    QList<ContentId> found; // ascending; no other content up to `upTo` holds it
};

// What is searched of a message, in two parts that are kept apart, so that a search that looks at
// heads alone reads no bodies. Opaque to storage: UTF-8 without NUL; nothing is found across them.
enum class TextPart { Head, Body };
constexpr int TextParts = 2;
struct IndexText {
    QByteArray head;
    QByteArray body;

    const QByteArray &part(TextPart part) const { return part == TextPart::Head ? head : body; }
    friend bool operator==(const IndexText &, const IndexText &) = default;
};

// How far the search index has come and what it costs. All 0 where none is kept.
struct SearchIndexState {
    qint64 contents = 0; // with their text in the index
    qint64 waiting = 0; // contents that are not indexed yet
    qint64 textBytes = 0; // decoded
    qint64 storedTextBytes = 0; // the same on disk
    qint64 indexBytes = 0; // on disk, beside the texts

    friend bool operator==(const SearchIndexState &, const SearchIndexState &) = default;
};

// A text as it is stored, with what was found in it.
struct StoredContent {
    ContentId id;
    QByteArray sha256; // 32 octets
    quint64 sizeBytes = 0;
    MessageMeta meta;
};

struct MessagePlace {
    MailboxName mailbox;
    Uid uid;
};

// A message that was expunged, by itself or with its mailbox, and that can be brought back.
struct RemovedMessage {
    qint64 removedAtUtc = 0; // seconds since 1970 UTC
    MailboxId mailbox; // that it was in, as are the next four
    MailboxName mailboxName; // as it is called now; as it was called, when that is deleted
    bool isMailboxDeleted = false;
    SpecialUse mailboxUse = SpecialUse::None;
    Uid uid;
    MessageFlags flags;
    InternalDate internalDate;
    qint64 saveDateUtc = 0;
    ContentId content;
    quint64 sizeBytes = 0;
    QByteArray envelope; // MessageMeta::envelope
    // The same text exists as another message; or the query gives another one with it, which was
    // in its mailbox already when this one was removed: who moves by copying leaves such behind.
    bool hasCopy = false;
};

// Which removed messages are asked for.
struct RemovedQuery {
    // Behind the one removed then, of that mailbox and UID; by default from the newest on.
    qint64 afterRemovedAtUtc = std::numeric_limits<qint64>::max();
    MailboxId afterMailbox = {};
    Uid afterUid = {};
    qint64 sinceUtc = std::numeric_limits<qint64>::min(); // removed then or later
    std::optional<MailboxName> mailbox = {}; // RemovedMessage::mailboxName
    int limit = 0;
};

class ReadTxn
{
public:
    virtual ~ReadTxn() = default;

    // All mailboxes, ascending by name bytes.
    virtual Result<QList<ListedMailbox>> mailboxes() = 0;
    virtual Result<MailboxInfo> mailbox(const MailboxName &name) = 0; // NotFound
    virtual Result<MailboxInfo> mailbox(MailboxId id) = 0; // NotFound
    // Names, ascending; may name mailboxes that do not exist (RFC 9051 6.3.7).
    virtual Result<QList<MailboxName>> subscriptions() = 0;
    virtual Result<QByteArrayList> keywords(MailboxId mailbox) = 0; // in order of arrival

    virtual Result<QList<Uid>> uids(MailboxId mailbox) = 0; // ascending
    // The first message without \Seen, if there is one.
    virtual Result<std::optional<Uid>> firstUnseen(MailboxId mailbox) = 0;
    // Calls visit for each message in the ranges, ascending by UID, until it returns false.
    // With includeExpunged also for messages that are gone but kept.
    virtual Result<void> forEachMessage(MailboxId mailbox,
                                        const UidRanges &uids,
                                        MessageColumns columns,
                                        bool includeExpunged,
                                        const std::function<bool(const MessageRow &)> &visit) = 0;
    // Both: ascending, also messages that are gone but kept. Where those are wanted that are few as
    // a rule (not \Seen, other flags, keywords), without going through the mailbox. Those whose
    // flags are just `wanted` as far as `mask` goes.
    virtual Result<QList<Uid>>
    uidsWithFlags(MailboxId mailbox, SystemFlags mask, SystemFlags wanted) = 0;
    // Those that have the keyword, in any case of its letters, or have it not.
    virtual Result<QList<Uid>>
    uidsWithKeyword(MailboxId mailbox, const QByteArray &keyword, bool wanted) = 0;
    // Both: ascending, also messages that are gone but kept. Fast in a mailbox of any size.
    // Those with this internal date whose text has a SHA-256 that begins so.
    virtual Result<QList<Uid>>
    uidsOfText(MailboxId mailbox, const QByteArray &sha256Start, const InternalDate &date) = 0;
    virtual Result<QList<Uid>> uidsInThread(MailboxId mailbox, ThreadId thread) = 0;
    virtual Result<std::unique_ptr<ContentReader>> content(ContentId id) = 0; // NotFound, Corrupt
    // The same for a message. Where its row says the size, faster.
    virtual Result<std::unique_ptr<ContentReader>> contentOf(const MessageRow &row)
    {
        return content(row.content);
    }
    // Up to `limit` texts that a scanner older than this version has described, ascending, from
    // behind `after`.
    virtual Result<QList<ContentId>>
    contentsDescribedBefore(quint16 scannerVersion, ContentId after, int limit) = 0;
    virtual Result<ChangeSet> changesSince(MailboxId mailbox, ModSeq since) = 0; // NotFound
    // Messages that were expunged and are kept whole, the newest removal first. Not those that were
    // moved away or brought back: they live on under another UID.
    virtual Result<QList<RemovedMessage>> removedMessages(const RemovedQuery &query) = 0;

    // For checks. What is wrong in the store itself, in words for people; empty: nothing. Reads all
    // of it but the texts.
    virtual Result<QStringList> faults() = 0;
    // All texts, ascending, up to `limit` from behind `after`.
    virtual Result<QList<StoredContent>> contents(ContentId after, int limit) = 0;
    // Where messages with this text are.
    virtual Result<QList<MessagePlace>> placesOf(ContentId id) = 0;

    // The search index, which may be behind the mail. Where it is off or cannot be read, it knows
    // of nothing: that is no error, and it is made anew by itself. Contents whose text has this in
    // it; `part` is UTF-8 as the texts are, and of fewer than three characters nothing is known.
    virtual Result<IndexedContents> contentsWithText(const QByteArray &part) = 0;
    // As StorageOptions::searchTexts made it; nullopt: it is not in the index.
    virtual Result<std::optional<QByteArray>> searchText(ContentId id, TextPart part) = 0;
    virtual Result<SearchIndexState> searchIndexState() = 0;
    // For checks: whether it knows each text by all that is in it. False: it is made anew. Reads
    // all of it.
    virtual Result<bool> verifySearchIndex() = 0;
    // What was made of the messages of a mailbox and is wanted back after a restart, opaque and by
    // a number. Kept beside the search index: nullopt where that is off or made anew, or where
    // keepKeys() was not called, or not written yet.
    virtual Result<std::optional<QByteArray>> keptKeys(MailboxId mailbox, int number) = 0;
    // Written some time after, if at all.
    virtual void keepKeys(MailboxId mailbox, int number, const QByteArray &keys) = 0;
    // Messages of the mailbox with one of these contents (ascending) or one above `above`:
    // ascending, also messages that are gone but kept.
    virtual Result<QList<Uid>>
    uidsOfContents(MailboxId mailbox, const QList<ContentId> &contents, ContentId above) = 0;
    // Those of the keys that a message came with, in the order given: also when that message has
    // been moved, expunged or forgotten since.
    virtual Result<QByteArrayList> knownImportKeys(const QByteArrayList &keys) = 0;

    // Entries are named without regard to ASCII case. Ascending so; none of a mailbox that is gone.
    virtual Result<QList<MetadataEntry>> metadataEntries(MailboxId owner) = 0;
    // The value, any bytes; nullopt: there is no such entry.
    virtual Result<std::optional<QByteArray>> metadata(MailboxId owner,
                                                       const QByteArray &entry) = 0;

    // True once the job's CancelToken was raised.
    virtual bool isCancelled() const = 0;
    // For long jobs, several times in a millisecond: other jobs get their share of the processors.
    // The moment that this transaction sees stays.
    virtual void letOthersRun() = 0;
};

class WriteTxn : public ReadTxn
{
public:
    // The mailbox is subscribed by its own call only. Parents are made as needed.
    // AlreadyExists, Limit.
    virtual Result<MailboxInfo> createMailbox(const MailboxName &name, SpecialUse use) = 0;
    // Its messages become expunged rows and stay for undelete, its metadata is gone. Children stay.
    // NotFound.
    virtual Result<void> deleteMailbox(const MailboxName &name) = 0;
    // Children move along; missing parents of the new name are made. Renaming INBOX moves its
    // messages into the new mailbox and leaves INBOX empty, children of INBOX stay (RFC 9051
    // 6.3.6). Metadata goes along; INBOX keeps a copy of its own (RFC 5464 4.1). NotFound,
    // AlreadyExists, Limit.
    virtual Result<void> renameMailbox(const MailboxName &from, const MailboxName &to) = 0;
    // Limit.
    virtual Result<void> setSubscribed(const MailboxName &name, bool subscribed) = 0;
    // Raises the mailbox's recentFloor to `floor`; never lowers it. Gives no MODSEQ.
    virtual Result<void> setRecentFloor(MailboxId mailbox, Uid floor) = 0;
    // A use other than None is taken from the mailbox that has it. Gives no MODSEQ; told as a
    // change of SpecialUseEntry.
    virtual Result<void> setSpecialUse(MailboxId mailbox, SpecialUse use) = 0;
    // nullopt removes the entry. Gives no MODSEQ: those number changes of messages (RFC 7162 3).
    // NotFound, TooBig; Limit when the owner has too many entries or the account too many bytes.
    virtual Result<void> setMetadata(MailboxId owner,
                                     const QByteArray &entry,
                                     const std::optional<QByteArray> &value) = 0;

    // A message whose import key is known is not stored again, which is no error. A text that is
    // new joins the thread of its Message-ID, else that of the nearest reference that has one,
    // else, as a reply without references, the newest of its base subject; else it begins one. A
    // thread of a text never changes (RFC 8474 5.2).
    virtual Result<AppendResult> append(MailboxId mailbox, const NewMessage &message) = 0;
    // Messages that do not exist are passed over. A message whose flags do not change keeps its
    // MODSEQ. With unchangedSince, messages with a higher MODSEQ are left alone and reported.
    // Limit when the mailbox would have more than 500 keywords; before, those go that no message
    // has, not even one that is gone but kept.
    virtual Result<StoreResult> storeFlags(MailboxId mailbox,
                                           const UidRanges &uids,
                                           FlagChange change,
                                           const MessageFlags &flags,
                                           std::optional<ModSeq> unchangedSince) = 0;
    // What a newer scanner found in a text; what an older one did changes nothing. A text that is
    // gone is passed over. Gives no MODSEQ: what a message says is the same. A text that has no
    // thread may get one, as with append().
    virtual Result<void> describe(ContentId content, const MessageMeta &meta) = 0;
    // Flags, keywords and dates go along (RFC 9051 6.4.7). Copying into the same mailbox is fine.
    virtual Result<CopyResult> copy(MailboxId from, const UidRanges &uids, MailboxId to) = 0;
    virtual Result<CopyResult> move(MailboxId from, const UidRanges &uids, MailboxId to) = 0;
    // Expunges those of the messages that have \Deleted; which ones, ascending.
    virtual Result<QList<Uid>> expunge(MailboxId mailbox, const UidRanges &uids) = 0;
    // Makes removed messages of a mailbox, which may be deleted, anew in `to`: the same text, flags
    // (without \Deleted), keywords and internal date under a new UID. They are offered no longer.
    // UIDs of no removed message are passed over.
    virtual Result<CopyResult> bringBack(MailboxId from, const UidRanges &uids, MailboxId to) = 0;
};

// The metadata entries of one owner that a job has set, changed or removed.
struct MetadataChange {
    MailboxName mailbox; // as it was called then; empty: of the server
    QByteArrayList entries; // each once
    quint64 origin = 0; // as in WriteOptions; 0: no client has named these
};

// What a job did to a mailbox, as far as others are told by NOTIFY (RFC 5465 5).
enum class MailboxChange : quint8 {
    MessagesAdded = 0x01,
    MessagesExpunged = 0x02,
    FlagsChanged = 0x04,
    SeenChanged = 0x08, // some message has got or lost \Seen; comes with FlagsChanged
    Named = 0x10, // it has a name now that was not its own before
};
Q_DECLARE_FLAGS(MailboxChanges, MailboxChange)
Q_DECLARE_OPERATORS_FOR_FLAGS(MailboxChanges)

// What a job did to a name. A mailbox that is renamed takes its children along without a word.
struct NameEvent {
    enum class Kind { Created, Deleted, Renamed, Subscribed, Unsubscribed };

    Kind kind = Kind::Created;
    MailboxName name;
    MailboxName oldName = {}; // of Renamed

    friend bool operator==(const NameEvent &, const NameEvent &) = default;
};

// Tells, after the commit and before the futures of its writes resolve, which mailboxes changed.
struct CommitNotice {
    MailboxId mailbox; // 0: there is nothing but `names`, of subscriptions
    ModSeq modSeq;
    quint64 origin = 0; // WriteOptions::origin of the job that made this MODSEQ; 0: another one did
    quint64 writer = 0; // WriteOptions::origin of the job itself
    MailboxChanges changes = {};
    QList<NameEvent> names = {}; // in the order in which they happened
    MetadataChange metadata = {}; // of `mailbox`, which may be ServerMetadata; no entries: none
};

struct ReadOptions {
    JobClass jobClass = JobClass::Interactive;
    CancelToken cancel;
};

struct WriteOptions {
    quint64 origin = 0; // who asks (a session's number), handed on in CommitNotice
    quint64 costBytes = 0; // about how much it writes; bounds a commit group
};

// How far the files of an account have been made smaller.
struct Compaction {
    bool isDone = false;
    qint64 sizeBytes = -1; // of all its files; told before the first slice and when it is done
};

// One account's mail. Lives in the main thread; its futures finish there, in the order in which
// the jobs were committed, so that continuations run in the main thread too.
class MailStore : public QObject
{
    Q_OBJECT

public:
    using ReadFunction = std::function<void(ReadTxn &)>;
    // Returns the error that has to roll the job back, or nothing.
    using WriteFunction = std::function<std::optional<Error>(WriteTxn &)>;
    // Runs in the main thread, exactly once. An error: the job did not happen.
    using DoneFunction = std::function<void(const std::optional<Error> &)>;

    using QObject::QObject;

    // Runs fn(ReadTxn &) -> Result<T> on a pool thread. Error Cancelled when the token was raised
    // before it began.
    template <typename F>
    auto read(F fn, const ReadOptions &options = {}) -> Future<std::invoke_result_t<F &, ReadTxn &>>
    {
        using R = std::invoke_result_t<F &, ReadTxn &>;
        auto state = std::make_shared<Pending<R>>();
        state->promise.start();
        startRead(
            [state, fn = std::move(fn)](ReadTxn &txn) mutable { state->result.emplace(fn(txn)); },
            [state](const std::optional<Error> &error) { state->finish(error); },
            options);
        return state->promise.future();
    }

    // Runs fn(WriteTxn &) -> Result<T> on a pool thread, inside a savepoint of the next commit.
    template <typename F>
    auto write(F fn, WriteOptions options = {}) -> Future<std::invoke_result_t<F &, WriteTxn &>>
    {
        using R = std::invoke_result_t<F &, WriteTxn &>;
        auto state = std::make_shared<Pending<R>>();
        state->promise.start();
        startWrite(
            [state, fn = std::move(fn)](WriteTxn &txn) mutable -> std::optional<Error> {
                state->result.emplace(fn(txn));
                return *state->result ? std::nullopt : std::make_optional(state->result->error());
            },
            [state](const std::optional<Error> &error) { state->finish(error); },
            options);
        return state->promise.future();
    }

    enum class Indexing { GoOn, Afresh };
    // Indexes some more contents in the background, a few hundred KiB of text; how far that came.
    // Also runs by itself when no mail has come for a while. Afresh: what there is is dropped
    // before.
    virtual Future<Result<SearchIndexState>> index(Indexing how) = 0;

    enum class Compacting { Begin, GoOn };
    // Gives some more room that nothing needs any more back to the disk, a few MiB in the
    // background. Begin looks first for what no retention time keeps, as happens every hour.
    virtual Future<Result<Compaction>> compact(Compacting how) = 0;

    // Any thread; cheap. `sizeHint` (0 for unknown) lets a large message go to its file at once.
    virtual std::unique_ptr<ContentWriter> newContent(quint64 sizeHint) = 0;

Q_SIGNALS:
    void committed(const QList<Postnook::CommitNotice> &notices);

protected:
    virtual void startRead(ReadFunction run, DoneFunction done, const ReadOptions &options) = 0;
    virtual void startWrite(WriteFunction run, DoneFunction done, WriteOptions options) = 0;

private:
    template <typename R>
    struct Pending {
        QPromise<R> promise;
        std::optional<R> result;

        void finish(const std::optional<Error> &error)
        {
            promise.addResult(error ? R(*error) : std::move(*result));
            promise.finish();
        }
    };
};

// How the server knows a password: SCRAM-SHA-256 credentials (RFC 5802, RFC 7677), no password.
struct ScramCredentials {
    QByteArray salt;
    int iterations = 0;
    QByteArray storedKey; // 32 bytes
    QByteArray serverKey; // 32 bytes

    friend bool operator==(const ScramCredentials &, const ScramCredentials &) = default;
};

struct AccountRecord {
    AccountId id;
    QString name; // as given when it was added
    ScramCredentials credentials;
    bool removed = false; // no login; its mail is kept for when it is added again
};

// What SEARCH compares with: opaque to storage, kept in the search index of each account.
struct SearchTexts {
    quint32 version = 0; // indexes of another version are made anew
    // Pool threads. Empty: no index is kept. Errors Corrupt and NotFound leave the content out.
    std::function<Result<IndexText>(ContentReader &, const MessageMeta &)> make;
};

// Room on the disk that holds the data folder.
struct DiskSpace {
    qint64 availableBytes = 0;
    qint64 totalBytes = 0; // 0: the system does not say
};

enum class DiskState {
    Enough,
    Low,
    Full, // what adds mail is refused (OverQuota), all else works
};

// Retention and space; a change takes effect at the next cleaning.
struct StorageOptions {
    int workers = 0; // threads of the pool; 0: number of CPUs
    qint64 undeleteRetentionSeconds = 2'592'000; // 30 days: whole expunged messages
    qint64 syncHistorySeconds = 31'536'000; // bare UID and MODSEQ of expunged messages
    qint64 lowDiskBytes = 0; // with less left, or a twentieth of a small disk, it is Low
    qint64 diskReserveBytes = 0; // kept for what has to work on a full disk
    std::function<qint64()> nowUtc; // seconds since 1970; empty: the system clock
    std::function<quint64()> random64; // file names; empty: the system's generator
    SearchTexts searchTexts;
};

// What a repair has done.
struct RepairReport {
    QString keptAs; // the damaged database, which stays
    qint64 messages = 0; // that are there now, those recovered aside
    qint64 lostMessages = 0; // rows that could be read, with nothing left to show of them
    qint64 lostTexts = 0;
    qint64 changedTexts = 0; // whose bytes are not those that came; kept as they are
    qint64 recovered = 0; // texts whose messages are lost, in a mailbox of their own
    int newMailboxes = 0; // for them, and for mailboxes whose name was lost
    int gaps = 0; // places where messages could not be read
    QStringList notes; // what else, in words for people
};

class Backups;

// Everything in one data folder. Lives in the main thread. The caller holds the folder's lock.
class Storage : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    // Opens or creates the folder's server database (blocking: call before the event loop runs).
    // An error names the file and what to do, in words for people.
    static Result<std::unique_ptr<Storage>> open(const QString &dataDir, StorageOptions options);

    // Accounts. Names are compared without regard to case (Unicode case folding, NFC).
    virtual Future<Result<QList<AccountRecord>>> accounts() = 0; // by name
    virtual Future<Result<AccountRecord>> account(const QString &name) = 0; // NotFound
    // Adds, or takes up a removed account again with its mail. AlreadyExists.
    virtual Future<Result<AccountRecord>> addAccount(const QString &name,
                                                     const ScramCredentials &credentials) = 0;
    virtual Future<Result<AccountRecord>> setCredentials(const QString &name,
                                                         const ScramCredentials &credentials) = 0;
    // purge: deletes the mail for good, after every job of the account has ended.
    virtual Future<Result<AccountRecord>> removeAccount(const QString &name, bool purge) = 0;
    // 32 random bytes made once per data folder; for the fake salts of unknown users.
    virtual QByteArray serverSecret() const = 0;

    // The account's mail, opened (created, migrated) when first asked for. A fresh one has INBOX
    // and the five usual mailboxes, subscribed. The store stays open as long as somebody holds it.
    virtual Future<Result<std::shared_ptr<MailStore>>> mailStore(AccountId id) = 0;

    // Makes a new mail database of what can be read of the account's, once all its jobs have ended;
    // whoever holds the store finds it closed. The damaged one is kept.
    virtual Future<Result<RepairReport>> repair(AccountId id) = 0;

    // Goes by the retention times and lowDiskBytes of `options` from now on; the other options hold
    // until it is closed.
    virtual void setLiveOptions(const StorageOptions &options) = 0;

    // Its part that deals with whole accounts in backup folders (storage/backup.h).
    virtual Backups &backups() = 0;

    // Runs work that is no transaction (hashing, scanning) in the same pool.
    template <typename F>
    auto run(JobClass jobClass, F fn) -> Future<std::invoke_result_t<F &>>
    {
        using R = std::invoke_result_t<F &>;
        const Promised<R> finish;
        auto result = std::make_shared<std::optional<R>>();
        startJob(
            jobClass,
            [result, fn = std::move(fn)]() mutable { result->emplace(fn()); },
            [finish, result] { finish(std::move(**result)); });
        return finish.future();
    }

    // Lets queued writes finish, checkpoints, closes. Blocks; call when no session is left.
    virtual void close() = 0;

Q_SIGNALS:
    void diskStateChanged(Postnook::DiskState state); // it is Enough until told otherwise

protected:
    virtual void
    startJob(JobClass jobClass, std::function<void()> run, std::function<void()> done) = 0;
};

} // namespace Postnook
