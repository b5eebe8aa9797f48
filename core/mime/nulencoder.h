#pragma once

#include "core/mime/parttree.h"
#include "storage/store.h"

#include <functional>

namespace Postnook::Mime
{

using WriteBytes = std::function<Result<void>(QByteArrayView)>;

// Writes a message that came as a literal8 (RFC 3516 4.4) so that BODY[…] can show it, which no
// NUL may reach (RFC 9051 4.3.1): each part whose body holds one gets base64, and a header that
// says so; all other octets stay. What BINARY[…] gives of the part is what was appended.
// NotPermitted where a NUL stands in no such body: in a header, between parts. The errors of
// reading and writing. Bounded memory; pool thread.
Result<void> encodeNuls(ContentReader &content, const PartTree &tree, const WriteBytes &write);

} // namespace Postnook::Mime
