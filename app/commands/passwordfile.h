#pragma once

#include "storage/result.h"

#include <QString>

namespace Postnook
{

// The first line of the file. NotPermitted when others than its owner may read or write it (on
// Windows the folder's permissions are the person's matter), Invalid when it holds no password.
Result<QString> readPasswordFile(const QString &path);

} // namespace Postnook
