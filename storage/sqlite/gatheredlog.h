#pragma once

#include <QByteArray>

namespace Postnook::Sqlite
{

// The name of a VFS that does what another (empty: the default one) does, but writes the frames
// that a transaction adds to the log in few large pieces: SQLite gives each in two, and a small
// commit has dozens. It holds back nothing that is committed, with whatever PRAGMA synchronous. For
// the one connection that writes a database: what a rollback leaves behind may be written later
// than what others have put there. Any thread.
QByteArray gatheringVfs(const QByteArray &base);

} // namespace Postnook::Sqlite
