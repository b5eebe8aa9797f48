#include "core/session/selectedview.h"

#include "core/search/searchresult.h"
#include "core/wire/responsewriter.h"
#include "storage/limits.h"

#include <algorithm>

namespace Postnook
{

namespace
{

void noteFirst(std::optional<ModSeq> &first, ModSeq modSeq)
{
    first = first ? std::min(*first, modSeq) : modSeq;
}

} // namespace

SelectedView::SelectedView(std::shared_ptr<MailboxHub> hub,
                           const std::optional<UidRanges> &recent,
                           quint64 origin,
                           bool isReadOnly,
                           std::function<void()> onChanged)
    : m_hub(std::move(hub))
    , m_uids(m_hub->uids())
    , m_recent(recent.value_or(UidRanges()))
    , m_tellsRecent(recent.has_value())
    , m_origin(origin)
    , m_isReadOnly(isReadOnly)
    , m_onChanged(std::move(onChanged))
{
    m_recentTold = recentCount();
    m_hub->attach(this);
}

SelectedView::~SelectedView()
{
    m_hub->detach(this);
}

quint32 SelectedView::recentCount() const
{
    qsizetype count = 0;
    for (const UidRange &range : m_recent) {
        const auto first = lowerBound(m_uids, range.first);
        auto last = lowerBound(m_uids, range.last);
        if (last < m_uids.size() && m_uids.at(last) == range.last) {
            ++last;
        }
        count += last - first;
    }
    return static_cast<quint32>(count);
}

Result<QList<IndexSpan>> SelectedView::resolve(const SequenceSet &set, bool byUid) const
{
    if (set.isSavedResult()) {
        return spansOf(m_savedResult, m_uids);
    }
    return byUid ? Result(resolveUids(set)) : resolveNumbers(set);
}

Result<QList<IndexSpan>> SelectedView::resolveNumbers(const SequenceSet &set) const
{
    const auto count = static_cast<quint32>(m_uids.size());
    if (set.maximum() > count || (count == 0 && set.usesStar())) {
        return Error{ErrorCode::Invalid, QStringLiteral("No message has that number")};
    }
    QList<IndexSpan> spans;
    for (const SequenceSet::Span &span : set.resolve(count)) {
        spans.append(
            {static_cast<qsizetype>(span.first) - 1, static_cast<qsizetype>(span.last) - 1});
    }
    return spans;
}

QList<IndexSpan> SelectedView::resolveUids(const SequenceSet &set) const
{
    QList<IndexSpan> spans;
    const quint32 largest = m_uids.isEmpty() ? 0 : m_uids.last().value;
    for (const SequenceSet::Span &span : set.resolve(largest)) {
        const auto first = lowerBound(m_uids, Uid(span.first));
        auto last = lowerBound(m_uids, Uid(span.last));
        if (last == m_uids.size() || m_uids.at(last).value != span.last) {
            --last;
        }
        if (first <= last) {
            spans.append({first, last});
        }
    }
    return spans;
}

SearchScope SelectedView::searchScope(qint64 nowUtc, bool isWhole) const
{
    return {.mailbox = mailbox(),
            .uids = isWhole ? m_uids + m_pendingNew : m_uids,
            .recent = m_recent,
            .saved = m_savedResult,
            .nowUtc = nowUtc};
}

UidRanges SelectedView::uidRanges(const QList<IndexSpan> &spans) const
{
    UidRanges ranges;
    ranges.reserve(spans.size());
    for (const IndexSpan &span : spans) {
        ranges.append({m_uids.at(span.first), m_uids.at(span.last)});
    }
    return ranges;
}

bool SelectedView::hasUpdates(ViewUpdates kinds) const
{
    return (kinds.testFlag(ViewUpdate::New) && !m_pendingNew.isEmpty())
        || (kinds.testFlag(ViewUpdate::Expunged) && !m_pendingExpunged.isEmpty())
        || (kinds.testFlag(ViewUpdate::Flags) && (!m_pendingFlags.isEmpty() || hasNewKeywords()))
        || m_contexts.hasUpdates();
}

void SelectedView::applyChanges(const ChangeSet &changes,
                                const std::function<quint64(ModSeq)> &originOf)
{
    noteExpunged(changes.expunged);
    for (const ChangedMessage &message : changes.changed) {
        noteChanged(message, m_origin != 0 && originOf(message.modSeq) == m_origin);
    }
}

void SelectedView::noteExpunged(const QList<ExpungedMessage> &expunged)
{
    if (expunged.isEmpty()) {
        return;
    }
    QList<Uid> gone;
    for (const ExpungedMessage &message : expunged) {
        gone.append(message.uid);
        m_pendingFlags.remove(message.uid);
    }
    m_pendingNew = without(m_pendingNew, gone); // never told, nothing to take back
    m_pendingOwn = without(m_pendingOwn, gone);
    if (m_pendingFlags.isEmpty()) {
        m_firstPendingFlags.reset();
    }
    if (m_pendingNew.isEmpty()) {
        m_firstPendingNew.reset();
    }
    const QList<Uid> told = common(gone, m_uids);
    for (const ExpungedMessage &message : expunged) {
        if (std::binary_search(told.begin(), told.end(), message.uid)) {
            noteFirst(m_firstHeldExpunge, message.modSeq);
        }
    }
    m_pendingExpunged = united(m_pendingExpunged, told);
}

void SelectedView::noteChanged(const ChangedMessage &message, bool isOwn)
{
    m_contexts.noteChanged(message.uid);
    const Uid lastKnown = !m_pendingNew.isEmpty() ? m_pendingNew.last()
        : !m_uids.isEmpty()                       ? m_uids.last()
                                                  : Uid();
    if (message.uid > lastKnown) {
        m_pendingNew.append(message.uid);
        if (isOwn) {
            m_pendingOwn.append(message.uid);
        }
        noteFirst(m_firstPendingNew, message.modSeq);
        return;
    }
    const auto index = lowerBound(m_uids, message.uid);
    if (index == m_uids.size() || m_uids.at(index) != message.uid) {
        return; // new and not told yet: its flags come when the client asks
    }
    // A session's own change was answered by its command. Where another's change still waits, the
    // newest flags must replace it, else an older state would be told last.
    if (!isOwn || m_pendingFlags.contains(message.uid)) {
        m_pendingFlags.insert(message.uid, {message.flags, message.modSeq});
        noteFirst(m_firstPendingFlags, message.modSeq);
    }
}

void SelectedView::addRecent(const UidRange &uids)
{
    if (m_tellsRecent) {
        m_recent.append(uids);
    }
}

void SelectedView::tellNothingRecent()
{
    m_recent.clear();
    m_tellsRecent = false;
    m_recentTold = 0;
}

void SelectedView::changesApplied()
{
    if (m_onChanged) {
        m_onChanged();
    }
}

bool SelectedView::writeUpdates(QByteArray &out, ViewUpdates kinds, EnabledExtensions enabled)
{
    const bool hasExpunged = kinds.testFlag(ViewUpdate::Expunged) && writeExpunges(out, enabled);
    if (kinds.testFlag(ViewUpdate::New)) {
        writeNewMessages(out);
        m_firstPendingNew.reset();
    }
    if (kinds.testFlag(ViewUpdate::Flags)) {
        if (hasNewKeywords()) {
            writeFlagLists(out);
        }
        writeFlagUpdates(out, enabled);
        m_firstPendingFlags.reset();
    }
    return hasExpunged;
}

void SelectedView::writeSearchUpdates(QByteArray &out, EnabledExtensions enabled)
{
    if (m_contexts.hasUpdates()) {
        m_contexts.writeChanges(out, searchPlace(enabled));
    }
}

SearchContexts::Place SelectedView::searchPlace(EnabledExtensions enabled) const
{
    return {m_uids, mailboxCorrelators(m_hub->mailbox(), nameCodingOf(enabled))};
}

ModSeq SelectedView::toldModSeq() const
{
    auto told = m_hub->mailbox().highestModSeq;
    for (const auto &first : {m_firstPendingNew, m_firstPendingFlags, m_firstHeldExpunge}) {
        if (first) {
            told = std::min(told, ModSeq(first->value - 1));
        }
    }
    return told;
}

bool SelectedView::writeExpunges(QByteArray &out, EnabledExtensions enabled)
{
    if (m_pendingExpunged.isEmpty()) {
        return false;
    }
    if (!m_contexts.isEmpty()) {
        m_contexts.writeExpunged(out, m_pendingExpunged, searchPlace(enabled));
    }
    if (enabled.testAnyFlags(Extension::QResync | Extension::UidOnly)) {
        out += "* VANISHED " + formatUidSet(m_pendingExpunged) + "\r\n"; // RFC 7162 3.2.10.2
    } else {
        // From the highest number down: what is told does not move what is still to be told.
        for (auto it = m_pendingExpunged.crbegin(); it != m_pendingExpunged.crend(); ++it) {
            out += "* " + QByteArray::number(lowerBound(m_uids, *it) + 1) + " EXPUNGE\r\n";
        }
    }
    m_uids = without(m_uids, m_pendingExpunged);
    m_savedResult = without(m_savedResult, m_pendingExpunged); // RFC 5182 2.1
    m_pendingExpunged.clear();
    m_firstHeldExpunge.reset();
    m_recentTold = qMin(m_recentTold, recentCount());
    if (m_pendingNew.isEmpty() && m_uids == m_hub->uids()) {
        m_uids = m_hub->uids(); // share the hub's list again
    }
    return true;
}

void SelectedView::writeNewMessages(QByteArray &out)
{
    if (m_pendingNew.isEmpty()) {
        return;
    }
    m_uids += m_pendingNew;
    m_toldNew += without(std::exchange(m_pendingNew, {}), std::exchange(m_pendingOwn, {}));
    if (m_uids == m_hub->uids()) {
        m_uids = m_hub->uids();
    }
    out += "* " + QByteArray::number(m_uids.size()) + " EXISTS\r\n";
    if (const quint32 recent = recentCount(); recent != m_recentTold) {
        out += "* " + QByteArray::number(recent) + " RECENT\r\n";
        m_recentTold = recent;
    }
}

void SelectedView::writeFlagUpdates(QByteArray &out, EnabledExtensions enabled)
{
    ResponseWriter writer(out);
    for (auto it = m_pendingFlags.cbegin(); it != m_pendingFlags.cend(); ++it) {
        if (std::binary_search(m_pendingExpunged.begin(), m_pendingExpunged.end(), it.key())) {
            continue;
        }
        if (enabled.testFlag(Extension::UidOnly)) {
            writer.raw("* ").number(it.key().value).raw(" UIDFETCH (FLAGS "); // RFC 9586
        } else {
            writer.raw("* ").number(static_cast<quint64>(lowerBound(m_uids, it.key()) + 1));
            writer.raw(" FETCH (UID ").number(it.key().value).raw(" FLAGS ");
        }
        writer.flags(it->flags, isRecent(it.key()));
        if (enabled.testFlag(Extension::CondStore)) {
            writer.raw(" MODSEQ (").number(it->modSeq.value).raw(")");
        }
        writer.raw(")").crlf();
    }
    m_pendingFlags.clear();
}

void SelectedView::writeFlagLists(QByteArray &out)
{
    QByteArray names = "\\Answered \\Flagged \\Deleted \\Seen \\Draft";
    for (const QByteArray &keyword : m_hub->keywords()) {
        names += ' ' + keyword;
    }
    m_keywordsTold = m_hub->keywords();
    out += "* FLAGS (" + names + ")\r\n";
    if (m_isReadOnly) {
        out += "* OK [PERMANENTFLAGS ()] Read-only\r\n";
    } else {
        // RFC 9051 7.1: no "\*" where there is no room for another keyword.
        const bool isFull = m_keywordsTold->size() >= MaxKeywordsPerMailbox;
        out += "* OK [PERMANENTFLAGS (" + names + (isFull ? ")" : " \\*)") + "] Flags are kept\r\n";
    }
}

bool SelectedView::isRecent(Uid uid) const
{
    return contains(m_recent, uid);
}

} // namespace Postnook
