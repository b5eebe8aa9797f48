#include "app/mirror/remoteaccess.h"

#include <QHostAddress>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qsizetype FingerprintBytes = 32; // SHA-256

} // namespace

QString RemoteAccess::shownHost() const
{
    return (host.contains(u':') ? u"[%1]:%2"_s : u"%1:%2"_s).arg(host).arg(port);
}

Result<QByteArray> parseFingerprint(const QString &text)
{
    QByteArray digits = text.toLatin1().toLower();
    digits.replace(':', QByteArray());
    auto bytes = QByteArray::fromHex(digits);
    if (bytes.size() != FingerprintBytes || bytes.toHex() != digits) {
        return Error{ErrorCode::Invalid,
                     u"'%1' is no SHA-256 fingerprint, which is 64 hexadecimal digits"_s.arg(text)};
    }
    return bytes;
}

bool isLoopbackHost(const QString &host)
{
    return host.compare("localhost"_L1, Qt::CaseInsensitive) == 0
        || QHostAddress(host).isLoopback();
}

} // namespace Postnook
