#pragma once

#include "storage/store.h"

#include <QByteArray>
#include <QObject>

#include <functional>
#include <memory>
#include <vector>

namespace Postnook
{

// The messages of one command on their way from the wire to the disk: each hashed, scanned and
// (above 64 KiB) written by pool jobs while further bytes arrive. One job runs at a time and takes
// all that has come meanwhile, up to about 256 KiB: a piece of a large message or many small ones.
// Main thread; owned by who takes the messages, a command of IMAP or a session of LMTP.
//
// No message leaves it with a NUL octet, which no BODY[…] could show (RFC 9051 4.3.1): one in a
// plain literal is refused, a part with one that came in a literal8 is encoded (RFC 3516 4.4).
class MessageIntake : public QObject
{
    Q_OBJECT

public:
    struct Taken {
        StagedContent content;
        MessageMeta meta;
    };
    enum class LiteralKind { Plain, Binary };
    // NotPermitted: a NUL where none may be.
    using Done = std::function<void(const Result<QList<Taken>> &)>;

    MessageIntake(Storage &storage, MailStore &store, std::function<void()> drained);
    ~MessageIntake() override;

    // A message begins, of so many octets as far as is known; what was begun before has ended.
    void begin(quint64 sizeBytes, LiteralKind kind = LiteralKind::Plain);
    void add(const QByteArray &bytes);
    void end();
    // Enough is on its way: the sender should wait until `drained` is called.
    bool isFull() const;
    // No more comes. Calls `done` once with the messages in order, or with the first error of any.
    void finish(Done done);

private:
    // What happens to the message that is at hand; what the jobs carry out, in order.
    struct Step {
        enum class Kind { Begin, Data, End };
        Kind kind;
        QByteArray bytes;
        std::unique_ptr<ContentWriter> writer;
        std::unique_ptr<ContentWriter> encodedWriter; // of a literal8, should it need encoding
    };
    struct Pipe;

    void pump();
    void onStepsDone();
    void complete();

    Storage &m_storage;
    MailStore &m_store;
    std::shared_ptr<Pipe> m_pipe;
    std::function<void()> m_drained;
    Done m_done; // set: no more comes
    std::vector<Step> m_waiting;
    qsizetype m_waitingBytes = 0;
    bool m_isRunning = false;
};

} // namespace Postnook
