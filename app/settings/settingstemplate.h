#pragma once

#include "storage/result.h"

#include <QString>

namespace Postnook
{

// Whether this process may bind ports below 1024; the caller tries.
enum class LowPorts { Allowed, Forbidden };

// The settings file that the first run writes: every key explained, only loopback bound, the ports
// 1143 and 1993 where low ones are forbidden.
QString settingsTemplate(LowPorts lowPorts);

// Text as comment lines that fit a terminal, each with its line end; a line break in it is kept.
QString wrappedComment(const QString &text);

// Writes it, whole or not at all, readable by its owner only. AlreadyExists when there is a file:
// it is never touched. Makes the folder.
Result<void> writeSettingsTemplate(const QString &path, LowPorts lowPorts);

} // namespace Postnook
