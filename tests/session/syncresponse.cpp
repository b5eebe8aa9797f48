#include "syncresponse.h"

#include <QRegularExpression>

#include <algorithm>

namespace Postnook
{

namespace
{

using Kind = SyncResponse::Kind;
using Parsed = std::optional<SyncResponse>;

constexpr quint32 SenselessSetSize = 100'000; // no mailbox of a model has so many

QRegularExpression whole(const char *pattern)
{
    return QRegularExpression(QRegularExpression::anchoredPattern(QLatin1String(pattern)));
}

QByteArrayList sortedFlags(const QByteArray &list)
{
    QByteArrayList flags = list.isEmpty() ? QByteArrayList() : list.split(' ');
    flags.removeAll("\\Recent");
    std::sort(flags.begin(), flags.end());
    return flags;
}

template <typename T, typename V>
bool setOnce(std::optional<T> &member, V value)
{
    const bool isFirst = !member;
    member = std::move(value);
    return isFirst;
}

bool readFetchItem(SyncResponse &response, const QRegularExpressionMatch &match)
{
    if (match.hasCaptured(1)) {
        return setOnce(response.uid, match.captured(1).toUInt());
    }
    if (match.hasCaptured(2)) {
        return setOnce(response.flags, sortedFlags(match.captured(2).toLatin1()));
    }
    return !match.hasCaptured(3)
        || setOnce(response.modSeq, quint64(match.captured(3).toULongLong()));
}

Parsed parseFetch(quint32 number, const QString &items)
{
    static const QRegularExpression item(
        QStringLiteral("\\G(?:UID ([1-9]\\d*)|FLAGS \\(([^()]*)\\)|MODSEQ \\(([1-9]\\d*)\\)"
                       "|BODY\\[[^\\]]*\\] \"\")(?: (?=.)|$)"));
    SyncResponse response;
    response.kind = Kind::Fetch;
    response.number = number;
    qsizetype position = 0;
    while (position < items.size()) {
        const auto match = item.match(items, position);
        if (!match.hasMatch() || !readFetchItem(response, match)) {
            return {};
        }
        position = match.capturedEnd();
    }
    return position > 0 ? Parsed(response) : std::nullopt;
}

Parsed parseNumbered(const QString &line)
{
    static const auto numbered = whole("\\* (\\d+) (EXISTS|RECENT|EXPUNGE|FETCH)(?: \\((.*)\\))?");
    const auto match = numbered.match(line);
    if (!match.hasMatch()) {
        return {};
    }
    SyncResponse response;
    response.number = match.captured(1).toUInt();
    const QString name = match.captured(2);
    if (name == QLatin1String("FETCH")) {
        return parseFetch(response.number, match.captured(3));
    }
    response.kind = name == QLatin1String("EXISTS") ? Kind::Exists
        : name == QLatin1String("RECENT")           ? Kind::Recent
                                                    : Kind::Expunge;
    return match.hasCaptured(3) ? std::nullopt : Parsed(response);
}

Parsed parseSet(const QString &line)
{
    static const auto vanished = whole("\\* VANISHED( \\(EARLIER\\))? (\\S+)");
    static const auto search = whole("\\* SEARCH((?: [1-9]\\d*)*)(?: \\(MODSEQ [1-9]\\d*\\))?");
    SyncResponse response;
    if (const auto match = vanished.match(line); match.hasMatch()) {
        const auto uids = parseNumberSet(match.captured(2).toLatin1());
        response.kind = match.hasCaptured(1) ? Kind::VanishedEarlier : Kind::Vanished;
        response.uids = uids.value_or(QList<quint32>());
        return uids ? Parsed(response) : std::nullopt;
    }
    if (const auto match = search.match(line); match.hasMatch()) {
        response.kind = Kind::Search;
        for (const QString &uid : match.captured(1).split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
            response.uids.append(uid.toUInt());
        }
        return response;
    }
    return {};
}

bool hasGoodArgument(const QByteArray &code, const QString &argument)
{
    static const auto number = whole("[1-9]\\d*");
    static const auto copyUid = whole("[1-9]\\d* [\\d:,]+ [\\d:,]+");
    static const auto appendUid = whole("[1-9]\\d* [\\d:,]+");
    if (code == "UIDVALIDITY" || code == "UIDNEXT" || code == "HIGHESTMODSEQ" || code == "UNSEEN") {
        return number.match(argument).hasMatch();
    }
    if (code == "CLOSED" || code == "READ-ONLY" || code == "READ-WRITE") {
        return argument.isEmpty();
    }
    if (code == "MODIFIED") {
        return parseNumberSet(argument.toLatin1()).has_value();
    }
    return (code != "COPYUID" || copyUid.match(argument).hasMatch())
        && (code != "APPENDUID" || appendUid.match(argument).hasMatch());
}

Parsed parseStatus(const QString &line)
{
    static const auto status =
        whole("(\\S+) (OK|NO|BAD|PREAUTH|BYE) (?:\\[([A-Z-]+)(?: ([^\\]]*))?\\] )?(?=\\S).*");
    const auto match = status.match(line);
    if (!match.hasMatch()) {
        return {};
    }
    SyncResponse response;
    response.tag = match.captured(1).toLatin1();
    response.kind = response.tag == "*" ? Kind::Code : Kind::Tagged;
    response.status = match.captured(2).toLatin1();
    response.code = match.captured(3).toLatin1();
    response.argument = match.captured(4).toLatin1();
    return hasGoodArgument(response.code, match.captured(4)) ? Parsed(response) : std::nullopt;
}

} // namespace

std::optional<QList<quint32>> parseNumberSet(const QByteArray &set)
{
    static const auto range = whole("([1-9]\\d*)(?::([1-9]\\d*))?");
    QList<quint32> numbers;
    for (const QByteArray &part : set.split(',')) {
        const auto match = range.match(QString::fromLatin1(part));
        if (!match.hasMatch()) {
            return {};
        }
        const quint32 first = match.captured(1).toUInt();
        const quint32 last = match.hasCaptured(2) ? match.captured(2).toUInt() : first;
        if (first == 0 || last < first || last - first > SenselessSetSize) {
            return {};
        }
        for (quint32 number = first; number <= last; ++number) {
            numbers.append(number);
        }
    }
    return numbers;
}

std::optional<SyncResponse> parseSyncResponse(const QByteArray &line)
{
    static const auto other = whole("\\* (FLAGS \\([^()]*\\)|STATUS \\S+ \\([A-Z0-9 ]+\\)"
                                    "|ENABLED( [A-Z]+)*|LIST .*|CAPABILITY .*)");
    const QString text = QString::fromLatin1(line);
    if (text.startsWith(QLatin1String("+ "))) {
        SyncResponse response;
        response.kind = Kind::Continuation;
        return response;
    }
    for (const auto parse : {parseNumbered, parseSet, parseStatus}) {
        if (auto response = parse(text)) {
            return response;
        }
    }
    return other.match(text).hasMatch() ? std::optional(SyncResponse()) : std::nullopt;
}

} // namespace Postnook
