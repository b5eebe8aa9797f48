#include "storage/sqlite/searchreader.h"

#include "storage/executor/poolexecutor.h"
#include "storage/logging.h"
#include "storage/sqlite/indexcheck.h"

#include <algorithm>
#include <limits>

namespace Postnook::Sqlite
{

namespace
{

// More of them rule out little that these have left.
constexpr qsizetype MaxTrigrams = 12;

constexpr qsizetype RowsBetweenOthers = 64;

// The parts of three characters, spread over the whole, as an FTS5 query; empty when it is shorter.
QByteArray trigramQuery(const QByteArray &part)
{
    QList<qsizetype> starts; // of characters, and the end
    for (qsizetype at = 0; at < part.size(); ++at) {
        if ((part[at] & 0xc0) != 0x80) {
            starts.append(at);
        }
    }
    starts.append(part.size());
    const qsizetype trigrams = starts.size() - 3;
    if (trigrams < 1) {
        return {};
    }
    const qsizetype picked = std::min(trigrams, MaxTrigrams);
    QByteArray query;
    for (qsizetype i = 0; i < picked; ++i) {
        const qsizetype at = picked == 1 ? 0 : i * (trigrams - 1) / (picked - 1);
        auto trigram = part.mid(starts[at], starts[at + 3] - starts[at]);
        query += (query.isEmpty() ? "\"" : " AND \"") + trigram.replace('"', "\"\"") + '"';
    }
    return query;
}

} // namespace

bool SearchReader::begin()
{
    if (m_isReading) {
        return m_connection.database != nullptr && !m_isBroken;
    }
    m_isReading = true;
    if (m_connection.database != nullptr && m_index.isCurrent(m_connection.generation)) {
        if (m_connection.database->run("BEGIN")) {
            m_connection.database->setCancelToken(m_cancel);
            return true;
        }
    }
    m_connection = {};
    auto connection = m_index.connect();
    if (!connection) {
        if (connection.error().code == ErrorCode::Corrupt) {
            m_index.distrust();
        }
        return false;
    }
    m_connection = std::move(*connection);
    m_connection.database->setCancelToken(m_cancel);
    return true;
}

void SearchReader::end()
{
    m_cancel = {};
    m_block = {};
    m_blockEnd = m_blockStart = ContentId(0);
    if (m_isReading && m_connection.database != nullptr) {
        m_connection.database->setCancelToken({});
        const bool isSound = m_connection.database->run("ROLLBACK").has_value() && !m_isBroken
            && m_index.isCurrent(m_connection.generation);
        if (!isSound) {
            m_connection = {};
        }
    }
    m_isReading = m_isBroken = false;
}

template <typename T>
Result<T> SearchReader::unknown(const Error &error)
{
    if (error.code == ErrorCode::Cancelled) {
        return error;
    }
    qCWarning(lcStorage, "search index: %ls", qUtf16Printable(error.text));
    if (error.code == ErrorCode::Corrupt) {
        m_index.distrust();
    }
    m_isBroken = true;
    return T();
}

Result<ContentId> SearchReader::upTo()
{
    if (!begin()) {
        return ContentId(0);
    }
    auto state = m_connection.database->statement("SELECT up_to FROM state");
    const bool isThere = state.next();
    return state.error() ? unknown<ContentId>(*state.error())
        : isThere        ? Result(state.number<ContentId>(0))
                         : Result(ContentId(0));
}

Result<IndexedContents> SearchReader::contentsWithText(const QByteArray &part)
{
    const auto query = trigramQuery(part);
    const auto indexed = upTo();
    if (!indexed || query.isEmpty() || *indexed == ContentId(0)) {
        return indexed ? Result(IndexedContents()) : indexed.error();
    }
    IndexedContents contents{.upTo = *indexed, .found = {}};
    auto rows = m_connection.database->statement(
        "SELECT rowid FROM trigram WHERE trigram MATCH ?1 ORDER BY rowid", Text{query});
    while (rows.next()) {
        const auto id = rows.number<ContentId>(0);
        if (id <= ContentId(0) || id > *indexed) {
            return unknown<IndexedContents>(
                {ErrorCode::Corrupt,
                 QStringLiteral("the search index names a text beyond its end")});
        }
        contents.found.append(id);
        if (contents.found.size() % RowsBetweenOthers == 0) {
            PoolExecutor::letOthersRun();
        }
    }
    return rows.error() ? unknown<IndexedContents>(*rows.error()) : Result(std::move(contents));
}

Result<std::optional<QByteArray>> SearchReader::text(ContentId id, TextPart part)
{
    using Found = std::optional<QByteArray>;
    if (!begin()) {
        return Found();
    }
    if (id < m_blockStart || id >= m_blockEnd) {
        if (auto found = findBlock(id); !found) {
            return unknown<Found>(found.error());
        }
    }
    if (!m_block.isEmpty() && !m_block.isLoaded(part)) {
        if (auto loaded = loadPart(part); !loaded) {
            return unknown<Found>(loaded.error());
        }
    }
    return m_block.text(id, part);
}

Result<void> SearchReader::findBlock(ContentId id)
{
    auto row = m_connection.database->statement(
        "SELECT id, directory, (SELECT min(id) FROM block WHERE id > ?1)"
        " FROM block WHERE id <= ?1 ORDER BY id DESC LIMIT 1",
        id);
    m_block = {};
    m_blockStart = m_blockEnd = id;
    if (!row.next()) {
        return row.outcome();
    }
    auto block = TextBlock::fromDirectory(row.bytes(1));
    if (!block) {
        return block.error();
    }
    m_block = std::move(*block);
    m_blockStart = row.number<ContentId>(0);
    m_blockEnd =
        row.isNull(2) ? ContentId(std::numeric_limits<qint64>::max()) : row.number<ContentId>(2);
    return {};
}

Result<void> SearchReader::loadPart(TextPart part)
{
    const auto sql = part == TextPart::Head ? Sql("SELECT heads FROM block WHERE id = ?1")
                                            : Sql("SELECT bodies FROM block WHERE id = ?1");
    auto row = m_connection.database->statement(sql, m_blockStart);
    if (!row.next()) {
        return row.error().value_or(
            Error{ErrorCode::Corrupt, QStringLiteral("a block of search texts has gone")});
    }
    return m_block.load(part, row.bytes(0), m_decompressor);
}

Result<std::optional<QByteArray>> SearchReader::keptKeys(MailboxId mailbox, int number)
{
    using Kept = std::optional<QByteArray>;
    if (!begin()) {
        return Kept();
    }
    auto row = m_connection.database->statement(
        "SELECT data, size FROM keys WHERE mailbox = ?1 AND number = ?2", mailbox, number);
    if (!row.next()) {
        return row.error() ? unknown<Kept>(*row.error()) : Result(Kept());
    }
    auto keys = m_decompressor.decompressed(row.bytes(0), row.integer(1));
    return keys ? Result(Kept(std::move(*keys))) : unknown<Kept>(keys.error());
}

Result<bool> SearchReader::isSound(const std::function<void()> &pause)
{
    if (!begin()) {
        return true; // there is none
    }
    const auto isSound = trigramsFitTexts(*m_connection.database, pause);
    if (!isSound) {
        return unknown<bool>(isSound.error());
    }
    if (!*isSound) {
        m_index.distrust();
    }
    m_isBroken = true; // what was made to look at it goes with the connection
    return isSound;
}

Result<SearchIndexState> SearchReader::state()
{
    SearchIndexState state;
    if (!begin()) {
        return state;
    }
    auto texts =
        m_connection.database->statement("SELECT size, length(heads) + length(bodies), directory"
                                         " FROM block");
    while (texts.next()) {
        const auto block = TextBlock::fromDirectory(texts.bytes(2));
        if (!block) {
            return unknown<SearchIndexState>(block.error());
        }
        state.contents += block->entries().size();
        state.textBytes += texts.integer(0);
        state.storedTextBytes += texts.integer(1) + texts.view(2).size();
    }
    auto index = m_connection.database->statement("SELECT sum(length(block)) FROM trigram_data");
    if (index.next()) {
        state.indexBytes = index.integer(0);
    }
    for (const auto &error : {texts.error(), index.error()}) {
        if (error) {
            return unknown<SearchIndexState>(*error);
        }
    }
    return state;
}

} // namespace Postnook::Sqlite
