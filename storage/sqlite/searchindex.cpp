#include "storage/sqlite/searchindex.h"

#include "storage/executor/poolexecutor.h"
#include "storage/logging.h"
#include "storage/sqlite/searchschema.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>

#include <algorithm>
#include <chrono>

namespace Postnook::Sqlite
{

namespace
{

using namespace std::chrono_literals;

// What one job does at most, others' turns in between: the index is written in few large pieces,
// and its log and the snapshot of the mail stay small.
constexpr qsizetype SliceBytes = 1024LL * 1024;
constexpr auto SliceTime = 100ms;
constexpr int SliceContents = 500;
constexpr int BlocksPerSlice = 500;
constexpr int MaxFailures = 3; // then it is the disk
constexpr int CheckpointPages = 4096; // 16 MiB of log
constexpr qsizetype MaxKeysBytes = 64LL * 1024 * 1024; // that wait to be written

// Only what the index misses is lost by a crash of the machine, and it is found missing.
constexpr auto IndexPragmas = "PRAGMA synchronous = NORMAL;";

// No octet of UTF-8, so that it is in no text and nothing is found across it.
constexpr char PartEnd = '\xff';

bool isDamage(const Error &error)
{
    return error.code == ErrorCode::Corrupt || error.code == ErrorCode::NotPermitted;
}

// What the trigrams are made of.
QByteArray wholeOf(const IndexText &text)
{
    return text.head + PartEnd + text.body;
}

} // namespace

SearchIndex::SearchIndex(QString path,
                         QByteArray vfsName,
                         SearchTexts texts,
                         std::function<void()> onWork)
    : m_path(std::move(path))
    , m_vfsName(std::move(vfsName))
    , m_texts(std::move(texts))
    , m_onWork(std::move(onWork))
{
}

SearchIndex::~SearchIndex() = default;

Result<void> SearchIndex::open(MailReader &mail)
{
    auto fits = openFile().and_then([&] { return isOf(mail); });
    if (fits && *fits) {
        m_isTrusted = true;
        return {};
    }
    if (!fits && !isDamage(fits.error())) {
        return fits.error();
    }
    if (!fits) {
        qCWarning(lcStorage, "search index made anew: %ls", qUtf16Printable(fits.error().text));
    }
    return startAfresh();
}

Result<void> SearchIndex::openFile()
{
    auto database = Database::open(m_path, Database::Mode::Writer, m_vfsName);
    if (!database) {
        return database.error();
    }
    if (auto ready = (*database)->runScript(IndexPragmas).and_then([&] {
            return migrate(**database, searchSchema(m_texts.version));
        });
        !ready) {
        return ready;
    }
    m_database = std::move(*database);
    return {};
}

// A mail database that was put back from a backup gives ids anew: what the index says of them is
// about other texts.
Result<bool> SearchIndex::isOf(MailReader &mail)
{
    auto state = m_database->statement("SELECT up_to, text_version FROM state");
    if (!state.next()) {
        return state.error().value_or(
            Error{ErrorCode::Corrupt, QStringLiteral("the state of the search index is missing")});
    }
    const auto lastId = mail.lastContentId();
    if (!lastId) {
        return lastId.error();
    }
    if (state.integer(1) != m_texts.version || state.number<ContentId>(0) > *lastId) {
        return false;
    }
    // The newest that is still there tells; of what is gone nothing can be asked.
    auto blocks = m_database->statement("SELECT directory FROM block ORDER BY id DESC");
    while (blocks.next()) {
        const auto block = TextBlock::fromDirectory(blocks.bytes(0));
        if (!block) {
            return block.error();
        }
        const auto &entries = block->entries();
        for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
            const auto sha256 = mail.contentSha256(entry->id);
            if (!sha256) {
                return sha256.error();
            }
            if (*sha256) {
                return (*sha256)->startsWith(entry->digest);
            }
        }
    }
    return blocks.error() ? Result<bool>(*blocks.error()) : Result<bool>(true);
}

