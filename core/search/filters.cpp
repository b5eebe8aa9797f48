#include "core/search/filters.h"

#include "core/wire/tokencursor.h"

#include <QHash>

#include <algorithm>
#include <array>

namespace Postnook
{

namespace
{

using Kind = SearchKey::Kind;

constexpr std::array Roots{"/private/filters/values/", "/shared/filters/values/"}; // first come

// As in a plan: the whole around the parser's limit, and the pair that NEW stands for.
constexpr auto MaxOperatorDepth = MaxSearchDepth + 2;

Result<SearchProgram> parseCriteria(const QByteArray &criteria)
{
    TokenCursor cursor(criteria);
    return parseSearch(cursor, CharsetForm::None);
}

qsizetype depthOf(const QList<SearchKey> &keys)
{
    qsizetype depth = 0;
    QList<quint32> missing; // operands of each operator that is open
    for (const SearchKey &key : keys) {
        while (!missing.isEmpty() && missing.last() == 0) {
            missing.removeLast();
        }
        if (!missing.isEmpty()) {
            --missing.last();
        }
        if (key.count > 0) {
            missing.append(key.count);
            depth = std::max(depth, missing.size());
        }
    }
    return depth;
}

// Copies keys from left to right; where one is a filter, that filter's come first, and so on: what
// is open is on a stack.
class FilterExpander
{
public:
    explicit FilterExpander(ReadTxn &txn)
        : m_txn(txn)
    {
    }

    Result<SearchProgram> expand(const SearchProgram &program);

private:
    struct Open {
        QByteArray name; // lower case; of the whole: none
        QList<SearchKey> keys;
        qsizetype next = 0;
        bool isFuzzy = false; // it stands below FUZZY
    };

    std::optional<Error> takeNext();
    std::optional<Error> open(const QByteArray &name, bool isFuzzy);
    Result<SearchProgram> read(const QByteArray &name);

    ReadTxn &m_txn;
    SearchProgram m_whole;
    QList<Open> m_open;
    int m_fuzzyTexts = 0;
    QHash<QByteArray, SearchProgram> m_known; // by name in lower case
};

Result<SearchProgram> FilterExpander::expand(const SearchProgram &program)
{
    m_whole = program;
    m_whole.keys.clear();
    m_whole.usesFilters = false;
    m_open.append({.name = {}, .keys = program.keys});
    while (!m_open.isEmpty()) {
        if (const auto error = takeNext()) {
            return *error;
        }
    }
    if (depthOf(m_whole.keys) > MaxOperatorDepth) {
        return Error{
            ErrorCode::Limit,
            QStringLiteral("Search and filters nested deeper than %1").arg(MaxSearchDepth)};
    }
    return m_whole;
}

std::optional<Error> FilterExpander::takeNext()
{
    Open &innermost = m_open.last();
    if (innermost.next == innermost.keys.size()) {
        m_open.removeLast();
        return std::nullopt;
    }
    SearchKey key = innermost.keys.at(innermost.next++);
    key.isFuzzy = key.isFuzzy || innermost.isFuzzy;
    if (key.kind == Kind::Filter) {
        return open(key.name, key.isFuzzy);
    }
    if (key.isFuzzy && !key.text.isEmpty() && ++m_fuzzyTexts > MaxFuzzyTexts) {
        return Error{ErrorCode::Limit,
                     QStringLiteral("More than %1 fuzzy texts with filters").arg(MaxFuzzyTexts)};
    }
    if (m_whole.keys.size() >= MaxSearchKeys) {
        return Error{ErrorCode::Limit,
                     QStringLiteral("More than %1 search keys with filters").arg(MaxSearchKeys)};
    }
    m_whole.keys.append(key);
    return std::nullopt;
}

std::optional<Error> FilterExpander::open(const QByteArray &name, bool isFuzzy)
{
    const QByteArray lower = name.toLower();
    const bool isLoop = std::any_of(
        m_open.begin(), m_open.end(), [&lower](const Open &open) { return open.name == lower; });
    if (isLoop) {
        return Error{ErrorCode::NotFound, QString::fromLatin1(name)};
    }
    if (!m_known.contains(lower)) {
        const auto program = read(name);
        if (!program) {
            return program.error();
        }
        m_known.insert(lower, *program);
    }
    const SearchProgram &filter = m_known[lower];
    m_whole.needsContent = m_whole.needsContent || filter.needsContent;
    m_whole.usesNumbers = m_whole.usesNumbers || filter.usesNumbers;
    m_whole.namesNumbers = m_whole.namesNumbers || filter.namesNumbers;
    m_whole.usesModSeq = m_whole.usesModSeq || filter.usesModSeq;
    m_whole.isFuzzy = m_whole.isFuzzy || filter.isFuzzy;
    m_open.append({.name = lower, .keys = filter.keys, .isFuzzy = isFuzzy});
    return std::nullopt;
}

Result<SearchProgram> FilterExpander::read(const QByteArray &name)
{
    for (const char *root : Roots) {
        const auto criteria = m_txn.metadata(ServerMetadata, root + name);
        if (!criteria) {
            return criteria.error();
        }
        if (!*criteria) {
            continue;
        }
        auto program = parseCriteria(**criteria);
        if (!program && program.error().code == ErrorCode::Invalid) {
            return Error{ErrorCode::Invalid,
                         QStringLiteral("The filter %1 is no search: %2")
                             .arg(QString::fromLatin1(name), program.error().text)};
        }
        return program;
    }
    return Error{ErrorCode::NotFound, QString::fromLatin1(name)};
}

} // namespace

Result<SearchProgram> withFiltersFound(ReadTxn &txn, const SearchProgram &program)
{
    return FilterExpander(txn).expand(program);
}

Result<void> checkFilter(const QByteArray &entry, const std::optional<QByteArray> &value)
{
    const QByteArray lower = entry.toLower();
    const auto found = std::find_if(
        Roots.begin(), Roots.end(), [&lower](const char *root) { return lower.startsWith(root); });
    if (found == Roots.end() || !value) {
        return {};
    }
    TokenCursor name(QByteArrayView(entry).sliced(QByteArrayView(*found).size()));
    const bool canBeUsed = !name.atom().contains('/') && name.atEnd() && !name.hasFailed();
    if (!canBeUsed) {
        return Error{ErrorCode::Invalid, QStringLiteral("No filter can have this name")};
    }
    const auto program = parseCriteria(*value);
    if (!program) {
        return Error{ErrorCode::Invalid,
                     QStringLiteral("That is no search: ") + program.error().text};
    }
    return {};
}

} // namespace Postnook
