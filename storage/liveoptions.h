#pragma once

#include "storage/store.h"

namespace Postnook
{

// Has an open storage go by the retention times and lowDiskBytes of `options` from now on; the
// other options hold until it is closed. Main thread.
void setLiveOptions(Storage &storage, const StorageOptions &options);

} // namespace Postnook