Result<void> SearchIndex::startAfresh()
{
    m_database.reset();
    if (auto removed = removeFiles(); !removed) {
        return removed;
    }
    m_isDamaged = false;
    auto begun = openFile();
    m_isTrusted = begun.has_value();
    return begun;
}

// A reader that opened the old file and looked for the log of the new one would read nonsense.
Result<void> SearchIndex::removeFiles()
{
    const std::lock_guard lock(m_connecting);
    m_isTrusted = false;
    ++m_generation;
    for (const auto *suffix : {"", "-wal", "-shm"}) {
        QFile file(m_path + QLatin1StringView(suffix));
        if (file.exists() && !file.remove()) { // Windows: a reader still has it open
            return Error{ErrorCode::Unavailable,
                         QStringLiteral("cannot remove %1: %2")
                             .arg(QDir::toNativeSeparators(file.fileName()), file.errorString())};
        }
    }
    return {};
}

Result<SearchIndex::Connection> SearchIndex::connect()
{
    const std::lock_guard lock(m_connecting);
    if (!m_isTrusted) {
        return Error{ErrorCode::Unavailable, QStringLiteral("there is no search index yet")};
    }
    auto database = Database::open(m_path, Database::Mode::Reader, m_vfsName);
    if (!database) {
        return database.error();
    }
    auto begun = (*database)->run("BEGIN").and_then([&] {
        return (*database)->statement("SELECT up_to FROM state").run(); // opens the log too
    });
    if (!begun) {
        return begun.error();
    }
    return Connection{std::move(*database), m_generation};
}

void SearchIndex::distrust()
{
    m_isDamaged = true;
    if (m_isTrusted.exchange(false)) {
        ++m_generation;
        m_onWork();
    }
}

template <typename Change>
auto SearchIndex::inTransaction(Change change) -> std::invoke_result_t<Change &>
{
    if (auto begun = m_database->run("BEGIN IMMEDIATE"); !begun) {
        return begun.error();
    }
    auto done = change();
    if (done) {
        if (auto committed = m_database->run("COMMIT"); !committed) {
            done = committed.error();
        }
    }
    if (m_database->inTransaction()) {
        static_cast<void>(m_database->run("ROLLBACK"));
    }
    if (m_database->walPages() >= CheckpointPages) {
        m_database->checkpoint(Database::Checkpoint::Passive);
    }
    return done;
}

Result<bool> SearchIndex::addMore(MailReader &mail)
{
    if (m_isDamaged || !m_isTrusted || !m_database) {
        if (auto opened = m_isDamaged ? startAfresh() : open(mail); !opened) {
            return opened.error();
        }
    }
    auto added = inTransaction([&] {
        auto written = writeKeys();
        return !written || *written ? written : addSlice(mail);
    });
    m_failures = added ? 0 : m_failures + 1;
    if (!added && isDamage(added.error()) && m_failures < MaxFailures) {
        qCWarning(lcStorage, "search index made anew: %ls", qUtf16Printable(added.error().text));
        if (auto begun = startAfresh(); !begun) {
            return begun.error();
        }
        return true;
    }
    return added;
}

void SearchIndex::keepKeys(MailboxId mailbox, int number, const QByteArray &keys)
{
    {
        const std::lock_guard lock(m_keysMutex);
        const auto isOlder = [&](const Keys &waiting) {
            return waiting.mailbox == mailbox && waiting.number == number;
        };
        qsizetype bytes = keys.size();
        for (const Keys &waiting : std::as_const(m_keys)) {
            bytes += isOlder(waiting) ? 0 : waiting.data.size();
        }
        if (bytes > MaxKeysBytes) {
            return;
        }
        m_keys.removeIf(isOlder);
        m_keys.append({mailbox, number, keys});
    }
    m_onWork();
}

