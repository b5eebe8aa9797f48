#pragma once

#include <QByteArray>
#include <QtGlobal>

#include <functional>

namespace Postnook
{

struct LmtpOptions {
    QByteArray hostName = "localhost"; // how the server calls itself
    quint64 maxMessageBytes = 52'428'800; // SIZE

    int maxSessions = 20; // as many as Postfix opens; each may hold half a MiB for each recipient
    int maxRecipients = 100; // of one message; no fewer than these (RFC 5321 4.5.3.1.8)
    int maxBadCommands = 20; // in a row, then the connection ends
    int timeoutMs = 5 * 60'000; // without a byte (RFC 5321 4.5.3.2.7)

    // Injected in tests; empty: the system's.
    std::function<qint64()> nowUtc; // seconds since 1970
    std::function<qint64()> monotonicMs;
};

} // namespace Postnook
