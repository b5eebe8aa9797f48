#include "core/session/indexspans.h"

#include "core/wire/sequenceset.h"

#include <algorithm>

namespace Postnook
{

QList<IndexSpan> spansOf(const QList<Uid> &uids, const QList<Uid> &viewUids)
{
    QList<IndexSpan> spans;
    for (const Uid uid : uids) {
        const auto index = lowerBound(viewUids, uid);
        if (index == viewUids.size() || viewUids[index] != uid) {
            continue;
        }
        if (!spans.isEmpty() && spans.last().last == index - 1) {
            spans.last().last = index;
        } else {
            spans.append({index, index});
        }
    }
    return spans;
}

qsizetype countOf(const QList<IndexSpan> &spans)
{
    qsizetype count = 0;
    for (const IndexSpan &span : spans) {
        count += span.last - span.first + 1;
    }
    return count;
}

QList<IndexSpan> mid(const QList<IndexSpan> &spans, qsizetype begin, qsizetype size)
{
    QList<IndexSpan> part;
    for (const IndexSpan &span : spans) {
        const auto length = span.last - span.first + 1;
        const auto skipped = std::min(begin, length);
        const auto taken = std::min(size, length - skipped);
        if (taken > 0) {
            part.append({span.first + skipped, span.first + skipped + taken - 1});
        }
        begin -= skipped;
        size -= taken;
    }
    return part;
}

QList<IndexSpan> common(const QList<IndexSpan> &a, const QList<IndexSpan> &b)
{
    QList<IndexSpan> both;
    for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
        const auto first = std::max(i->first, j->first);
        const auto last = std::min(i->last, j->last);
        if (first <= last) {
            both.append({first, last});
        }
        i->last < j->last ? ++i : ++j;
    }
    return both;
}

QList<IndexSpan> without(const QList<IndexSpan> &a, const QList<IndexSpan> &b)
{
    QList<IndexSpan> rest;
    auto hole = b.begin();
    for (const IndexSpan &span : a) {
        auto first = span.first;
        while (hole != b.end() && hole->last < first) {
            ++hole;
        }
        for (; hole != b.end() && hole->first <= span.last; ++hole) {
            if (first < hole->first) {
                rest.append({first, hole->first - 1});
            }
            first = hole->last + 1;
            if (hole->last > span.last) {
                break; // it goes on in the next one
            }
        }
        if (first <= span.last) {
            rest.append({first, span.last});
        }
    }
    return rest;
}

QByteArray formatNumbers(const QList<IndexSpan> &spans)
{
    QList<SequenceSet::Span> numbers;
    for (const IndexSpan &span : spans) {
        numbers.append({static_cast<quint32>(span.first) + 1, static_cast<quint32>(span.last) + 1});
    }
    return formatSpans(numbers);
}

} // namespace Postnook
