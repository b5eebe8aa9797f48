#include "core/mailbox/messageintake.h"

#include "core/mime/messagescanner.h"
#include "core/mime/nulencoder.h"
#include "core/mime/parttree.h"

#include <utility>

namespace Postnook
{

namespace
{

// Large enough that a hop to the pool costs nothing beside it, small enough to bound memory.
constexpr qsizetype ChunkBytes = 262'144;

} // namespace

// What the jobs work on, one at a time.
struct MessageIntake::Pipe {
    std::unique_ptr<ContentWriter> writer;
    std::unique_ptr<ContentWriter> encodedWriter;
    Mime::MessageScanner scanner;
    bool hasNul = false;
    QList<Taken> taken;
    Result<void> state;

    void carryOut(Step &step)
    {
        if (!state) {
            return;
        }
        switch (step.kind) {
        case Step::Kind::Begin:
            writer = std::move(step.writer);
            encodedWriter = std::move(step.encodedWriter);
            scanner = Mime::MessageScanner();
            hasNul = false;
            return;
        case Step::Kind::Data:
            hasNul = hasNul || step.bytes.contains('\0');
            scanner.feed(step.bytes);
            state = writer->write(step.bytes);
            return;
        case Step::Kind::End:
            end();
            return;
        }
    }

    void end()
    {
        auto content = writer->finish();
        if (!content) {
            state = content.error();
            return;
        }
        auto message = Taken{std::move(*content), scanner.finish()};
        if (hasNul) {
            auto encoded = encode(message);
            if (!encoded) {
                state = encoded.error();
                return;
            }
            message = std::move(*encoded);
        }
        taken.append(std::move(message));
    }

    Result<Taken> encode(const Taken &message) const
    {
        if (!encodedWriter) { // RFC 9051 9, CHAR8
            return Error{ErrorCode::NotPermitted,
                         QStringLiteral("A NUL octet cannot travel in a plain literal")};
        }
        const auto original = writer->readBack(message.content);
        if (!original) {
            return original.error();
        }
        const auto tree = Mime::PartTree::fromBytes(message.meta.parts);
        if (!tree) {
            return tree.error();
        }
        Mime::MessageScanner encodedScanner;
        const auto encoded =
            Mime::encodeNuls(**original, *tree, [&](QByteArrayView bytes) -> Result<void> {
                encodedScanner.feed(bytes);
                return encodedWriter->write(bytes);
            });
        if (!encoded) {
            return encoded.error();
        }
        return encodedWriter->finish().transform([&](const StagedContent &content) {
            return Taken{content, encodedScanner.finish()};
        });
    }
};

MessageIntake::MessageIntake(Storage &storage, MailStore &store, std::function<void()> drained)
    : m_storage(storage)
    , m_store(store)
    , m_pipe(std::make_shared<Pipe>())
    , m_drained(std::move(drained))
{
}

MessageIntake::~MessageIntake() = default;

void MessageIntake::begin(quint64 sizeBytes, LiteralKind kind)
{
    Step step{Step::Kind::Begin, {}, m_store.newContent(sizeBytes), nullptr};
    if (kind == LiteralKind::Binary) {
        step.encodedWriter = m_store.newContent(sizeBytes);
    }
    m_waiting.push_back(std::move(step));
}

void MessageIntake::add(const QByteArray &bytes)
{
    if (!m_waiting.empty() && m_waiting.back().kind == Step::Kind::Data) {
        m_waiting.back().bytes += bytes;
    } else {
        m_waiting.push_back({Step::Kind::Data, bytes, nullptr, nullptr});
    }
    m_waitingBytes += bytes.size();
    if (m_waitingBytes >= ChunkBytes) {
        pump();
    }
}

void MessageIntake::end()
{
    m_waiting.push_back({Step::Kind::End, {}, nullptr, nullptr});
    pump();
}

bool MessageIntake::isFull() const
{
    return m_isRunning && m_waitingBytes >= ChunkBytes;
}

void MessageIntake::finish(Done done)
{
    m_done = std::move(done);
    m_waiting.empty() && !m_isRunning ? complete() : pump();
}

void MessageIntake::pump()
{
    if (m_isRunning) {
        return;
    }
    m_isRunning = true;
    m_waitingBytes = 0;
    m_storage
        .run(JobClass::Interactive,
             [pipe = m_pipe,
              steps = std::make_shared<std::vector<Step>>(std::exchange(m_waiting, {}))] {
                 for (Step &step : *steps) {
                     pipe->carryOut(step);
                 }
                 return true;
             })
        .then(this, [this](bool) { onStepsDone(); });
}

void MessageIntake::onStepsDone()
{
    m_isRunning = false;
    const bool endsMessage = !m_waiting.empty() && m_waiting.back().kind == Step::Kind::End;
    if (m_waitingBytes >= ChunkBytes || endsMessage || (m_done && !m_waiting.empty())) {
        pump();
    } else if (m_done) {
        complete();
        return;
    }
    m_drained();
}

// No job runs: the pipe is nobody else's.
void MessageIntake::complete()
{
    m_done(m_pipe->state ? Result(std::exchange(m_pipe->taken, {}))
                         : Result<QList<Taken>>(m_pipe->state.error()));
}

} // namespace Postnook
