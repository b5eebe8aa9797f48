#pragma once

#include "app/mirror/mirrorpass.h"

namespace Postnook
{

struct CommandLine;

struct MirrorOptions {
    MirrorRequest request;
    int everySeconds = 0; // 0: once
};

// From what was typed. Asks for the password where no file was named and there is a terminal.
// Invalid: the command line is wrong; other errors are those of the password file.
Result<MirrorOptions> mirrorOptionsFrom(const CommandLine &line);

// "90s", "15m", "2h", at least 10 s and at most a week. Invalid otherwise.
Result<int> parseInterval(const QString &text);

} // namespace Postnook
