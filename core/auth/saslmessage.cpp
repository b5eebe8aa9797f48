#include "core/auth/saslmessage.h"

#include "core/auth/credentials.h"

namespace Postnook::Auth
{

Result<PlainResponse> parsePlain(QByteArrayView response)
{
    const auto malformed = [](const char *what) {
        return Error{ErrorCode::Invalid, QStringLiteral("PLAIN: ") + QLatin1String(what)};
    };
    const auto first = response.indexOf('\0');
    const auto second = first < 0 ? -1 : response.indexOf('\0', first + 1);
    if (second < 0 || response.indexOf('\0', second + 1) >= 0) {
        return malformed("not authzid NUL authcid NUL password");
    }
    const auto authzid = response.first(first);
    const auto authcid = response.sliced(first + 1, second - first - 1);
    const auto password = response.sliced(second + 1);
    if (authcid.isEmpty() || password.isEmpty()) {
        return malformed("no name or no password");
    }
    for (const auto part : {authzid, authcid, password}) {
        if (part.size() > MaxPasswordBytes) {
            return malformed("too long");
        }
        if (!part.isValidUtf8()) {
            return malformed("not UTF-8");
        }
    }
    return PlainResponse{
        QString::fromUtf8(authzid), QString::fromUtf8(authcid), QString::fromUtf8(password)};
}

Result<QByteArray> decodeSaslLine(QByteArrayView line)
{
    const QByteArray text = line.toByteArray();
    // Whatever is out of the ordinary does not come out the same when encoded again.
    const auto decoded = QByteArray::fromBase64Encoding(text);
    if (decoded.decoded.toBase64() != text) {
        return Error{ErrorCode::Invalid, QStringLiteral("not base64")};
    }
    return decoded.decoded;
}

} // namespace Postnook::Auth