Result<bool> SearchIndex::writeKeys()
{
    Keys keys;
    {
        const std::lock_guard lock(m_keysMutex);
        if (m_keys.isEmpty()) {
            return false;
        }
        keys = m_keys.takeFirst();
    }
    const auto written = m_database->run(
        "INSERT OR REPLACE INTO keys (mailbox, number, size, data) VALUES (?1, ?2, ?3, ?4)",
        keys.mailbox,
        keys.number,
        keys.data.size(),
        compressed(keys.data));
    return written ? Result(true) : written.error();
}

Result<bool> SearchIndex::addSlice(MailReader &mail)
{
    auto last = upTo();
    if (!last) {
        return last.error();
    }
    const auto contents = mail.contentsAbove(*last, SliceContents);
    if (!contents || contents->isEmpty()) {
        return contents ? Result<bool>(false) : Result<bool>(contents.error());
    }
    auto block = lastBlock();
    if (!block) {
        return block.error();
    }
    const QDeadlineTimer deadline(SliceTime);
    qsizetype bytes = 0;
    for (const ContentRow &content : *contents) {
        PoolExecutor::letOthersRun();
        const auto text = makeText(mail, content);
        if (!text) {
            return text.error();
        }
        last = content.id;
        if (!*text) {
            continue;
        }
        if (auto indexed = m_database->run("INSERT INTO trigram (rowid, text) VALUES (?1, ?2)",
                                           content.id,
                                           Text{wholeOf(**text)});
            !indexed) {
            return indexed.error();
        }
        if (block->texts.isFull() || block->texts.isEmpty()) {
            if (auto written = write(*block); !written) {
                return written.error();
            }
            *block = {content.id, {}};
        }
        block->texts.append(content.id, content.sha256, **text);
        bytes += (*text)->head.size() + (*text)->body.size();
        if (bytes >= SliceBytes || deadline.hasExpired()) {
            break;
        }
    }
    const auto done = write(*block).and_then(
        [&] { return m_database->run("UPDATE state SET up_to = ?1", *last); });
    return done ? Result<bool>(*last < contents->last().id || contents->size() == SliceContents)
                : done.error();
}

// Nothing for a message that cannot be read: it has no text that could be found.
Result<std::optional<IndexText>> SearchIndex::makeText(MailReader &mail, const ContentRow &content)
{
    const auto reader = mail.content(content.id);
    auto text = reader ? m_texts.make(**reader, content.meta) : reader.error();
    if (text) {
        return std::optional(std::move(*text));
    }
    const auto code = text.error().code;
    if (code == ErrorCode::Corrupt || code == ErrorCode::NotFound) {
        return std::optional<IndexText>();
    }
    return text.error();
}

Result<ContentId> SearchIndex::upTo()
{
    auto state = m_database->statement("SELECT up_to FROM state");
    if (!state.next()) {
        return state.error().value_or(
            Error{ErrorCode::Corrupt, QStringLiteral("the state of the search index is missing")});
    }
    return state.number<ContentId>(0);
}

Result<SearchIndex::LastBlock> SearchIndex::lastBlock()
{
    auto row = m_database->statement(
        "SELECT directory, heads, bodies, id FROM block ORDER BY id DESC LIMIT 1");
    if (!row.next()) {
        return row.error() ? Result<LastBlock>(*row.error()) : LastBlock();
    }
    auto texts = TextBlock::fromStored(row.bytes(0), row.bytes(1), row.bytes(2));
    return texts ? Result(LastBlock{row.number<ContentId>(3), std::move(*texts)}) : texts.error();
}

Result<void> SearchIndex::write(const LastBlock &block)
{
    if (block.texts.isEmpty()) {
        return {};
    }
    return m_database->run("INSERT OR REPLACE INTO block (id, size, directory, heads, bodies)"
                           " VALUES (?1, ?2, ?3, ?4, ?5)",
                           block.id,
                           block.texts.sizeBytes(),
                           block.texts.directory(),
                           block.texts.compressed(TextPart::Head),
                           block.texts.compressed(TextPart::Body));
}

