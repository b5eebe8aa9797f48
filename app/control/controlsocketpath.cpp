#include "app/control/controlsocketpath.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QUuid>

#ifndef Q_OS_WIN
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

// A name for the folder that no other data folder of this machine has.
QString folderHash(const QString &dataDir)
{
    const QString canonical = QFileInfo(dataDir).canonicalFilePath();
    const auto hash = QCryptographicHash::hash(canonical.toUtf8(), QCryptographicHash::Sha256);
    return QString::fromLatin1(hash.toHex().left(16));
}

} // namespace

#ifdef Q_OS_WIN

// Names of pipes are everybody's. One that nobody can guess can be taken by nobody before us; it
// stands in the lock file, which others cannot read.
Result<QString> controlSocketPath(const QString &dataDir)
{
    return u"postnook-%1-%2"_s.arg(folderHash(dataDir), QUuid::createUuid().toString(QUuid::Id128));
}

#else

namespace
{

// sizeof(sockaddr_un::sun_path) is 104 on macOS and the BSDs, with the final NUL. Linux has four
// more, which are not worth a difference.
constexpr auto MaxSocketPathBytes = 103;

QString runtimeFolder()
{
    const QString user = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return user.isEmpty() ? QDir::temp().filePath(u"postnook-%1"_s.arg(::getuid()))
                          : QDir(user).filePath(u"postnook"_s);
}

// The temporary folder is everybody's: what is already there under our name must be a real folder,
// ours, and closed to others, or somebody could listen in our place.
Result<void> ensurePrivateFolder(const QString &path)
{
    const auto native = QFile::encodeName(path);
    static_cast<void>(::mkdir(native.constData(), S_IRWXU));
    struct stat info = {};
    if (::lstat(native.constData(), &info) != 0) {
        return Error{ErrorCode::NotPermitted,
                     u"cannot make the folder %1: %2"_s.arg(path, qt_error_string())};
    }
    if (!S_ISDIR(info.st_mode) || info.st_uid != ::getuid() || (info.st_mode & 0077U) != 0) {
        return Error{ErrorCode::NotPermitted,
                     u"%1 is not a folder that only you can use; remove it"_s.arg(path)};
    }
    return {};
}

} // namespace

Result<QString> controlSocketPath(const QString &dataDir)
{
    QString inside = QDir(dataDir).absoluteFilePath(u"postnook.sock"_s);
    if (QFile::encodeName(inside).size() <= MaxSocketPathBytes) {
        return inside;
    }
    const QString folder = runtimeFolder();
    const QString path = QDir(folder).filePath(folderHash(dataDir) + u".sock"_s);
    if (QFile::encodeName(path).size() > MaxSocketPathBytes) {
        return Error{ErrorCode::Invalid,
                     u"no room for a control socket: the paths of the data folder (%1) and of the "
                     "folder for sockets (%2) are both too long"_s.arg(dataDir, folder)};
    }
    return ensurePrivateFolder(folder).and_then([&path] { return Result<QString>(path); });
}

#endif

} // namespace Postnook
