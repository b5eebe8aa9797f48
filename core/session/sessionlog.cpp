#include "core/session/sessionlog.h"

#include "core/session/transport.h"

namespace Postnook
{

Q_LOGGING_CATEGORY(lcSession, "postnook.session")
Q_LOGGING_CATEGORY(lcWire, "postnook.wire", QtInfoMsg)
Q_LOGGING_CATEGORY(lcAuth, "postnook.auth")

void logLogin(bool isGood,
              const QString &user,
              const Transport &peer,
              const QByteArray &mechanism,
              const QString &reason)
{
    const QString tls = peer.tlsDescription();
    QString line = QStringLiteral("login %1: user=\"%2\" address=%3 mechanism=%4 tls=%5")
                       .arg(isGood ? QStringLiteral("ok") : QStringLiteral("failed"),
                            user,
                            peer.peerAddress(),
                            QString::fromLatin1(mechanism),
                            tls.isEmpty() ? QStringLiteral("none") : tls);
    if (!reason.isEmpty()) {
        line += QStringLiteral(" reason=\"%1\"").arg(reason);
    }
    qCInfo(lcAuth).noquote() << line;
}

} // namespace Postnook
