#include "storage/sqlite/maildatabase.h"

#include "storage/logging.h"

namespace Postnook::Sqlite
{

MailDatabase::MailDatabase(PoolExecutor &executor, Parts parts)
    : m_executor(executor)
    , m_path(parts.path)
    , m_contents(parts.contents)
    , m_writer(parts.path, parts.vfsName, parts.contents, std::move(parts.nowUtc))
    , m_search(parts.searchTexts.make ? std::make_unique<SearchIndex>(parts.searchPath,
                                                                      parts.vfsName,
                                                                      std::move(parts.searchTexts),
                                                                      [this] { tellIndexWork(); })
                                      : nullptr)
    , m_readers(parts.path, parts.vfsName, parts.contents, m_search.get())
    , m_lane(executor, m_writer, [this](const QList<CommitNotice> &notices) {
        if (m_listener) {
            m_listener(notices);
        }
    })
{
}

Result<void> MailDatabase::open()
{
    if (auto opened = m_writer.open(); !opened || !m_search) {
        return opened;
    }
    // Mail goes without its index; the next slice of indexing tries again.
    auto indexOpened = Result<void>();
    const auto error = m_readers.run(
        [&](ReadTxn &txn) {
            indexOpened = m_search->open(static_cast<SqliteReadTxn &>(txn).reader());
        },
        {});
    if (error || !indexOpened) {
        const auto &why = error ? *error : indexOpened.error();
        qCWarning(lcStorage, "search index not opened: %ls", qUtf16Printable(why.text));
    }
    return {};
}

// Any thread.
void MailDatabase::tellIndexWork()
{
    m_executor.deliver([weak = weak_from_this()] {
        const auto self = weak.lock();
        if (self && self->m_indexListener) {
            self->m_indexListener(self);
        }
    });
}

void MailDatabase::startOnIndex(SearchWork work, SliceDone done)
{
    auto result = std::make_shared<Result<bool>>(false);
    m_executor.start(
        JobClass::Background,
        [self = shared_from_this(), work = std::move(work), result] {
            if (!self->m_search->isTrusted()) {
                self->m_readers.trim(); // Windows removes no file that somebody has open
            }
            const auto error = self->m_readers.run(
                [&](ReadTxn &txn) {
                    *result = work(*self->m_search, static_cast<SqliteReadTxn &>(txn).reader());
                },
                {});
            if (error) {
                *result = *error;
            }
        },
        [done = std::move(done), result] { done(*result); });
}

void MailDatabase::startIndexing(MailStore::Indexing how, SliceDone done)
{
    if (how == MailStore::Indexing::Afresh) {
        m_search->distrust(); // what follows is what follows damage
    }
    startOnIndex([](SearchIndex &index, MailReader &mail) { return index.addMore(mail); },
                 std::move(done));
}

void MailDatabase::startForgettingTexts(std::shared_ptr<ContentId> after, SliceDone done)
{
    startOnIndex(
        [after = std::move(after)](SearchIndex &index, MailReader &mail) {
            return index.dropForgotten(mail, *after);
        },
        std::move(done));
}

void MailDatabase::startRead(MailStore::ReadFunction run,
                             MailStore::DoneFunction done,
                             const ReadOptions &options)
{
    auto error = std::make_shared<std::optional<Error>>();
    m_executor.start(
        options.jobClass,
        [self = shared_from_this(), run = std::move(run), cancel = options.cancel, error] {
            *error = self->m_readers.run(run, cancel);
        },
        [done = std::move(done), error] { done(*error); });
}

void MailDatabase::startWrite(WriteJob job)
{
    m_lane.start(std::move(job), shared_from_this());
}

void MailDatabase::startShrinkingIndex(SliceDone done)
{
    startOnIndex([](SearchIndex &index, MailReader &) { return index.giveBackSpace(); },
                 std::move(done));
}

void MailDatabase::startTidying(std::function<void()> done)
{
    m_executor.start(JobClass::Background,
                     [self = shared_from_this(), done = std::move(done)]() mutable {
                         self->m_readers.trim();
                         if (self->m_search) {
                             self->m_search->checkpointFully();
                         }
                         auto checkpoint = [database = self.get(), done = std::move(done)] {
                             database->m_writer.checkpointFully();
                             if (done) {
                                 database->m_executor.deliver(done);
                             }
                         };
                         self->m_lane.startAlone(std::move(checkpoint), self);
                     });
}

void MailDatabase::startBackgroundWrite(WriteJob job)
{
    // The job is handed on whole: what its caller holds on to by it must not end on a pool thread.
    m_executor.start(JobClass::Background,
                     [self = shared_from_this(), job = std::move(job)]() mutable {
                         self->m_lane.start(std::move(job), self);
                     });
}

} // namespace Postnook::Sqlite
