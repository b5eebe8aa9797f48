#pragma once

#include <QByteArray>

namespace Postnook::Sqlite
{

// The name of a VFS that does what another (empty: the default one) does, but writes the frames
// that a transaction adds to the log in few large pieces: SQLite gives each in two, and a small
// commit has dozens. It holds back nothing that is committed, with whatever PRAGMA synchronous. For
// the connection that writes a database: once a newer one has written, it must do no more than
// close, as what its last rollback left behind is not written yet. Any thread.
QByteArray gatheringVfs(const QByteArray &base);

} // namespace Postnook::Sqlite
