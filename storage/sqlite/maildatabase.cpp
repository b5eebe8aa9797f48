#include "storage/sqlite/maildatabase.h"

namespace Postnook::Sqlite
{

MailDatabase::MailDatabase(PoolExecutor &executor, Parts parts)
    : m_executor(executor)
    , m_contents(parts.contents)
    , m_writer(parts.path, parts.vfsName, parts.contents, std::move(parts.nowUtc))
    , m_readers(parts.path, parts.vfsName, parts.contents)
    , m_lane(executor, m_writer, [this](const QList<CommitNotice> &notices) {
        if (m_listener) {
            m_listener(notices);
        }
    })
{
}

Result<void> MailDatabase::open()
{
    return m_writer.open();
}

void MailDatabase::startRead(MailStore::ReadFunction run,
                             MailStore::DoneFunction done,
                             ReadOptions options)
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

void MailDatabase::startTidying()
{
    m_executor.start(JobClass::Background, [self = shared_from_this()] {
        self->m_readers.trim();
        self->m_lane.startAlone([writer = &self->m_writer] { writer->checkpointFully(); }, self);
    });
}

void MailDatabase::startBackgroundWrite(WriteJob job)
{
    m_executor.start(JobClass::Background, [self = shared_from_this(), job = std::move(job)] {
        self->m_lane.start(job, self);
    });
}

} // namespace Postnook::Sqlite
