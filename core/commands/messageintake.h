#pragma once

#include "storage/store.h"

#include <QByteArray>
#include <QObject>

#include <functional>
#include <memory>

namespace Postnook
{

// The bytes of one message on their way from the wire to the disk: gathered to chunks of 256 KiB,
// each hashed, scanned and (above 64 KiB) written by a pool job while the next one arrives. Main
// thread; owned by the command that takes the message.
class MessageIntake : public QObject
{
    Q_OBJECT

public:
    struct Taken {
        StagedContent content;
        MessageMeta meta;
        bool hasNul = false; // NUL is for literal8 only (RFC 9051 section 9, CHAR8)
    };
    using Done = std::function<void(const Result<Taken> &)>;

    MessageIntake(Storage &storage,
                  MailStore &store,
                  quint64 sizeBytes,
                  std::function<void()> drained);
    ~MessageIntake() override;

    void add(const QByteArray &bytes);
    // Two chunks are on their way: the sender should wait until `drained` is called.
    bool isFull() const;
    // No more bytes come. Calls `done` once with the message, or with the first error of any chunk.
    void finish(Done done);

private:
    struct Pipe; // what the jobs work on, one at a time
    void pump();
    void onChunkDone();
    void complete();

    Storage &m_storage;
    std::shared_ptr<Pipe> m_pipe;
    std::function<void()> m_drained;
    Done m_done;
    QByteArray m_waiting;
    bool m_isRunning = false;
    bool m_hasEnded = false;
};

} // namespace Postnook
