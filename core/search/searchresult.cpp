#include "core/search/searchresult.h"

#include "core/wire/responsewriter.h"
#include "core/wire/sequenceset.h"

#include <algorithm>

namespace Postnook
{

namespace
{

void readOption(TokenCursor &cursor, SearchReturn &wanted)
{
    const bool hasList = wanted.all || wanted.partial;
    if (cursor.tryWord("MIN")) {
        wanted.min = true;
    } else if (cursor.tryWord("MAX")) {
        wanted.max = true;
    } else if (cursor.tryWord("ALL")) {
        wanted.all = true;
        if (hasList) {
            cursor.fail("ALL or PARTIAL, and once"); // RFC 9394 3.1
        }
    } else if (cursor.tryWord("PARTIAL")) {
        cursor.expectSpace();
        wanted.partial = parsePartialRange(cursor);
        if (hasList) {
            cursor.fail("ALL or PARTIAL, and once");
        }
    } else if (cursor.tryWord("COUNT")) {
        wanted.count = true;
    } else if (cursor.tryWord("SAVE")) {
        wanted.save = true;
    } else if (cursor.tryWord("UPDATE")) {
        wanted.update = true;
        // The grammar has no space here, the example has one.
        auto ahead = cursor;
        ahead.trySpace();
        if (ahead.peek() == std::optional<char>('(')) {
            cursor = ahead;
            wanted.updateItems = parseFetchItems(cursor);
        }
    } else if (cursor.tryWord("CONTEXT")) {
        wanted.context = true;
    } else {
        cursor.fail("Unknown RETURN option");
    }
}

QList<quint32> numbersOf(const QList<Uid> &hits, const QList<Uid> &viewUids, bool byUid)
{
    QList<quint32> numbers;
    numbers.reserve(hits.size());
    auto at = viewUids.begin();
    for (const Uid uid : hits) {
        if (!byUid) {
            at = std::lower_bound(at, viewUids.end(), uid);
        }
        numbers.append(byUid ? uid.value : static_cast<quint32>(at - viewUids.begin()) + 1);
    }
    return numbers;
}

QByteArray formatPlain(const QList<quint32> &numbers, std::optional<ModSeq> modSeq)
{
    QByteArray line = "* SEARCH";
    for (const quint32 number : numbers) {
        line += ' ' + QByteArray::number(number);
    }
    if (modSeq) {
        line += " (MODSEQ " + QByteArray::number(modSeq->value) + ')';
    }
    return line + "\r\n";
}

} // namespace

SearchReturn parseSearchReturn(TokenCursor &cursor)
{
    SearchReturn wanted;
    if (!cursor.tryWord("RETURN")) {
        return wanted;
    }
    wanted.isExtended = true;
    cursor.expectSpace();
    cursor.enterList();
    if (cursor.peek() != std::optional<char>(')')) {
        do {
            readOption(cursor, wanted);
        } while (!cursor.hasFailed() && cursor.trySpace());
    }
    cursor.leaveList();
    cursor.expectSpace();
    const bool isEmpty = !wanted.min && !wanted.max && !wanted.count && !wanted.save
        && !wanted.partial && !wanted.update && !wanted.context;
    wanted.all = wanted.all || isEmpty; // "()" stands for "(ALL)"
    return wanted;
}

QByteArray formatSearchResult(const SearchReturn &wanted,
                              const QByteArray &tag,
                              bool byUid,
                              const QList<Uid> &hits,
                              const QList<Uid> &viewUids,
                              std::optional<ModSeq> modSeq)
{
    const QList<quint32> numbers = numbersOf(hits, viewUids, byUid);
    if (!wanted.isExtended) {
        return formatPlain(numbers, modSeq);
    }
    const bool asksForNothing =
        !wanted.min && !wanted.max && !wanted.all && !wanted.count && !wanted.partial;
    if (wanted.save && asksForNothing) {
        return {}; // RFC 5182 2.1
    }
    QByteArray line = "* ESEARCH (TAG ";
    ResponseWriter writer(line);
    writer.string(tag).raw(byUid ? ") UID" : ")");
    if (wanted.min && !numbers.isEmpty()) {
        writer.raw(" MIN ").number(numbers.first());
    }
    if (wanted.max && !numbers.isEmpty()) {
        writer.raw(" MAX ").number(numbers.last());
    }
    if (wanted.all && !numbers.isEmpty()) {
        writer.raw(" ALL ").raw(formatSpans(toSpans(numbers)));
    }
    if (wanted.partial) {
        const auto [begin, size] = wanted.partial->sliceOf(numbers.size());
        const auto part = numbers.mid(begin, size);
        writer.raw(" PARTIAL (").raw(wanted.partial->sent).space();
        writer.raw(part.isEmpty() ? QByteArray("NIL") : formatSpans(toSpans(part))).raw(")");
    }
    if (wanted.count) {
        writer.raw(" COUNT ").number(static_cast<quint64>(numbers.size()));
    }
    if (modSeq) {
        writer.raw(" MODSEQ ").number(modSeq->value);
    }
    writer.crlf();
    return line;
}

QList<Uid> savedResult(const SearchReturn &wanted, const QList<Uid> &hits)
{
    const bool isNarrowed = wanted.min || wanted.max || wanted.partial;
    if (wanted.all || wanted.count || !isNarrowed || hits.isEmpty()) {
        return hits;
    }
    QList<Uid> told;
    if (wanted.partial) {
        const auto [begin, size] = wanted.partial->sliceOf(hits.size());
        told = hits.mid(begin, size);
    }
    if (wanted.min && (told.isEmpty() || told.first() != hits.first())) {
        told.prepend(hits.first());
    }
    if (wanted.max && (told.isEmpty() || told.last() != hits.last())) {
        told.append(hits.last());
    }
    return told;
}

} // namespace Postnook
