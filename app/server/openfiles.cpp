#include "app/server/openfiles.h"

#include <QtGlobal>

#ifndef Q_OS_WIN
#include <sys/resource.h>

#include <algorithm>
#endif

namespace Postnook
{

#ifdef Q_OS_WIN

void raiseOpenFileLimit() { }

#else

namespace
{

// Above 4,000 sessions with their mail databases. Not more: macOS refuses "unlimited", and some
// programs scan all that might be open.
constexpr rlim_t Wanted = 10'240;

} // namespace

void raiseOpenFileLimit()
{
    rlimit limit = {};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < Wanted) {
        limit.rlim_cur = std::min(Wanted, limit.rlim_max);
        static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
    }
}

#endif

} // namespace Postnook
