#pragma once

#include "storage/result.h"

namespace Postnook
{

// Qt's OpenSSL backend is the one that is tried, on every system: neither Schannel nor Secure
// Transport takes its place silently. Unavailable where it or OpenSSL's libraries cannot be loaded.
Result<void> checkTlsBackend();

} // namespace Postnook
