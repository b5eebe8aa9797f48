#pragma once

#include "core/mime/parameters.h"

namespace Postnook::Mime
{

// Joins the sections of parameters and decodes extended values (RFC 2231 3 and 4); see
// parseParameters(). A joined parameter takes the place of its first section.
Parameters joinSections(const Parameters &raw);

// "%41" to its octet; a "%" without two hexadecimal digits stays.
QByteArray percentDecoded(QByteArrayView text);

} // namespace Postnook::Mime
