#pragma once

#include "core/mime/parameters.h"

namespace Postnook::Mime
{

// Joins the sections of parameters (RFC 2231 3); see parseParameters(). A joined parameter takes
// the place of its first section.
Parameters joinSections(const Parameters &raw);

// The value of the extended parameter of that name (RFC 2231 4) in UTF-8, or that of the ordinary
// one; null when there is neither.
QByteArray decodedValue(const Parameters &parameters, QByteArrayView name);

// An extended value, charset'language'%XX, in UTF-8.
QByteArray extendedInUtf8(QByteArrayView value);

// "%41" to its octet; a "%" without two hexadecimal digits stays.
QByteArray percentDecoded(QByteArrayView text);

} // namespace Postnook::Mime
