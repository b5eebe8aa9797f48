#include "storage/sqlite/accountbackup.h"

#include "storage/executor/poolexecutor.h"
#include "storage/sqlite/verification.h"

#include <QDir>
#include <QElapsedTimer>
#include <QStorageInfo>

#include <array>

namespace Postnook::Sqlite
{

namespace
{

// A slice occupies a thread of the pool for about so long: short enough that nobody notices.
constexpr qint64 SliceMs = 15;
constexpr int PagesAtOnce = 64; // a quarter of a MiB
constexpr qsizetype DigestBytes = 1024LL * 1024;

} // namespace

AccountBackupJob::AccountBackupJob(Parts parts)
    : m_parts(std::move(parts))
    , m_hold(m_parts.contents->holdFiles())
{
    m_report.id = m_entry.id = m_parts.account.id;
    m_report.name = m_entry.name = m_parts.account.name;
}

Result<bool> AccountBackupJob::slice()
{
    QElapsedTimer clock;
    clock.start();
    auto more = work();
    while (more && *more && clock.elapsed() < SliceMs) {
        more = work();
    }
    if (!more && more.error().code == ErrorCode::OverQuota) {
        dropNewFiles(); // a full disk is no help to anybody
    }
    if (!more || !*more) {
        close();
    }
    return more;
}

void AccountBackupJob::close()
{
    m_texts.reset();
    m_copy.reset();
    m_copiedFile.reset();
    m_databaseCopy.reset();
    m_source.reset();
    m_hold.reset();
}

Result<bool> AccountBackupJob::work()
{
    constexpr std::array<Step, 6> steps{&AccountBackupJob::openSource,
                                        &AccountBackupJob::copyDatabase,
                                        &AccountBackupJob::digestDatabase,
                                        &AccountBackupJob::checkDatabase,
                                        &AccountBackupJob::bringTexts,
                                        &AccountBackupJob::keepDatabase};
    const auto more = (this->*steps[m_step])();
    if (more && !*more) {
        ++m_step;
        return m_step < steps.size();
    }
    return more;
}

// From the first read on the connection sees one moment, until it ends its transaction.
Result<bool> AccountBackupJob::openSource()
{
    auto source = Database::open(m_parts.accountFolder + QStringLiteral("/mail.db"),
                                 Database::Mode::Reader,
                                 m_parts.vfsName);
    if (!source) {
        return source.error();
    }
    m_source = std::move(*source);
    if (auto begun = m_source->run("BEGIN"); !begun) {
        return begun.error();
    }
    const auto pages = m_source->number("SELECT page_count FROM pragma_page_count");
    const auto pageBytes = m_source->number("SELECT page_size FROM pragma_page_size");
    if (!pages || !pageBytes) {
        return pages ? pageBytes.error() : pages.error();
    }
    m_report.databaseBytes = m_entry.databaseBytes = *pages * *pageBytes;
    m_parts.progress->totalBytes += m_entry.databaseBytes;
    const QStorageInfo disk(m_parts.folder->path());
    if (disk.bytesTotal() > 0 && disk.bytesAvailable() < m_entry.databaseBytes) {
        return Error{ErrorCode::OverQuota,
                     QStringLiteral("%1 more bytes are needed").arg(m_entry.databaseBytes)};
    }
    const auto path = m_parts.folder->newDatabasePath();
    auto &files = m_parts.folder->files();
    if (auto removed = files.remove(path); !removed) {
        return removed.error();
    }
    if (auto made = files.create(path); !made) { // with its mode
        return made.error();
    }
    auto copy = DatabaseCopy::start(*m_source, path, m_parts.vfsName);
    if (!copy) {
        return copy.error();
    }
    m_databaseCopy = std::move(*copy);
    return false;
}

Result<bool> AccountBackupJob::copyDatabase()
{
    const auto before = m_databaseCopy->doneBytes();
    const auto more = m_databaseCopy->copyMore(PagesAtOnce);
    m_parts.progress->doneBytes += m_databaseCopy->doneBytes() - before;
    if (more && !*more) {
        m_databaseCopy.reset();
        m_source.reset(); // its log may be put away again
    }
    return more;
}

Result<bool> AccountBackupJob::digestDatabase()
{
    if (!m_copiedFile) {
        auto file = m_parts.folder->files().open(m_parts.folder->newDatabasePath());
        if (!file) {
            return file.error();
        }
        m_copiedFile = std::move(*file);
    }
    const auto piece = m_copiedFile->read(static_cast<quint64>(m_digested), DigestBytes);
    if (!piece) {
        return piece.error();
    }
    m_digest.add(*piece);
    m_digested += piece->size();
    if (piece->size() == DigestBytes) {
        return true;
    }
    m_copiedFile.reset();
    m_entry.database = m_digest.result();
    m_report.databaseBytes = m_entry.databaseBytes = m_digested;
    return false;
}

Result<bool> AccountBackupJob::checkDatabase()
{
    auto copy =
        Database::open(m_parts.folder->newDatabasePath(), Database::Mode::Frozen, m_parts.vfsName);
    if (!copy) {
        return copy.error();
    }
    m_copy = std::move(*copy);
    const auto faults = findFaults(*m_copy, [] { PoolExecutor::letOthersRun(); });
    if (!faults) {
        return faults.error();
    }
    if (!faults->isEmpty()) {
        return Error{ErrorCode::Corrupt, faults->first()};
    }
    const auto messages = m_copy->number("SELECT count(*) FROM message");
    const auto mailboxes = m_copy->number("SELECT count(*) FROM mailbox WHERE deleted_at IS NULL");
    const auto schema = m_copy->number("SELECT user_version FROM pragma_user_version");
    const auto fileBytes =
        m_copy->number("SELECT ifnull(sum(size), 0) FROM content WHERE file IS NOT NULL");
    for (const auto *value : {&messages, &mailboxes, &schema, &fileBytes}) {
        if (!*value) {
            return value->error();
        }
    }
    m_report.messages = m_entry.messages = *messages;
    m_entry.mailboxes = *mailboxes;
    m_entry.schema = static_cast<int>(*schema);
    m_parts.progress->totalBytes += *fileBytes;
    const auto makeFolder = [this](const QString &name) -> Result<void> {
        const auto folder = name.first(2);
        auto made = m_folders.contains(folder)
            ? Result<void>()
            : m_parts.folder->makeFolderOf(m_parts.account.id, name);
        if (made) {
            m_folders.insert(folder);
        }
        return made;
    };
    m_texts = std::make_unique<TextTransfer>(
        *m_copy,
        m_parts.folder->files(),
        TextTransfer::Parts{m_parts.accountFolder + QStringLiteral("/content"),
                            m_parts.folder->contentFolder(m_parts.account.id),
                            makeFolder,
                            true,
                            m_parts.readsAll});
    return false;
}

Result<bool> AccountBackupJob::bringTexts()
{
    const auto more = m_texts->more();
    m_parts.progress->doneBytes += m_texts->lastBytes();
    m_report.files = m_entry.files = m_texts->files();
    m_report.fileBytes = m_entry.fileBytes = m_texts->fileBytes();
    m_report.newFiles = m_texts->copiedFiles();
    m_report.newFileBytes = m_texts->copiedBytes();
    m_report.textsRead = m_texts->texts();
    return more;
}

Result<bool> AccountBackupJob::keepDatabase()
{
    m_texts.reset();
    m_copy.reset();
    return m_parts.folder->keepNewDatabase(m_entry.database).transform([] { return false; });
}

void AccountBackupJob::dropNewFiles()
{
    auto files = m_texts ? m_texts->newFiles() : QStringList();
    m_texts.reset();
    m_copy.reset();
    m_databaseCopy.reset();
    files.append(m_parts.folder->newDatabasePath());
    for (const auto &path : std::as_const(files)) {
        static_cast<void>(m_parts.folder->files().remove(path));
    }
}

} // namespace Postnook::Sqlite
