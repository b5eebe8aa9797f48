#pragma once

#include "storage/types.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace Postnook
{

// RFC 9051 sequence-set as sent. '*' is kept until the numbers it stands for are known.
// The ranges may be in any order and overlap; how many there may be is bounded by the line limit.
class SequenceSet
{
public:
    struct Range {
        quint32 first = 0; // 0 stands for '*'
        quint32 last = 0;
        friend bool operator==(const Range &, const Range &) = default;
    };
    // Ascending, disjoint, adjacent ones joined; numbers of either kind.
    struct Span {
        quint32 first = 0;
        quint32 last = 0;
        friend bool operator==(const Span &, const Span &) = default;
    };

    SequenceSet() = default;
    explicit SequenceSet(QList<Range> ranges)
        : m_ranges(std::move(ranges))
    {
    }
    static SequenceSet savedResult(); // "$", RFC 5182
    static SequenceSet of(const QList<Uid> &ascending); // these alone

    bool isSavedResult() const { return m_savedResult; }
    bool isEmpty() const { return m_ranges.isEmpty() && !m_savedResult; }
    const QList<Range> &ranges() const { return m_ranges; }
    bool usesStar() const;
    // The largest number named, '*' aside; 0 if none.
    quint32 maximum() const;

    // Normalises with '*' = `largest` (RFC 9051 seq-number): "5:*" in a mailbox of three is 3:5.
    // 0 stands for an empty mailbox: a range with '*' is nothing then. Numbers above `largest` are
    // kept; a saved result gives nothing here. For UIDs: largest UID of the mailbox.
    // O(n log n) in the ranges.
    QList<Span> resolve(quint32 largest) const;

    friend bool operator==(const SequenceSet &, const SequenceSet &) = default;

private:
    QList<Range> m_ranges;
    bool m_savedResult = false;
};

// "1:3,7" of ascending values, runs joined; "" for none.
QByteArray formatUidSet(const QList<Uid> &ascending);
QByteArray formatUidRanges(const UidRanges &ranges);
QByteArray formatSpans(const QList<SequenceSet::Span> &spans);
// Ascending numbers as joined spans.
QList<SequenceSet::Span> toSpans(const QList<quint32> &ascending);
// Ascending UIDs as joined ranges.
UidRanges toUidRanges(const QList<Uid> &ascending);
bool contains(const UidRanges &ranges, Uid uid);
// Of ascending lists, ascending: what is in either, in both, in the first alone. O(a + b).
QList<Uid> united(const QList<Uid> &a, const QList<Uid> &b);
QList<Uid> common(const QList<Uid> &a, const QList<Uid> &b);
QList<Uid> without(const QList<Uid> &a, const QList<Uid> &b);
// Index of the first of `uids` (ascending) that is not below this one. O(log gaps): as good as at
// once in a mailbox from which little was taken.
qsizetype lowerBound(const QList<Uid> &uids, Uid uid);

} // namespace Postnook
