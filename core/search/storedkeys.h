#pragma once

#include "core/search/keycache.h"

#include <optional>

namespace Postnook
{

// A column as it is kept on disk, so that the first SORT or THREAD after a restart finds what the
// last one before it made. Good for the UIDs of this UIDVALIDITY, and as long as keys are made as
// they are now. Pure.
QByteArray storedKeys(const KeyColumn &column, UidValidity uidValidity);
// nullopt: it is not good any more, or damaged.
std::optional<KeyColumn> keysFromStored(const QByteArray &stored, UidValidity uidValidity);

} // namespace Postnook
