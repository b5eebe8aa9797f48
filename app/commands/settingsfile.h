#pragma once

#include "app/settings/settingsloader.h"

#include <QString>

#include <optional>

namespace Postnook
{

struct CommandLine;

// The settings file this run goes by: the one named, else the usual one if it is there, else empty.
QString settingsFileFor(const CommandLine &line);
LoadedSettings loadSettingsFor(const CommandLine &line);
void printFaults(const LoadedSettings &loaded); // one line each
// For commands that cannot work with faults: prints them and returns nothing.
std::optional<Settings> usableSettings(const LoadedSettings &loaded);

} // namespace Postnook
