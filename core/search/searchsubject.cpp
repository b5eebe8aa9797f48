#include "core/search/searchsubject.h"

#include "core/mime/messagescanner.h"
#include "core/wire/datetime.h"

#include <algorithm>
#include <utility>

namespace Postnook
{

namespace
{

using Kind = SearchKey::Kind;

// One read of the store at most: bodySection() asks for whole parts.
constexpr auto ReadBytes = 256 * 1024;

SearchTruth truthOf(bool isTrue)
{
    return isTrue ? SearchTruth::True : SearchTruth::False;
}

bool contains(const QList<SequenceSet::Span> &spans, quint32 number)
{
    const auto it = std::lower_bound(
        spans.begin(), spans.end(), number, [](const SequenceSet::Span &span, quint32 n) {
            return span.last < n;
        });
    return it != spans.end() && it->first <= number;
}

bool hasKeyword(const QByteArrayList &keywords, const QByteArray &name)
{
    return std::any_of(keywords.begin(), keywords.end(), [&name](const QByteArray &keyword) {
        return keyword.compare(name, Qt::CaseInsensitive) == 0;
    });
}

// Calls visit(what is behind the prefix) for each line that begins with it, until that is true.
template <typename Visit>
bool anyLine(QByteArrayView lines, const QByteArray &prefix, Visit visit)
{
    for (qsizetype at = 0; at < lines.size();) {
        const auto end = lines.indexOf('\n', at);
        const auto line = lines.sliced(at, end - at);
        if (line.startsWith(prefix) && visit(line.sliced(prefix.size()))) {
            return true;
        }
        at = end + 1;
    }
    return false;
}

bool matchesDay(Kind before, Kind on, const SearchKey &key, qint64 day)
{
    return key.kind == before ? day < key.number
        : key.kind == on      ? day == key.number
                              : day >= key.number;
}

} // namespace

SearchSubject::SearchSubject(ReadTxn &txn, const SearchPlan &plan, const SearchScope &scope)
    : m_txn(txn)
    , m_plan(plan)
    , m_scope(scope)
    , m_fuzzy(plan.matchers().size())
{
}

void SearchSubject::setMessage(Uid uid, quint32 number, const MessageRow *row)
{
    m_uid = uid;
    m_number = number;
    m_row = row;
    m_content.reset();
    m_meta.reset();
    m_indexedHead.reset();
    m_hasIndexedBody.reset();
    m_rawHeader.reset();
    m_sentDay.reset();
    m_header.reset();
    m_addresses.reset();
    m_partHeaders.reset();
    m_body.reset();
    if (!m_fuzzy.isEmpty()) { // of an empty list begin() allocates
        std::fill(m_fuzzy.begin(), m_fuzzy.end(), FuzzyFinding());
    }
}

SearchTruth SearchSubject::test(const SearchStep &step, SearchCost limit)
{
    if (step.answer) {
        return *step.answer ? SearchTruth::True : SearchTruth::False;
    }
    if (step.matcher >= 0) {
        return testFuzzy(step, limit);
    }
    switch (step.key->kind) {
    case Kind::SentBefore:
    case Kind::SentOn:
    case Kind::SentSince:
        return testSent(*step.key, limit);
    case Kind::Header:
    case Kind::Addresses:
    case Kind::Body:
    case Kind::Text:
        return testText(step, limit);
    default:
        return truthOf(testRow(step));
    }
}

bool SearchSubject::testRow(const SearchStep &step) const
{
    const SearchKey &key = *step.key;
    switch (key.kind) {
    case Kind::SequenceNumbers:
    case Kind::Uids:
        return contains(step.numbers, m_number);
    case Kind::Recent:
        return contains(m_scope.recent, m_uid) == key.want;
    case Kind::Flag:
        return m_row->flags.system.testFlag(key.flag) == key.want;
    case Kind::Keyword:
        return hasKeyword(m_row->flags.keywords, key.name) == key.want;
    case Kind::ModSequence:
        return m_row->modSeq.value >= static_cast<quint64>(key.number);
    case Kind::Larger:
        return m_row->sizeBytes > static_cast<quint64>(key.number);
    case Kind::Smaller:
        return m_row->sizeBytes < static_cast<quint64>(key.number);
    case Kind::Before:
    case Kind::On:
    case Kind::Since:
        return matchesDay(Kind::Before, Kind::On, key, localDay(m_row->internalDate));
    case Kind::Older:
        return m_row->internalDate.secondsUtc <= m_scope.nowUtc - key.number;
    case Kind::Younger:
        return m_row->internalDate.secondsUtc >= m_scope.nowUtc - key.number;
    case Kind::SavedBefore:
    case Kind::SavedOn:
    case Kind::SavedSince:
        return matchesDay(Kind::SavedBefore, Kind::SavedOn, key, localDay({m_row->saveDateUtc, 0}));
    default: // All, and an AND of nothing
        return true;
    }
}

// RFC 9051 6.4.4: time and zone are disregarded, so it is the day as it stands in the header.
SearchTruth SearchSubject::testSent(const SearchKey &key, SearchCost limit)
{
    if (!m_sentDay && m_row->meta.scannerVersion >= Mime::ScannerVersion) {
        const auto &date = m_row->meta.sentDate;
        m_sentDay.emplace(date ? std::optional(localDay(*date)) : std::nullopt);
    }
    if (!m_sentDay) {
        if (limit == SearchCost::Row) {
            return SearchTruth::Unknown;
        }
        m_sentDay.emplace();
        const QByteArrayList dates = Mime::headerValues(rawHeader(), "date");
        if (!dates.isEmpty()) {
            if (const auto date = Mime::parseHeaderDate(dates.first())) {
                m_sentDay->emplace(localDay({date->secondsUtc, date->zoneMinutes}));
            }
        }
    }
    return truthOf(*m_sentDay && matchesDay(Kind::SentBefore, Kind::SentOn, key, **m_sentDay));
}

SearchTruth SearchSubject::testText(const SearchStep &step, SearchCost limit)
{
    if (step.indexed && step.indexed->ruleOut(m_row->content)) {
        return SearchTruth::False;
    }
    if (limit == SearchCost::Row) {
        return SearchTruth::Unknown;
    }
    const Kind kind = step.key->kind;
    if (kind == Kind::Header || kind == Kind::Addresses) {
        return truthOf(isInField(step));
    }
    if (kind == Kind::Text && step.text.indexIn(header()) >= 0) {
        return SearchTruth::True;
    }
    if (limit == SearchCost::Body || isIndexed()) {
        return truthOf((kind == Kind::Text && step.text.indexIn(partHeaders()) >= 0)
                       || step.text.indexIn(body()) >= 0);
    }
    return SearchTruth::Unknown;
}

bool SearchSubject::isInField(const SearchStep &step)
{
    const auto hasText = [&step](QByteArrayView value) {
        return step.text.indexIn(value.data(), value.size()) >= 0;
    };
    return !step.field.isEmpty()
        && (anyLine(header(), step.field, hasText)
            || (step.key->kind == Kind::Addresses
                && anyLine(addresses(), step.field + ' ', hasText)));
}

bool SearchSubject::isIndexed()
{
    return m_plan.needsHead() ? hasIndexedHead() : hasIndexedBody();
}

bool SearchSubject::hasIndexedHead()
{
    if (!m_indexedHead) {
        m_indexedHead.emplace(indexedText(TextPart::Head));
        if (*m_indexedHead) {
            const SearchText text = splitHead(**m_indexedHead);
            m_header = text.header;
            m_addresses = text.addresses;
            m_partHeaders = text.partHeaders;
        }
    }
    return m_indexedHead->has_value();
}

bool SearchSubject::hasIndexedBody()
{
    if (!m_hasIndexedBody) {
        m_body = indexedText(TextPart::Body);
        m_hasIndexedBody = m_body.has_value();
    }
    return *m_hasIndexedBody;
}

std::optional<QByteArray> SearchSubject::indexedText(TextPart part)
{
    auto text = m_txn.searchText(m_row->content, part);
    if (!text) {
        noteError(text.error());
        return std::nullopt;
    }
    return *std::move(text);
}

const QByteArray &SearchSubject::rawHeader()
{
    if (!m_rawHeader) {
        const auto *described = meta();
        m_rawHeader = described != nullptr
            ? read(0, std::min<quint64>(described->headerSize, Mime::MaxHeaderBytes))
            : QByteArray();
    }
    return *m_rawHeader;
}

// RFC 6203. Found in the header, a text need not be looked for in the body.
SearchTruth SearchSubject::testFuzzy(const SearchStep &step, SearchCost limit)
{
    const bool isInBody = step.key->kind == Kind::Body || step.key->kind == Kind::Text;
    if (fuzzyScore(step, std::min(limit, SearchCost::Header)) > 0) {
        return SearchTruth::True;
    }
    if (limit < (isInBody ? SearchCost::Body : SearchCost::Header)) {
        return SearchTruth::Unknown;
    }
    return truthOf(fuzzyScore(step, limit) > 0);
}

// The words of a TEXT may stand some in the header and some in the body.
int SearchSubject::fuzzyScore(const SearchStep &step, SearchCost limit)
{
    const FuzzyMatcher &matcher = m_plan.matchers().at(step.matcher);
    FuzzyFinding &finding = m_fuzzy[step.matcher];
    const Kind kind = step.key->kind;
    if (limit >= SearchCost::Header && !std::exchange(finding.hasHeader, true)) {
        const auto look = [&, weight = weightOfField(step.key->name)](QByteArrayView value) {
            matcher.look(QString::fromUtf8(value), weight, finding.match);
            return false;
        };
        if (kind == Kind::Text) {
            lookAtHeader(matcher, QString::fromUtf8(header()), finding.match);
        } else if (!step.field.isEmpty()) {
            anyLine(header(), step.field, look);
            anyLine(kind == Kind::Addresses ? addresses() : QByteArray(), step.field + ' ', look);
        }
    }
    const bool isInBody = kind == Kind::Body || kind == Kind::Text;
    if (limit >= SearchCost::Body && isInBody && matcher.score(finding.match) < BodyWeight
        && !std::exchange(finding.hasBody, true)) {
        if (kind == Kind::Text) {
            matcher.look(QString::fromUtf8(partHeaders()), BodyWeight, finding.match);
        }
        matcher.look(QString::fromUtf8(body()), BodyWeight, finding.match);
    }
    return matcher.score(finding.match);
}

const QByteArray &SearchSubject::header()
{
    if (!hasIndexedHead() && !m_header) {
        m_header = headerSection(rawHeader());
    }
    return *m_header;
}

const QByteArray &SearchSubject::addresses()
{
    if (!hasIndexedHead() && !m_addresses) {
        m_addresses = addressSection(rawHeader());
    }
    return *m_addresses;
}

const QByteArray &SearchSubject::partHeaders()
{
    if (!hasIndexedHead() && !m_partHeaders) {
        m_partHeaders = sectionOfParts(partHeaderSection);
    }
    return *m_partHeaders;
}

const QByteArray &SearchSubject::body()
{
    if (!hasIndexedBody() && !m_body) {
        m_body = sectionOfParts(bodySection);
    }
    return *m_body;
}

QByteArray SearchSubject::sectionOfParts(QByteArray (*make)(const MessageMeta &,
                                                            const Mime::ReadBytes &))
{
    const auto *described = meta();
    return described == nullptr
        ? QByteArray()
        : make(*described, [this](quint64 offset, quint64 size) { return read(offset, size); });
}

// As this version's scanner has it; null when the message cannot be read.
const MessageMeta *SearchSubject::meta()
{
    if (m_row->meta.scannerVersion >= Mime::ScannerVersion) {
        return &m_row->meta;
    }
    if (!m_meta && openContent()) {
        const auto meta = currentMeta(*m_content, m_row->meta);
        if (meta) {
            m_meta = *meta;
        } else {
            noteError(meta.error());
        }
    }
    return m_meta ? &*m_meta : nullptr;
}

bool SearchSubject::openContent()
{
    if (m_content == nullptr && !m_error) {
        auto opened = m_txn.contentOf(*m_row);
        if (opened) {
            m_content = std::move(*opened);
        } else {
            noteError(opened.error());
        }
    }
    return m_content != nullptr;
}

QByteArray SearchSubject::read(quint64 offset, quint64 size)
{
    QByteArray bytes;
    while (static_cast<quint64>(bytes.size()) < size && openContent()) {
        if (m_txn.isCancelled()) {
            noteError({ErrorCode::Cancelled, {}});
            break;
        }
        const auto position = static_cast<quint64>(bytes.size());
        const auto wanted = std::min<quint64>(size - position, ReadBytes);
        const auto chunk = m_content->read(offset + position, static_cast<qsizetype>(wanted));
        if (!chunk) {
            noteError(chunk.error());
            break;
        }
        bytes += *chunk;
        if (static_cast<quint64>(chunk->size()) < wanted) {
            break;
        }
    }
    return bytes;
}

void SearchSubject::noteError(const Error &error)
{
    if (error.code != ErrorCode::NotFound && error.code != ErrorCode::Corrupt && !m_error) {
        m_error = error;
    }
}

} // namespace Postnook
