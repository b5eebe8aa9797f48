#pragma once

namespace Postnook
{

// Lets the process open as many files and sockets as the system grants it: every connection is
// one, and the usual limit of 1,024 (256 on macOS) is below `max-sessions`. No limit on Windows.
void raiseOpenFileLimit();

} // namespace Postnook
