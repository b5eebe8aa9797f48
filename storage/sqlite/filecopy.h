#pragma once

#include "storage/sqlite/contentfiles.h"
#include "storage/sqlite/sha256.h"

namespace Postnook::Sqlite
{

// Copies a file whose SHA-256 is known, piece by piece, then reads what it wrote; or reads only.
// The copy gets its name when that was right and it is on disk.
class FileCopy
{
public:
    // Without `to` it only reads. What is there is replaced. `files` outlives this.
    FileCopy(ContentFiles &files, QString from, QString to, QByteArray sha256);
    ~FileCopy(); // removes what is not whole

    // Some more. False: it is done. Corrupt: `from` holds other bytes; NotFound; errors of disks.
    Result<bool> copyMore();
    qint64 lastBytes() const { return m_lastBytes; } // of `from`, by the last call

private:
    Result<void> begin();
    Result<void> end();
    Result<bool> readMore(OpenFile &file, NewFile *into);

    ContentFiles &m_files;
    const QString m_from;
    const QString m_to;
    const QByteArray m_sha256;
    std::unique_ptr<OpenFile> m_source;
    std::unique_ptr<NewFile> m_copy;
    std::unique_ptr<OpenFile> m_readBack;
    Sha256 m_digest;
    quint64 m_offset = 0;
    qint64 m_lastBytes = 0;
    bool m_isLeft = false; // a file without its name
};

} // namespace Postnook::Sqlite
