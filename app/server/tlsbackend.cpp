#include "app/server/tlsbackend.h"

#include <QSslSocket>

namespace Postnook
{

using namespace Qt::StringLiterals;

// Where there are several, Qt takes OpenSSL's by itself.
Result<void> checkTlsBackend()
{
    if (QSslSocket::activeBackend() == "openssl"_L1 && QSslSocket::supportsSsl()) {
        return {};
    }
    return Error{ErrorCode::Unavailable,
                 u"there is no TLS here: Qt's OpenSSL backend (qopensslbackend in the folder tls "
                 "of its plugins) or OpenSSL 3 (libssl, libcrypto) cannot be loaded; Qt offers: "
                 "%1"_s.arg(QSslSocket::availableBackends().join(u", "_s))};
}

} // namespace Postnook
