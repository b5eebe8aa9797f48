#pragma once

#include "storage/result.h"
#include "storage/types.h"

#include <QByteArrayView>
#include <QFile>
#include <QString>

#include <optional>

namespace Postnook
{

// A file that an export writes, for its owner only; errors are for people. Blocks.
class ExportFile
{
public:
    // Never one that is there already.
    Result<void> create(const QString &path);
    Result<void> write(QByteArrayView bytes);
    qint64 position() const { return m_file.pos(); }
    // Puts the bytes over others, and goes on at the end.
    Result<void> overwrite(qint64 position, QByteArrayView bytes);
    Result<void> truncate(qint64 position);
    // With `date` as the time of its last change, as far as the file system knows that time.
    Result<void> close(const std::optional<InternalDate> &date = {});
    Result<void> remove();

private:
    Error error() const;

    QFile m_file;
};

// Why something could not be written, in words: that the disk is full, where it is.
Error exportError(const QString &path, const QString &systemText);
// All that was written in the folder is on the disk, whatever happens to the machine.
Result<void> syncFolderTree(const QString &folder);

} // namespace Postnook
