#pragma once

#include "core/mailbox/mailboxhub.h"
#include "core/session/enabledextensions.h"
#include "core/session/indexspans.h"
#include "core/session/searchcontexts.h"
#include "core/wire/sequenceset.h"
#include "storage/result.h"
#include "storage/types.h"

#include <QMap>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace Postnook
{

// What can be told of a selected mailbox, in the words of NOTIFY (RFC 5465 5).
enum class ViewUpdate : quint8 { New = 1, Expunged = 2, Flags = 4 };
Q_DECLARE_FLAGS(ViewUpdates, ViewUpdate)
Q_DECLARE_OPERATORS_FOR_FLAGS(ViewUpdates)
constexpr ViewUpdates AllViewUpdates =
    ViewUpdates(ViewUpdate::New) | ViewUpdate::Expunged | ViewUpdate::Flags;

// What one client was told of its selected mailbox: the numbering is the client's, and changes only
// when writeUpdates() tells it so. What happened meanwhile waits here, each message once, so that
// the backlog is bounded by the mailbox. Main thread; owned by the Session.
class SelectedView : public MailboxWatcher
{
public:
    // `recent`: without a value nothing ever is (IMAP4rev2). `origin`: the session's number, to
    // know its own changes in the feed. `onChanged` is called when there is something new to tell.
    SelectedView(std::shared_ptr<MailboxHub> hub,
                 const std::optional<UidRanges> &recent,
                 quint64 origin,
                 bool isReadOnly,
                 std::function<void()> onChanged);
    ~SelectedView() override;
    Q_DISABLE_COPY_MOVE(SelectedView)

    MailboxHub &hub() { return *m_hub; }
    MailboxId mailbox() const { return m_hub->mailbox().id; }
    bool isReadOnly() const { return m_isReadOnly; }
    const QList<Uid> &uids() const { return m_uids; } // ascending; index + 1 is the number
    Uid newestUid() const { return m_uids.isEmpty() ? Uid() : m_uids.last(); }
    const UidRanges &recent() const { return m_recent; }
    quint32 recentCount() const;
    void tellNothingRecent();

    // The messages a set names, ascending. By number: Invalid when one is not in the mailbox.
    // "$" (RFC 5182) names the saved result, whichever way.
    Result<QList<IndexSpan>> resolve(const SequenceSet &set, bool byUid) const;
    // The result of SEARCH RETURN (SAVE): ascending UIDs of the view; expunged ones leave it.
    void saveSearchResult(QList<Uid> uids) { m_savedResult = std::move(uids); }
    // What this view is searched in; messages that are not told yet are in it where `isWhole`.
    SearchScope searchScope(qint64 nowUtc, bool isWhole = false) const;
    SearchContexts &contexts() { return m_contexts; }
    // Spans as ranges of UIDs: exact, since no message between two of the view can be unknown to
    // it.
    UidRanges uidRanges(const QList<IndexSpan> &spans) const;

    // Untagged responses for what happened, of the kinds named: the others wait. Expunges only
    // where the client may be told (RFC 9051 7.5.1); then the numbering changes. True when there
    // were any. The searches kept up to date come behind them: writeSearchUpdates().
    bool writeUpdates(QByteArray &out, ViewUpdates kinds, EnabledExtensions enabled);
    // How the results of searches change, as far as their messages have been told.
    void writeSearchUpdates(QByteArray &out, EnabledExtensions enabled);
    // The messages told as new since the last call, but for those the session itself has made;
    // ascending.
    QList<Uid> takeToldNew() { return std::exchange(m_toldNew, {}); }
    const QList<Uid> &untoldNew() const { return m_pendingNew; } // ascending
    bool hasToldOthersNew() const { return !m_toldNew.isEmpty(); }
    // The client was told of all changes up to this one (RFC 7162 3.2: lower than the MODSEQ of
    // what is held back).
    ModSeq toldModSeq() const;
    // Whether there are changes that it was not told of, lower perhaps than others it was.
    bool holdsChanges() const { return toldModSeq() < m_hub->mailbox().highestModSeq; }
    bool hasUpdates(ViewUpdates kinds) const;
    bool hasNewKeywords() const { return m_keywordsTold != m_hub->keywords(); }
    // "FLAGS (...)" and PERMANENTFLAGS as two untagged responses; notes which keywords were told.
    void writeFlagLists(QByteArray &out);

    void applyChanges(const ChangeSet &changes,
                      const std::function<quint64(ModSeq)> &originOf) override;
    bool claimsRecent() const override { return !m_isReadOnly && m_tellsRecent; }
    void addRecent(const UidRange &uids) override;
    void changesApplied() override;

private:
    Result<QList<IndexSpan>> resolveNumbers(const SequenceSet &set) const;
    QList<IndexSpan> resolveUids(const SequenceSet &set) const;
    struct PendingFlags {
        MessageFlags flags;
        ModSeq modSeq;
    };

    void noteExpunged(const QList<ExpungedMessage> &expunged);
    void noteChanged(const ChangedMessage &message, bool isOwn);
    SearchContexts::Place searchPlace(EnabledExtensions enabled) const;
    bool writeExpunges(QByteArray &out, EnabledExtensions enabled);
    void writeNewMessages(QByteArray &out);
    void writeFlagUpdates(QByteArray &out, EnabledExtensions enabled);
    bool isRecent(Uid uid) const;

    std::shared_ptr<MailboxHub> m_hub;
    QList<Uid> m_uids;
    UidRanges m_recent; // empty unless m_tellsRecent
    bool m_tellsRecent;
    QList<Uid> m_savedResult;
    SearchContexts m_contexts;
    QList<Uid> m_pendingNew; // ascending
    QList<Uid> m_pendingOwn; // those of m_pendingNew that the session itself has made
    QList<Uid> m_toldNew;
    QList<Uid> m_pendingExpunged; // ascending, all in m_uids
    QMap<Uid, PendingFlags> m_pendingFlags;
    // The first new message, change of flags and expunge that the client has not been told of.
    std::optional<ModSeq> m_firstPendingNew;
    std::optional<ModSeq> m_firstPendingFlags;
    std::optional<ModSeq> m_firstHeldExpunge;
    std::optional<QByteArrayList> m_keywordsTold;
    quint32 m_recentTold = 0;
    quint64 m_origin = 0;
    bool m_isReadOnly = false;
    std::function<void()> m_onChanged;
};

} // namespace Postnook
