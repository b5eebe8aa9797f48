#include "core/commands/messageintake.h"

#include "core/mime/messagescanner.h"

#include <utility>

namespace Postnook
{

namespace
{

// Large enough that a hop to the pool costs nothing beside it, small enough to bound memory.
constexpr qsizetype ChunkBytes = 256 * 1024;

} // namespace

struct MessageIntake::Pipe {
    std::unique_ptr<ContentWriter> writer;
    Mime::MessageScanner scanner;
    Result<void> state;
    bool hasNul = false;

    void take(const QByteArray &chunk)
    {
        if (!state) {
            return;
        }
        hasNul = hasNul || chunk.contains('\0');
        scanner.feed(chunk);
        state = writer->write(chunk);
    }

    Result<Taken> finish()
    {
        if (!state) {
            return state.error();
        }
        auto content = writer->finish();
        if (!content) {
            return content.error();
        }
        return Taken{std::move(*content), scanner.finish(), hasNul};
    }
};

MessageIntake::MessageIntake(Storage &storage,
                             MailStore &store,
                             quint64 sizeBytes,
                             std::function<void()> drained)
    : m_storage(storage)
    , m_pipe(std::make_shared<Pipe>())
    , m_drained(std::move(drained))
{
    m_pipe->writer = store.newContent(sizeBytes);
}

MessageIntake::~MessageIntake() = default;

void MessageIntake::add(const QByteArray &bytes)
{
    m_waiting += bytes;
    if (m_waiting.size() >= ChunkBytes) {
        pump();
    }
}

bool MessageIntake::isFull() const
{
    return m_isRunning && m_waiting.size() >= ChunkBytes;
}

void MessageIntake::finish(Done done)
{
    m_done = std::move(done);
    m_hasEnded = true;
    if (!m_isRunning) {
        complete();
    }
}

void MessageIntake::pump()
{
    if (m_isRunning) {
        return;
    }
    m_isRunning = true;
    m_storage
        .run(JobClass::Interactive,
             [pipe = m_pipe, chunk = std::exchange(m_waiting, {})] {
                 pipe->take(chunk);
                 return true;
             })
        .then(this, [this](bool) { onChunkDone(); });
}

void MessageIntake::onChunkDone()
{
    m_isRunning = false;
    if (m_hasEnded) {
        complete();
        return;
    }
    if (m_waiting.size() >= ChunkBytes) {
        pump();
    }
    m_drained();
}

// The rest of the message, and its end, in one job: a small message takes one hop in all.
void MessageIntake::complete()
{
    m_storage
        .run(JobClass::Interactive,
             [pipe = m_pipe, chunk = std::exchange(m_waiting, {})]() -> Result<Taken> {
                 pipe->take(chunk);
                 return pipe->finish();
             })
        .then(this, [this](const Result<Taken> &taken) { m_done(taken); });
}

} // namespace Postnook
