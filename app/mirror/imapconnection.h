#pragma once

#include "app/mirror/imapresponse.h"
#include "core/wire/commandframer.h"
#include "storage/result.h"

#include <QByteArray>
#include <QIODevice>

#include <atomic>
#include <functional>

namespace Postnook
{

// Where the octets of a BODY[] go while they come in. Without one they are dropped.
class BodySink
{
public:
    BodySink() = default;
    virtual ~BodySink() = default;
    Q_DISABLE_COPY_MOVE(BodySink)

    // `sizeBytes` is what the server announces. An error ends the connection.
    virtual Result<void> beginLiteral(quint64 sizeBytes) = 0;
    virtual Result<void> takeLiteral(const QByteArray &bytes) = 0;
};

// The client's end of an IMAP connection: commands out, responses in, one command at a time.
// Blocks; lives in a command's thread. It stands any server: the memory that responses can take is
// bounded, and who falls silent is given up.
//
// Errors: Busy, the connection was lost or timed out (another try may help); Unavailable, the
// server does not speak IMAP; Cancelled, the person wants to stop. After any of them the connection
// is of no more use. A command that is refused is no error: see the response.
class ImapConnection
{
public:
    // `device` is a connected QAbstractSocket or QLocalSocket; `peer` names its other end to
    // people. Both and `stop` outlive this.
    ImapConnection(QIODevice &device, const QString &peer, const std::atomic<bool> &stop);

    // Gets each untagged response and continuation as it comes; an error ends the connection.
    using OnData = std::function<Result<void>(const ImapResponse &)>;

    Result<ImapResponse> readGreeting();
    // Sends the command with a tag and reads up to its end.
    Result<ImapResponse>
    command(const QByteArray &text, const OnData &onData = {}, BodySink *sink = nullptr);

    // The same in steps, for commands with literals.
    QByteArray newTag();
    Result<void> write(const QByteArray &bytes);
    Result<ImapResponse>
    readReply(const QByteArray &tag, const OnData &onData = {}, BodySink *sink = nullptr);

    // Octets have come that belong to no response read so far: before TLS begins, an attempt to
    // smuggle responses in.
    bool hasUnread() const;

    QString peer() const { return m_peer; }
    Error lost(const QString &why) const;
    Error fault(const QString &what) const;

private:
    Result<ImapResponse> readResponse(BodySink *sink);
    Result<void> readMore();
    Result<void> onLiteral(BodySink *sink);
    bool isConnected() const;
    Error gone();

    QIODevice &m_device;
    QString m_peer;
    const std::atomic<bool> &m_stop;
    CommandFramer m_framer; // what a server sends has the same lines and literals
    quint32 m_lastTag = 0;
    QString m_bye; // why the server ends the session, in its words
};

} // namespace Postnook
