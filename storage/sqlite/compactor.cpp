#include "storage/sqlite/compactor.h"

#include <QDirIterator>
#include <QFileInfo>

namespace Postnook::Sqlite
{

namespace
{

constexpr int SlicesPerCall = 16; // a second or so, after which whoever waits hears how it goes
constexpr int FilesAtATime = 256; // looked at before others get their turn

// Pool thread.
qint64 sizeOfFolder(const QString &folder)
{
    qint64 sizeBytes = 0;
    int files = 0;
    QDirIterator all(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (all.hasNext()) {
        all.next();
        sizeBytes += all.fileInfo().size();
        if (++files % FilesAtATime == 0) {
            PoolExecutor::letOthersRun();
        }
    }
    return sizeBytes;
}

} // namespace

Compactor::Compactor(PoolExecutor &executor,
                     std::shared_ptr<MailDatabase> database,
                     CancelToken cancel,
                     Done done)
    : m_executor(executor)
    , m_database(std::move(database))
    , m_cancel(std::move(cancel))
    , m_done(std::move(done))
{
}

void Compactor::begin(const Clean &clean)
{
    measure([self = shared_from_this(), clean](qint64 sizeBytes) {
        clean([self, sizeBytes](const std::optional<Error> &error) {
            self->m_done(error ? Result<Compaction>(*error) : Compaction{false, sizeBytes});
        });
    });
}

void Compactor::goOn()
{
    shrinkMail();
}

void Compactor::shrinkMail()
{
    const auto hasMore = std::make_shared<Result<bool>>(false);
    m_database->startBackgroundWrite(
        {[hasMore](WriteTxn &txn) -> std::optional<Error> {
             auto &database = static_cast<SqliteWriteTxn &>(txn).context().database;
             *hasMore = database.giveBackPages().transform([](qint64 left) { return left > 0; });
             return *hasMore ? std::nullopt : std::make_optional(hasMore->error());
         },
         [self = shared_from_this(), hasMore](const std::optional<Error> &error) {
             self->sliceDone(error ? Result<bool>(*error) : *hasMore,
                             &Compactor::shrinkMail,
                             &Compactor::shrinkIndex);
         },
         {}});
}

void Compactor::shrinkIndex()
{
    if (!m_database->hasSearchIndex()) {
        tidy();
        return;
    }
    m_database->startShrinkingIndex([self = shared_from_this()](const Result<bool> &hasMore) {
        self->sliceDone(hasMore, &Compactor::shrinkIndex, &Compactor::tidy);
    });
}

void Compactor::sliceDone(const Result<bool> &hasMore,
                          void (Compactor::*same)(),
                          void (Compactor::*next)())
{
    if (!hasMore) {
        m_done(hasMore.error());
    } else if (*m_cancel) {
        m_done(Error{ErrorCode::Cancelled, QStringLiteral("the storage is being closed")});
    } else if (*hasMore && ++m_slices >= SlicesPerCall) {
        m_done(Compaction());
    } else {
        (this->*(*hasMore ? same : next))();
    }
}

// A file gets smaller when the log is put away.
void Compactor::tidy()
{
    m_database->startTidying([self = shared_from_this()] {
        self->measure([self](qint64 sizeBytes) { self->m_done(Compaction{true, sizeBytes}); });
    });
}

void Compactor::measure(std::function<void(qint64 sizeBytes)> measured)
{
    const auto sizeBytes = std::make_shared<qint64>(0);
    m_executor.start(
        JobClass::Background,
        [sizeBytes, folder = QFileInfo(m_database->path()).path()] {
            *sizeBytes = sizeOfFolder(folder);
        },
        [sizeBytes, measured = std::move(measured)] { measured(*sizeBytes); });
}

} // namespace Postnook::Sqlite
