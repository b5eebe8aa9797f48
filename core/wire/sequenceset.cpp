#include "core/wire/sequenceset.h"

#include <algorithm>
#include <iterator>

namespace Postnook
{

SequenceSet SequenceSet::savedResult()
{
    SequenceSet set;
    set.m_savedResult = true;
    return set;
}

SequenceSet SequenceSet::of(const QList<Uid> &ascending)
{
    QList<Range> ranges;
    for (const UidRange &range : toUidRanges(ascending)) {
        ranges.append({range.first.value, range.last.value});
    }
    return SequenceSet(std::move(ranges));
}

bool SequenceSet::usesStar() const
{
    return std::any_of(m_ranges.begin(), m_ranges.end(), [](const Range &range) {
        return range.first == 0 || range.last == 0;
    });
}

quint32 SequenceSet::maximum() const
{
    quint32 largest = 0;
    for (const Range &range : m_ranges) {
        largest = std::max({largest, range.first, range.last});
    }
    return largest;
}

QList<SequenceSet::Span> SequenceSet::resolve(quint32 largest) const
{
    QList<Span> sorted;
    sorted.reserve(m_ranges.size());
    for (const Range &range : m_ranges) {
        const auto first = range.first == 0 ? largest : range.first;
        const auto last = range.last == 0 ? largest : range.last;
        if (first > 0 && last > 0) {
            sorted.append({std::min(first, last), std::max(first, last)});
        }
    }
    std::sort(sorted.begin(), sorted.end(), [](const Span &a, const Span &b) {
        return a.first < b.first;
    });

    QList<Span> spans;
    for (const Span &span : std::as_const(sorted)) {
        if (!spans.isEmpty() && span.first - 1 <= spans.constLast().last) {
            spans.last().last = std::max(spans.constLast().last, span.last);
        } else {
            spans.append(span);
        }
    }
    return spans;
}

QByteArray formatUidSet(const QList<Uid> &ascending)
{
    return formatUidRanges(toUidRanges(ascending));
}

QByteArray formatUidRanges(const UidRanges &ranges)
{
    QList<SequenceSet::Span> spans;
    spans.reserve(ranges.size());
    for (const UidRange &range : ranges) {
        spans.append({range.first.value, range.last.value});
    }
    return formatSpans(spans);
}

QByteArray formatSpans(const QList<SequenceSet::Span> &spans)
{
    QByteArray text;
    for (const SequenceSet::Span &span : spans) {
        if (!text.isEmpty()) {
            text += ',';
        }
        text += QByteArray::number(span.first);
        if (span.first != span.last) {
            text += ':' + QByteArray::number(span.last);
        }
    }
    return text;
}

QList<SequenceSet::Span> toSpans(const QList<quint32> &ascending)
{
    QList<SequenceSet::Span> spans;
    for (const quint32 number : ascending) {
        if (!spans.isEmpty() && number - 1 == spans.constLast().last) {
            spans.last().last = number;
        } else {
            spans.append({number, number});
        }
    }
    return spans;
}

bool contains(const UidRanges &ranges, Uid uid)
{
    const auto it = std::lower_bound(
        ranges.begin(), ranges.end(), uid, [](const UidRange &r, Uid u) { return r.last < u; });
    return it != ranges.end() && it->first <= uid;
}

QList<Uid> united(const QList<Uid> &a, const QList<Uid> &b)
{
    QList<Uid> both;
    both.reserve(std::max(a.size(), b.size()));
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    return both;
}

QList<Uid> common(const QList<Uid> &a, const QList<Uid> &b)
{
    QList<Uid> both;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    return both;
}

QList<Uid> without(const QList<Uid> &a, const QList<Uid> &b)
{
    if (b.isEmpty()) {
        return a; // shares the list
    }
    QList<Uid> left;
    left.reserve(a.size());
    std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(left));
    return left;
}

UidRanges toUidRanges(const QList<Uid> &ascending)
{
    UidRanges ranges;
    for (const Uid uid : ascending) {
        if (!ranges.isEmpty() && uid.value - 1 == ranges.constLast().last.value) {
            ranges.last().last = uid;
        } else {
            ranges.append({uid, uid});
        }
    }
    return ranges;
}

qsizetype lowerBound(const QList<Uid> &uids, Uid uid)
{
    if (uids.isEmpty() || uid <= uids.first()) {
        return 0;
    }
    // As many UIDs lie before it as there are numbers from the first one on, but for the gaps.
    const auto last = uids.size() - 1;
    const qsizetype gaps = static_cast<qsizetype>(uids[last].value - uids.first().value) - last;
    const auto distance = static_cast<qsizetype>(uid.value - uids.first().value);
    const auto begin = uids.begin() + std::clamp<qsizetype>(distance - gaps, 0, last);
    const auto end = uids.begin() + std::min(distance, uids.size());
    return std::lower_bound(begin, end, uid) - uids.begin();
}

} // namespace Postnook
