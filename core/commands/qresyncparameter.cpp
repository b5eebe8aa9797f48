#include "core/commands/qresyncparameter.h"

#include <algorithm>

namespace Postnook
{

namespace
{

// RFC 7162 7: known-uids, known-sequence-set and known-uid-set have no '*', and are no "$".
SequenceSet readPlainSet(TokenCursor &cursor)
{
    auto set = cursor.sequenceSet();
    if (!cursor.hasFailed() && (set.usesStar() || set.isSavedResult())) {
        cursor.fail("A set of known messages names them");
    }
    return set;
}

// Walks over the numbers of a set as it was sent. Never expands it: a range may be billions.
class SetWalker
{
public:
    explicit SetWalker(const SequenceSet &set)
        : m_ranges(set.ranges())
    {
    }

    bool atEnd() const { return m_range == m_ranges.size(); }
    quint32 number() const { return first() + m_offset; }
    void advance()
    {
        if (number() == last()) {
            ++m_range;
            m_offset = 0;
        } else {
            ++m_offset;
        }
    }

private:
    quint32 first() const
    {
        return std::min(m_ranges.at(m_range).first, m_ranges.at(m_range).last);
    }
    quint32 last() const { return std::max(m_ranges.at(m_range).first, m_ranges.at(m_range).last); }

    QList<SequenceSet::Range> m_ranges;
    qsizetype m_range = 0;
    quint32 m_offset = 0;
};

quint64 sizeOf(const SequenceSet &set)
{
    quint64 size = 0;
    for (const SequenceSet::Range &range : set.ranges()) {
        size += std::max(range.first, range.last) - std::min(range.first, range.last) + quint64(1);
    }
    return size;
}

// The UID of the last pair before the first that does not match; 0 for none. Takes no more steps
// than there are messages: numbers above theirs match nothing.
Uid lastMatch(const std::pair<SequenceSet, SequenceSet> &sample, const QList<Uid> &viewUids)
{
    Uid last;
    SetWalker numbers(sample.first);
    SetWalker uids(sample.second);
    for (; !numbers.atEnd() && !uids.atEnd(); numbers.advance(), uids.advance()) {
        const auto index = static_cast<qsizetype>(numbers.number()) - 1;
        if (index >= viewUids.size() || viewUids.at(index).value != uids.number()
            || viewUids.at(index) <= last) {
            break;
        }
        last = viewUids.at(index);
    }
    return last;
}

} // namespace

QResyncParameter parseQResyncParameter(TokenCursor &cursor)
{
    QResyncParameter parameter;
    cursor.enterList();
    parameter.uidValidity = UidValidity(cursor.nzNumber());
    cursor.expectSpace();
    parameter.since = ModSeq(cursor.number64());
    if (!cursor.hasFailed() && parameter.since == ModSeq(0)) {
        cursor.fail("A MODSEQ is 1 at least"); // RFC 7162 7, mod-sequence-value
    }
    if (cursor.trySpace() && cursor.peek() != std::optional<char>('(')) {
        parameter.known = readPlainSet(cursor);
        if (!cursor.trySpace()) {
            cursor.leaveList();
            return parameter;
        }
    }
    if (cursor.tryEnterList()) {
        auto numbers = readPlainSet(cursor);
        cursor.expectSpace();
        auto uids = readPlainSet(cursor);
        cursor.leaveList();
        if (!cursor.hasFailed() && sizeOf(numbers) != sizeOf(uids)) {
            cursor.fail("The two sets of the sample have different sizes");
        }
        parameter.sample = {std::move(numbers), std::move(uids)};
    }
    cursor.leaveList();
    return parameter;
}

UidRanges knownUids(const QResyncParameter &parameter, Uid uidNext)
{
    if (uidNext.value <= 1) {
        return {};
    }
    const Uid last(uidNext.value - 1);
    if (!parameter.known) {
        return {{Uid(1), last}};
    }
    UidRanges known;
    for (const SequenceSet::Span &span : parameter.known->resolve(last.value)) {
        if (span.first <= last.value) {
            known.append({Uid(span.first), std::min(Uid(span.last), last)});
        }
    }
    return known;
}

UidRanges vanishedUnknownTo(const QResyncParameter &parameter,
                            const UidRanges &vanished,
                            const QList<Uid> &viewUids)
{
    const Uid last = parameter.sample ? lastMatch(*parameter.sample, viewUids) : Uid();
    UidRanges unknown;
    for (const UidRange &range : vanished) {
        if (range.last > last) {
            unknown.append({std::max(range.first, Uid(last.value + 1)), range.last});
        }
    }
    return unknown;
}

} // namespace Postnook
