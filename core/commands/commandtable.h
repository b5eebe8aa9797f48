#pragma once

#include "core/session/command.h"

#include <span>

namespace Postnook
{

// Every command this server knows. Adding one is a row here, a file pair and a test.
std::span<const CommandRow> commandTable();

} // namespace Postnook
