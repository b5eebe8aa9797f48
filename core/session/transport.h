#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QObject>
#include <QString>

namespace Postnook
{

// The byte stream below a session: a socket in app/server, memory in the tests. Lives in the event
// loop thread; owned by its Session. It never reads further than its own bounded buffer while
// reading is paused, and never parses.
class Transport : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    virtual QByteArray readAll() = 0;
    virtual void write(const QByteArray &bytes) = 0;
    // Octets written and not yet taken by the operating system, plain and encrypted ones.
    virtual qint64 unsentBytes() const = 0;
    // Stops taking bytes from the peer (its window fills), or goes on.
    virtual void setReadingPaused(bool paused) = 0;

    virtual bool isEncrypted() const = 0;
    virtual bool canStartTls() const = 0; // a certificate is there and TLS is not on yet
    // Drops every byte received so far (RFC 9051 6.2.1: nothing sent in the clear may be read
    // afterwards) and begins the handshake with its own time limit; encrypted() or closed()
    // follows.
    virtual void startTls() = 0;

    virtual QString peerAddress() const = 0; // without port, IPv4-mapped addresses as IPv4
    virtual bool peerIsLoopback() const = 0;
    virtual QString tlsDescription() const = 0; // "TLSv1.3", or "" without TLS; for the log
    virtual QString tlsCipher() const { return {}; } // "TLS_AES_256_GCM_SHA384", or ""

    // Sends what is queued (for at most a few seconds), then closes. closed() follows.
    virtual void closeGracefully() = 0;
    virtual void abort() = 0;

Q_SIGNALS:
    void readyRead();
    void bytesWritten(); // some of what was unsent has gone
    void encrypted();
    // Once, when all that the peer had sent has been read or nobody wants it; no other signal
    // follows.
    void closed();
};

} // namespace Postnook
