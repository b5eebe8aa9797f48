#pragma once

#include "storage/types.h"

#include <array>

namespace Postnook
{

struct SystemFlagName {
    const char *name;
    SystemFlag flag;
};

// The spelling and order of RFC 9051 section 9, flag. (\Recent is no flag of a message.)
constexpr auto SystemFlagNames = std::array{
    SystemFlagName{"\\Answered", SystemFlag::Answered},
    SystemFlagName{"\\Flagged", SystemFlag::Flagged},
    SystemFlagName{"\\Deleted", SystemFlag::Deleted},
    SystemFlagName{"\\Seen", SystemFlag::Seen},
    SystemFlagName{"\\Draft", SystemFlag::Draft},
};

} // namespace Postnook
