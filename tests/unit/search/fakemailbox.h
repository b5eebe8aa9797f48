#pragma once

#include "core/search/searchevaluator.h"
#include "storage/store.h"

#include <QHash>
#include <QMap>

#include <memory>

namespace Postnook
{

// One mailbox in memory as a ReadTxn, with just what a search asks for. Counts what it is asked,
// fails where it is told to, and fills only the columns that are wanted, so that a forgotten one
// shows.
class FakeMailbox : public ReadTxn
{
public:
    struct Message {
        QByteArray bytes;
        MessageMeta meta;
        MessageFlags flags;
        InternalDate internalDate;
        ThreadId thread;
        bool expunged = false;
        std::optional<ErrorCode> failure; // of opening the content

        Message &flag(SystemFlags system)
        {
            flags.system |= system;
            return *this;
        }
        Message &keyword(const QByteArray &name)
        {
            flags.keywords.append(name);
            return *this;
        }
        Message &received(const char *dateTime);
        Message &inThread(quint64 number)
        {
            thread = ThreadId(number);
            return *this;
        }
        QByteArray emailId() const;
    };

    Message &add(quint32 uid, const QByteArray &bytes);
    Message &at(quint32 uid) { return m_messages[Uid(uid)]; }
    void remove(quint32 uid) { m_messages.remove(Uid(uid)); }
    QList<Uid> allUids() const { return m_messages.keys(); }
    void indexUpTo(quint32 uid) { m_indexedUpTo = Uid(uid); }
    void cancelAtQuestion(int n) { m_cancelAt = n; } // isCancelled() is true from the nth time on

    int rowsVisited = 0;
    int contentsOpened = 0;
    qint64 bytesRead = 0;
    int timesOthersRan = 0;
    QHash<int, QByteArray> keptByNumber; // what keepKeys() was given
    UidValidity uidValidity = UidValidity(1);

    Result<void> forEachMessage(MailboxId mailbox,
                                const UidRanges &uids,
                                MessageColumns columns,
                                bool includeExpunged,
                                const std::function<bool(const MessageRow &)> &visit) override;
    Result<QList<Uid>>
    uidsWithFlags(MailboxId mailbox, SystemFlags mask, SystemFlags wanted) override;
    Result<QList<Uid>>
    uidsWithKeyword(MailboxId mailbox, const QByteArray &keyword, bool wanted) override;
    Result<QList<Uid>>
    uidsOfText(MailboxId mailbox, const QByteArray &sha256Start, const InternalDate &date) override;
    Result<QList<Uid>> uidsInThread(MailboxId mailbox, ThreadId thread) override;
    Result<std::unique_ptr<ContentReader>> content(ContentId id) override;
    Result<IndexedContents> contentsWithText(const QByteArray &part) override;
    Result<std::optional<QByteArray>> searchText(ContentId id, TextPart part) override;
    Result<std::optional<QByteArray>> keptKeys(MailboxId mailbox, int number) override;
    void keepKeys(MailboxId mailbox, int number, const QByteArray &keys) override;
    Result<MailboxInfo> mailbox(MailboxId mailbox) override;
    Result<QList<Uid>>
    uidsOfContents(MailboxId mailbox, const QList<ContentId> &contents, ContentId above) override;
    bool isCancelled() const override;
    void letOthersRun() override { ++timesOthersRan; }

    // What no search asks for.
    Result<QList<ListedMailbox>> mailboxes() override { return unasked(); }
    Result<MailboxInfo> mailbox(const MailboxName &) override { return unasked(); }
    Result<QList<MailboxName>> subscriptions() override { return unasked(); }
    Result<QByteArrayList> keywords(MailboxId) override { return unasked(); }
    Result<QList<Uid>> uids(MailboxId) override { return unasked(); }
    Result<std::optional<Uid>> firstUnseen(MailboxId) override { return unasked(); }
    Result<QList<ContentId>> contentsDescribedBefore(quint16, ContentId, int) override
    {
        return unasked();
    }
    Result<ChangeSet> changesSince(MailboxId, ModSeq) override { return unasked(); }
    Result<QList<RemovedMessage>> removedMessages(const RemovedQuery &) override
    {
        return unasked();
    }
    Result<QStringList> faults() override { return unasked(); }
    Result<QList<StoredContent>> contents(ContentId, int) override { return unasked(); }
    Result<QList<MessagePlace>> placesOf(ContentId) override { return unasked(); }
    Result<QByteArrayList> knownImportKeys(const QByteArrayList &) override { return unasked(); }
    Result<SearchIndexState> searchIndexState() override { return unasked(); }
    Result<bool> verifySearchIndex() override { return unasked(); }
    Result<QList<MetadataEntry>> metadataEntries(MailboxId) override { return unasked(); }
    Result<std::optional<QByteArray>> metadata(MailboxId, const QByteArray &) override
    {
        return unasked();
    }

private:
    template <typename Condition>
    QList<Uid> uidsWhere(Condition condition) const;
    static Error unasked() { return {ErrorCode::Internal, QStringLiteral("not for a search")}; }
    static MessageRow rowOf(Uid uid, const Message &message, MessageColumns columns);

    QMap<Uid, Message> m_messages;
    mutable int m_questions = 0;
    int m_cancelAt = 0;
    Uid m_indexedUpTo;
};

// Runs the criteria as a client would write them: parse, then evaluate.
Result<QList<Uid>>
searchFor(FakeMailbox &mailbox, const QByteArray &criteria, const SearchScope &scope);
// "2 3 7", for comparisons that read well; "error n" for an ErrorCode.
QByteArray toText(const Result<QList<Uid>> &uids);

} // namespace Postnook
