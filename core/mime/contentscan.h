#pragma once

#include "storage/store.h"

namespace Postnook::Mime
{

// What this version's scanner finds in a stored message, in bounded memory. The reader's errors.
Result<MessageMeta> scanContent(ContentReader &content);

} // namespace Postnook::Mime
