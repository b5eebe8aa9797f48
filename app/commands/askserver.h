#pragma once

#include "app/settings/settingsloader.h"
#include "storage/result.h"

#include <QJsonObject>

#include <optional>

namespace Postnook
{

struct CommandLine;

// The settings for commands that only look, or that tell a running server to look: faults keep
// nobody from it as long as it is known where the data lies.
// Invalid: it is not; Unavailable: there is no such folder.
Result<LoadedSettings> settingsForLooking(const CommandLine &line);

// For commands that only make sense beside a running server: asks it. Unavailable, in words, when
// none runs.
Result<QJsonObject> askRunningServer(const CommandLine &line, const QJsonObject &request);

} // namespace Postnook
