#pragma once

#include "core/search/keycache.h"
#include "storage/turns.h"

#include <optional>

namespace Postnook
{

// Whose keys they are: by KeySource::storedAs, of the UIDs of a UIDVALIDITY.
struct KeysLabel {
    int source = 0;
    UidValidity uidValidity;
};

// A column as it is kept on disk, so that the first SORT or THREAD after a restart finds what the
// last one before it made. Good as long as keys are made as they are now. Pure.
QByteArray storedKeys(const KeyColumn &column, const KeysLabel &label, Turns turns = {});
// nullopt: it has another label, is not good any more, or damaged.
std::optional<KeyColumn>
keysFromStored(const QByteArray &stored, const KeysLabel &label, Turns turns = {});

} // namespace Postnook
