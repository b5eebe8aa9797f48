#pragma once

#include "app/settings/settings.h"
#include "storage/result.h"

#include <QJsonObject>
#include <QString>

#include <functional>
#include <optional>

namespace Postnook
{

// Carries out a control request on the data folder of the settings: through the process that owns
// the folder, or, when nobody does, as its owner for as long as it takes (same storage, same
// handlers, no ports). `purpose` is what others are told meanwhile. Blocks; for commands.
// Needs a QCoreApplication whose event loop does not run yet.
Result<QJsonObject>
performRequest(const Settings &settings, const QString &purpose, const QJsonObject &request);

// The request that follows a reply; nothing when that was the last.
using NextRequest = std::function<std::optional<QJsonObject>(const QJsonObject &reply)>;
// Carries out several of them, one after the other, with the same owner. Ends at the first error.
Result<void> performRequests(const Settings &settings,
                             const QString &purpose,
                             const QJsonObject &first,
                             const NextRequest &next);

// For what only concerns a process that runs already: nothing when nobody owns the data folder.
Result<std::optional<QJsonObject>> askRunning(const QString &dataDir, const QJsonObject &request);

} // namespace Postnook
