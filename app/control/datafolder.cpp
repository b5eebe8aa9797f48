#include "app/control/datafolder.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace Postnook
{

using namespace Qt::StringLiterals;

Result<void> ensureDataFolder(const QString &path)
{
    const QFileInfo info(path);
    if (info.exists() && !info.isDir()) {
        return Error{ErrorCode::AlreadyExists, u"%1 is a file, not a folder"_s.arg(path)};
    }
    if (!info.exists()) {
        const QString parent = info.absolutePath();
        // Made with its final permissions: at no moment may others look inside.
        const auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner;
        if (!QDir().mkpath(parent) || !QDir().mkdir(path, ownerOnly)) {
            return Error{ErrorCode::NotPermitted,
                         u"cannot make the folder %1: %2"_s.arg(path, qt_error_string())};
        }
    }
    if (!QFileInfo(path).isWritable()) {
        return Error{ErrorCode::NotPermitted, u"the folder %1 cannot be written to"_s.arg(path)};
    }
    return writableDatabase(path);
}

Result<void> writableDatabase(const QString &dataFolder)
{
    for (const QString &name : {u"server.db"_s, u"server.db-wal"_s, u"server.db-shm"_s}) {
        const QFileInfo file(QDir(dataFolder).filePath(name));
        if (file.exists() && !(file.isReadable() && file.isWritable())) {
            return Error{ErrorCode::NotPermitted,
                         u"the file %1 cannot be read and written; give yourself both rights"_s.arg(
                             file.filePath())};
        }
    }
    return {};
}

Result<void> existingDataFolder(const QString &path)
{
    if (!QFileInfo(path).isDir()) {
        return Error{ErrorCode::Unavailable,
                     u"there is no data folder %1; 'postnook account add' makes it"_s.arg(path)};
    }
    return {};
}

} // namespace Postnook
