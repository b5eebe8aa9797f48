#pragma once

#include "storage/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace Postnook::Auth
{

// RFC 4616: authzid NUL authcid NUL password, as sent: names are for saslPrep() yet.
struct PlainResponse {
    QString authzid; // mostly empty
    QString authcid;
    QString password;

    friend bool operator==(const PlainResponse &, const PlainResponse &) = default;
};
// Invalid: not exactly two NULs, no name, no password, broken UTF-8, or a part above
// MaxPasswordBytes.
Result<PlainResponse> parsePlain(QByteArrayView response);

// Strict base64 of a SASL line (RFC 4648 section 4; padding required, no stray bits). Invalid
// otherwise. An empty line is an empty response; "*" (cancelled, RFC 9051 6.2.2) and the "=" of an
// empty initial response (RFC 4959) are for the caller.
Result<QByteArray> decodeSaslLine(QByteArrayView line);

} // namespace Postnook::Auth