Result<bool> SearchIndex::dropForgotten(MailReader &mail, ContentId &after)
{
    if (!m_isTrusted || !m_database) {
        return false;
    }
    if (after == ContentId(0)) {
        if (auto dropped = dropKeysOfGone(mail); !dropped) {
            return dropped.error();
        }
    }
    QList<std::pair<ContentId, QList<ContentId>>> found;
    int blocks = 0;
    {
        auto rows = m_database->statement(
            "SELECT id, directory FROM block WHERE id > ?1 ORDER BY id LIMIT ?2",
            after,
            BlocksPerSlice);
        for (; rows.next(); ++blocks) {
            const auto block = TextBlock::fromDirectory(rows.bytes(1));
            if (!block) {
                return block.error();
            }
            QList<ContentId> forgotten;
            for (const TextBlock::Entry &entry : block->entries()) {
                const auto sha256 = mail.contentSha256(entry.id);
                if (!sha256) {
                    return sha256.error();
                }
                if (!*sha256) {
                    forgotten.append(entry.id);
                }
            }
            after = rows.number<ContentId>(0);
            if (!forgotten.isEmpty()) {
                found.append({after, forgotten});
            }
        }
        if (rows.error()) {
            return *rows.error();
        }
    }
    for (const auto &[block, forgotten] : std::as_const(found)) {
        // C++20 lets a lambda capture a structured binding; not all compilers do yet.
        const auto drop = [this, &in = block, &gone = forgotten] { return dropTexts(in, gone); };
        if (auto dropped = inTransaction(drop); !dropped) {
            return dropped.error();
        }
    }
    return blocks == BlocksPerSlice;
}

Result<void> SearchIndex::dropKeysOfGone(MailReader &mail)
{
    QList<MailboxId> gone;
    {
        auto rows = m_database->statement("SELECT DISTINCT mailbox FROM keys");
        while (rows.next()) {
            const auto id = rows.number<MailboxId>(0);
            if (const auto info = mail.mailbox(id); !info) {
                if (info.error().code != ErrorCode::NotFound) {
                    return info.error();
                }
                gone.append(id);
            }
        }
        if (rows.error()) {
            return *rows.error();
        }
    }
    for (const MailboxId id : std::as_const(gone)) {
        if (auto dropped = m_database->run("DELETE FROM keys WHERE mailbox = ?1", id); !dropped) {
            return dropped;
        }
    }
    return {};
}

// The trigram index knows no text: to take an entry out it has to be told what it was made of.
Result<void> SearchIndex::dropTexts(ContentId block, const QList<ContentId> &forgotten)
{
    auto row =
        m_database->statement("SELECT directory, heads, bodies FROM block WHERE id = ?1", block);
    if (!row.next()) {
        return row.outcome();
    }
    auto texts = TextBlock::fromStored(row.bytes(0), row.bytes(1), row.bytes(2));
    if (!texts) {
        return texts.error();
    }
    for (const ContentId id : forgotten) {
        const IndexText text{*texts->text(id, TextPart::Head), *texts->text(id, TextPart::Body)};
        if (auto dropped = m_database->run(
                "INSERT INTO trigram (trigram, rowid, text) VALUES ('delete', ?1, ?2)",
                id,
                Text{wholeOf(text)});
            !dropped) {
            return dropped;
        }
        texts->remove(id);
    }
    return texts->isEmpty() ? m_database->run("DELETE FROM block WHERE id = ?1", block)
                            : write({block, *texts});
}

Result<bool> SearchIndex::giveBackSpace()
{
    if (!m_isTrusted || !m_database) {
        return false;
    }
    return inTransaction([this] {
        return m_database->giveBackPages().transform([](qint64 left) { return left > 0; });
    });
}

void SearchIndex::checkpointFully()
{
    if (m_database) {
        m_database->checkpoint(Database::Checkpoint::Truncate);
    }
}

} // namespace Postnook::Sqlite
