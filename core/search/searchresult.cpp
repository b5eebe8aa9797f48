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
    } else if (cursor.tryWord("RELEVANCY")) {
        wanted.relevancy = true;
    } else if (cursor.tryWord("CONTEXT")) {
        wanted.context = true;
    } else {
        cursor.fail("Unknown RETURN option");
    }
}

quint32 numberOf(const SearchOutcome &outcome, Uid uid)
{
    return outcome.byUid ? uid.value : static_cast<quint32>(lowerBound(outcome.viewUids, uid)) + 1;
}

QList<quint32> numbersOf(const SearchOutcome &outcome, const QList<Uid> &hits)
{
    QList<quint32> numbers;
    numbers.reserve(hits.size());
    for (const Uid uid : hits) {
        numbers.append(numberOf(outcome, uid));
    }
    return numbers;
}

// One score for each result that is told, in the same order.
void writeRelevancy(ResponseWriter &writer,
                    const SearchReturn &wanted,
                    const SearchOutcome &outcome)
{
    QByteArrayList scores;
    const auto [begin, size] = wanted.partial ? wanted.partial->sliceOf(outcome.hits.size())
                                              : PartialRange::Slice{0, outcome.hits.size()};
    for (const Uid uid : outcome.hits.mid(begin, size)) {
        scores.append(QByteArray::number(outcome.relevancies.of(uid)));
    }
    writer.raw(" RELEVANCY (").raw(scores.join(' ')).raw(")");
}

QByteArray
formatPlain(const char *response, const QList<quint32> &numbers, std::optional<ModSeq> modSeq)
{
    QByteArray line = QByteArray("* ") + response;
    ResponseWriter writer(line);
    for (const quint32 number : numbers) {
        writer.space().number(number);
    }
    if (modSeq) {
        writer.raw(" (MODSEQ ").number(modSeq->value).raw(")");
    }
    writer.crlf();
    return line;
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
        && !wanted.partial && !wanted.update && !wanted.context && !wanted.relevancy;
    wanted.all = wanted.all || isEmpty; // "()" stands for "(ALL)"
    return wanted;
}

SearchExtent extentOf(const SearchReturn &wanted)
{
    const bool isNarrowed = wanted.min || wanted.max || wanted.partial;
    if (!isNarrowed || wanted.all || wanted.count || wanted.update
        || (wanted.relevancy && !wanted.partial)) {
        return {};
    }
    SearchExtent extent{.first = wanted.min ? 1U : 0U, .last = wanted.max ? 1U : 0U};
    if (wanted.partial) {
        quint32 &end = wanted.partial->fromEnd ? extent.last : extent.first;
        end = std::max(end, wanted.partial->last);
    }
    return extent;
}

QByteArray mailboxCorrelators(const MailboxInfo &mailbox, NameCoding coding)
{
    QByteArray correlators;
    ResponseWriter(correlators)
        .raw(" MAILBOX ")
        .mailbox(mailbox.name, coding)
        .raw(" UIDVALIDITY ")
        .number(mailbox.uidValidity.value);
    return correlators;
}

QByteArray formatSearchResult(const SearchReturn &wanted, const SearchOutcome &outcome)
{
    const QList<Uid> &hits = outcome.hits;
    if (!wanted.isExtended) {
        const auto numbers = numbersOf(outcome, hits);
        return formatPlain(outcome.isSorted ? "SORT" : "SEARCH", numbers, outcome.modSeq);
    }
    const bool asksForNothing = !wanted.min && !wanted.max && !wanted.all && !wanted.count
        && !wanted.partial && !wanted.relevancy;
    if (wanted.save && asksForNothing) {
        return {}; // RFC 5182 2.1
    }
    QByteArray line = "* ESEARCH (TAG ";
    ResponseWriter writer(line);
    writer.string(outcome.tag).raw(outcome.mailboxCorrelators);
    writer.raw(outcome.byUid ? ") UID" : ")");
    if (wanted.min && !hits.isEmpty()) {
        writer.raw(" MIN ").number(numberOf(outcome, hits.first()));
    }
    if (wanted.max && !hits.isEmpty()) {
        writer.raw(" MAX ").number(numberOf(outcome, hits.last()));
    }
    if (wanted.all && !hits.isEmpty()) {
        writer.raw(" ALL ").raw(formatSpans(toSpans(numbersOf(outcome, hits))));
    }
    if (wanted.partial) {
        const auto [begin, size] = wanted.partial->sliceOf(hits.size());
        const auto part = numbersOf(outcome, hits.mid(begin, size));
        writer.raw(" PARTIAL (").raw(wanted.partial->sent).space();
        writer.raw(part.isEmpty() ? QByteArray("NIL") : formatSpans(toSpans(part))).raw(")");
    }
    if (wanted.relevancy) {
        writeRelevancy(writer, wanted, outcome);
    }
    if (wanted.count) {
        writer.raw(" COUNT ").number(static_cast<quint64>(hits.size()));
    }
    if (outcome.modSeq) {
        writer.raw(" MODSEQ ").number(outcome.modSeq->value);
    }
    writer.crlf();
    return line;
}

QList<Uid> savedResult(const SearchReturn &wanted, const QList<Uid> &hits)
{
    const bool isNarrowed = wanted.min || wanted.max || wanted.partial;
    QList<Uid> told = hits;
    if (!wanted.all && !wanted.count && isNarrowed && !hits.isEmpty()) {
        told.clear();
        if (wanted.partial) {
            const auto [begin, size] = wanted.partial->sliceOf(hits.size());
            told = hits.mid(begin, size);
        }
        if (wanted.min) {
            told.append(hits.first());
        }
        if (wanted.max) {
            told.append(hits.last());
        }
    }
    std::sort(told.begin(), told.end());
    told.erase(std::unique(told.begin(), told.end()), told.end());
    return told;
}

} // namespace Postnook
