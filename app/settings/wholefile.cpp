#include "app/settings/wholefile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#ifndef Q_OS_WIN
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

// An administrator who changes somebody's file must not take it from them.
void keepOwner(const QString &path, const QSaveFile &file)
{
#ifdef Q_OS_WIN
    Q_UNUSED(path)
    Q_UNUSED(file)
#else
    struct stat before = {};
    if (::stat(QFile::encodeName(path).constData(), &before) == 0 && before.st_uid != ::geteuid()) {
        static_cast<void>(!::fchown(file.handle(), before.st_uid, before.st_gid));
    }
#endif
}

} // namespace

Result<void> writeWholeFile(const QString &path, const QByteArray &bytes)
{
    const bool isNew = !QFileInfo::exists(path);
    const QString folder = QFileInfo(path).absolutePath();
    if (isNew && !QDir().mkpath(folder)) {
        return Error{ErrorCode::Unavailable, folder + ": the folder cannot be made"_L1};
    }
    QSaveFile file(path);
    bool isWritten = file.open(QIODevice::WriteOnly);
    if (isWritten && isNew) {
        isWritten = file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    } else if (isWritten) {
        keepOwner(path, file);
    }
    if (!isWritten || file.write(bytes) != bytes.size() || !file.commit()) {
        return Error{ErrorCode::Unavailable,
                     path + ": cannot be written: "_L1 + file.errorString()};
    }
    return {};
}

} // namespace Postnook
