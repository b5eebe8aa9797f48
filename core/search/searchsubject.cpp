#include "core/search/searchsubject.h"

#include "core/mime/addressparser.h"
#include "core/mime/messagescanner.h"
#include "core/mime/parttree.h"
#include "core/wire/datetime.h"

#include <algorithm>
#include <utility>

namespace Postnook
{

namespace
{

using Kind = SearchKey::Kind;

// One read of the store at most; searchableBody() asks for whole parts.
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
    , m_fieldValues(plan.fields().size())
    , m_fuzzy(plan.matchers().size())
{
}

void SearchSubject::setMessage(Uid uid, quint32 number, const MessageRow *row)
{
    m_uid = uid;
    m_number = number;
    m_row = row;
    m_content.reset();
    m_header.reset();
    for (auto &values : m_fieldValues) {
        values.reset();
    }
    m_sentDay.reset();
    m_headerText.reset();
    m_bodyText.reset();
    std::fill(m_fuzzy.begin(), m_fuzzy.end(), FuzzyFinding());
}

SearchTruth SearchSubject::test(const SearchStep &step, SearchCost limit)
{
    if (step.matcher >= 0) {
        return testFuzzy(step, limit);
    }
    switch (step.key->kind) {
    case Kind::SentBefore:
    case Kind::SentOn:
    case Kind::SentSince:
        return limit >= SearchCost::Header ? truthOf(testSent(*step.key)) : SearchTruth::Unknown;
    case Kind::Header:
    case Kind::Addresses:
        return limit >= SearchCost::Header ? truthOf(testHeader(step)) : SearchTruth::Unknown;
    case Kind::Body:
        return limit >= SearchCost::Body ? truthOf(bodyText().contains(step.key->text))
                                         : SearchTruth::Unknown;
    case Kind::Text:
        return testText(*step.key, limit);
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
bool SearchSubject::testSent(const SearchKey &key)
{
    if (!m_sentDay) {
        m_sentDay.emplace();
        const QByteArrayList dates = Mime::headerValues(header(), "date");
        if (!dates.isEmpty()) {
            if (const auto date = Mime::parseHeaderDate(dates.first())) {
                m_sentDay->emplace(localDay({date->secondsUtc, date->zoneMinutes}));
            }
        }
    }
    return *m_sentDay && matchesDay(Kind::SentBefore, Kind::SentOn, key, **m_sentDay);
}

bool SearchSubject::testHeader(const SearchStep &step)
{
    const QStringList &values = fieldValues(step.field);
    const QString &text = step.key->text;
    const bool isInText = std::any_of(values.begin(), values.end(), [&text](const QString &value) {
        return value.contains(text);
    });
    return isInText || (step.key->kind == Kind::Addresses && testAddresses(step));
}

// RFC 3501 6.4.4: "in the envelope structure's FROM field". Comments and folding inside an address
// must not hide it.
bool SearchSubject::testAddresses(const SearchStep &step)
{
    const QStringList texts = addresses(step);
    return std::any_of(texts.begin(), texts.end(), [&step](const QString &text) {
        return text.contains(step.key->text);
    });
}

QStringList SearchSubject::addresses(const SearchStep &step)
{
    QList<Mime::Address> parsed;
    for (const QByteArray &raw : Mime::headerValues(header(), m_plan.fields().at(step.field))) {
        Mime::parseAddresses(raw, parsed);
    }
    QStringList texts;
    for (const Mime::Address &address : std::as_const(parsed)) {
        if (address.kind == Mime::Address::Kind::Mailbox) {
            texts.append(
                Mime::foldForSearch(Mime::decodeHeaderText(address.mailbox + '@' + address.host)));
        }
    }
    return texts;
}

SearchTruth SearchSubject::testText(const SearchKey &key, SearchCost limit)
{
    if (limit == SearchCost::Row) {
        return SearchTruth::Unknown;
    }
    if (headerText().contains(key.text)) {
        return SearchTruth::True;
    }
    return limit == SearchCost::Body ? truthOf(bodyText().contains(key.text))
                                     : SearchTruth::Unknown;
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
        if (kind == Kind::Text) {
            lookAtHeader(matcher, headerText(), finding.match);
        } else if (kind != Kind::Body) {
            const int weight = weightOfField(step.key->name);
            const QStringList values = fieldValues(step.field)
                + (kind == Kind::Addresses ? addresses(step) : QStringList());
            for (const QString &value : values) {
                matcher.look(value, weight, finding.match);
            }
        }
    }
    const bool isInBody = kind == Kind::Body || kind == Kind::Text;
    if (limit >= SearchCost::Body && isInBody && matcher.score(finding.match) < BodyWeight
        && !std::exchange(finding.hasBody, true)) {
        matcher.look(bodyText(), BodyWeight, finding.match);
    }
    return matcher.score(finding.match);
}

const QByteArray &SearchSubject::header()
{
    if (!m_header) {
        m_header = read(0, std::min<quint64>(m_row->meta.headerSize, Mime::MaxHeaderBytes));
    }
    return *m_header;
}

const QStringList &SearchSubject::fieldValues(qsizetype field)
{
    std::optional<QStringList> &values = m_fieldValues[field];
    if (!values) {
        values.emplace();
        for (const QByteArray &raw : Mime::headerValues(header(), m_plan.fields().at(field))) {
            values->append(Mime::foldForSearch(Mime::decodeHeaderText(raw)));
        }
    }
    return *values;
}

const QString &SearchSubject::headerText()
{
    if (!m_headerText) {
        m_headerText = Mime::searchableHeader(header());
    }
    return *m_headerText;
}

const QString &SearchSubject::bodyText()
{
    if (!m_bodyText) {
        m_bodyText.emplace();
        if (const auto tree = Mime::PartTree::fromBytes(m_row->meta.parts)) {
            m_bodyText = Mime::searchableBody(
                *tree, [this](quint64 offset, quint64 size) { return read(offset, size); });
        }
    }
    return *m_bodyText;
}

bool SearchSubject::openContent()
{
    if (m_content == nullptr && !m_error) {
        auto opened = m_txn.content(m_row->content);
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
