#include "app/server/folderplace.h"

#include "storage/folders.h"

#include <QDir>
#include <QFileInfo>
#include <QStorageInfo>

#include <algorithm>
#include <array>

#if defined(Q_OS_LINUX)
#include <sys/vfs.h>
#elif defined(Q_OS_WIN)
#include <qt_windows.h>
#elif defined(Q_OS_UNIX)
#include <sys/mount.h>
#include <sys/param.h>
#endif

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

// A folder of this name, or that begins so ("OneDrive - Firm", "Dropbox (Personal)").
struct FolderName {
    QLatin1StringView begin;
    QLatin1StringView service;
};
constexpr std::array FolderNames{FolderName{"OneDrive"_L1, "OneDrive"_L1},
                                 FolderName{"iCloudDrive"_L1, "iCloud Drive"_L1},
                                 FolderName{"iCloud Drive"_L1, "iCloud Drive"_L1},
                                 FolderName{"Dropbox"_L1, "Dropbox"_L1},
                                 FolderName{"GoogleDrive"_L1, "Google Drive"_L1},
                                 FolderName{"Google Drive"_L1, "Google Drive"_L1},
                                 FolderName{"Nextcloud"_L1, "Nextcloud"_L1},
                                 FolderName{"ownCloud"_L1, "ownCloud"_L1}};

// What a service leaves in the top folder that it copies, whatever that is called.
struct Mark {
    QLatin1StringView name;
    QLatin1StringView service;
};
constexpr std::array Marks{Mark{".dropbox.cache"_L1, "Dropbox"_L1},
                           Mark{".stfolder"_L1, "Syncthing"_L1},
                           Mark{".nextcloudsync.log"_L1, "Nextcloud"_L1}};

// "OneDrive", "OneDrive - Firm", "OneDrive-Personal", "Dropbox (Firm)", and not "Dropboxes".
bool isNamed(const QString &folder, QLatin1StringView begin)
{
    if (!folder.startsWith(begin, Qt::CaseInsensitive)) {
        return false;
    }
    return folder.size() == begin.size() || !folder.at(begin.size()).isLetterOrNumber();
}

QString serviceByName(const QString &name)
{
    const auto found = std::find_if(FolderNames.begin(), FolderNames.end(), [&](const auto &row) {
        return isNamed(name, row.begin);
    });
    return found == FolderNames.end() ? QString() : QString(found->service);
}

QString serviceByMark(const QString &folder)
{
    const auto found = std::find_if(Marks.begin(), Marks.end(), [&folder](const Mark &mark) {
        return QFileInfo::exists(folder + u'/' + mark.name);
    });
    return found == Marks.end() ? QString() : QString(found->service);
}

// macOS keeps iCloud in "Mobile Documents"; with "Desktop & Documents" switched on, these two
// folders have a counterpart there.
bool isInICloud(const QString &path, const QString &homePath)
{
    const QString root = homePath + "/Library/Mobile Documents"_L1;
    if (isBelow(path, root)) {
        return true;
    }
    const QStringList synced{u"Desktop"_s, u"Documents"_s};
    return std::any_of(synced.begin(), synced.end(), [&](const QString &name) {
        return isBelow(path, homePath + u'/' + name)
            && QFileInfo::exists(root + "/com~apple~CloudDocs/"_L1 + name);
    });
}

// An existing folder on the same drive.
QString existingAncestor(QString path)
{
    while (!QFileInfo::exists(path) && !QFileInfo(path).isRoot()) {
        path = QFileInfo(path).absolutePath();
    }
    return path;
}

} // namespace

QString syncServiceOf(const QString &folder, const QString &homePath)
{
    const QString path = realPath(folder);
    if (isInICloud(path, homePath) || isInICloud(path, realPath(homePath))) {
        return u"iCloud Drive"_s;
    }
    for (QString at = path; !QFileInfo(at).isRoot(); at = QFileInfo(at).absolutePath()) {
        const QString byName = serviceByName(QFileInfo(at).fileName());
        const QString service = byName.isEmpty() ? serviceByMark(at) : byName;
        if (!service.isEmpty()) {
            return service;
        }
    }
    // Google Drive's own drive letter.
    const qsizetype drive = path.indexOf(u":/My Drive"_s);
    return drive == 1 ? u"Google Drive"_s : QString();
}

#if defined(Q_OS_LINUX)

namespace
{

// FUSE serves local disks too; /proc/mounts has who does it: "fuse.sshfs".
QString fuseNetworkDriveOf(const QString &path)
{
    const QStringList programs{u"sshfs"_s,
                               u"rclone"_s,
                               u"s3fs"_s,
                               u"gvfsd-fuse"_s,
                               u"glusterfs"_s,
                               u"davfs"_s,
                               u"curlftpfs"_s,
                               u"google-drive-ocamlfuse"_s};
    const QString type = QString::fromUtf8(QStorageInfo(path).fileSystemType());
    const QString program = type.section(u'.', 1);
    return programs.contains(program) ? program : QString();
}

} // namespace

QString networkDriveOf(const QString &folder)
{
    // statfs(2); not all of them are in every linux/magic.h.
    struct Type {
        quint32 magic;
        QLatin1StringView name;
    };
    constexpr std::array Types{Type{0x6969, "NFS"_L1},
                               Type{0xff534d42, "CIFS"_L1},
                               Type{0xfe534d42, "SMB"_L1},
                               Type{0x517b, "SMB"_L1},
                               Type{0x5346414f, "AFS"_L1},
                               Type{0x6b414653, "AFS"_L1},
                               Type{0x73757245, "Coda"_L1},
                               Type{0x00c36400, "Ceph"_L1},
                               Type{0x01021997, "9P"_L1}};
    constexpr quint32 Fuse = 0x65735546;
    const QByteArray path = QFile::encodeName(existingAncestor(folder));
    struct statfs info = {};
    if (::statfs(path.constData(), &info) != 0) {
        return {};
    }
    const auto magic = static_cast<quint32>(info.f_type);
    if (magic == Fuse) {
        return fuseNetworkDriveOf(QString::fromUtf8(path));
    }
    const auto found = std::find_if(
        Types.begin(), Types.end(), [magic](const Type &type) { return type.magic == magic; });
    return found == Types.end() ? QString() : QString(found->name);
}

#elif defined(Q_OS_WIN)

QString networkDriveOf(const QString &folder)
{
    const QString path = QDir::toNativeSeparators(existingAncestor(folder));
    if (path.startsWith(u"\\\\"_s) && !path.startsWith(u"\\\\?\\"_s)) {
        return u"a share"_s;
    }
    const auto root = path.left(3).toStdWString(); // "Z:\"
    return GetDriveTypeW(root.c_str()) == DRIVE_REMOTE ? u"a share"_s : QString();
}

#elif defined(Q_OS_UNIX)

QString networkDriveOf(const QString &folder)
{
    struct statfs info = {};
    if (::statfs(QFile::encodeName(existingAncestor(folder)).constData(), &info) != 0
        || (info.f_flags & MNT_LOCAL) != 0) {
        return {};
    }
    return QString::fromLatin1(info.f_fstypename).toUpper();
}

#endif

QString placeWarning(const QString &dataDir)
{
    const QString shown = QDir::toNativeSeparators(dataDir);
    if (const QString service = syncServiceOf(dataDir, QDir::homePath()); !service.isEmpty()) {
        return u"the data folder %1 lies in %2, which copies files while they are being written "
               "and may put older ones in their place: mail can be lost. Stop the server, move the "
               "folder to one that is on this computer alone, and set data-dir to it"_s.arg(
                   shown, service);
    }
    if (const QString drive = networkDriveOf(dataDir); !drive.isEmpty()) {
        return u"the data folder %1 is on a network drive (%2), where a broken connection or a "
               "second computer can damage the mail. Stop the server, move the folder to a disk of "
               "this computer, and set data-dir to it"_s.arg(shown, drive);
    }
    return {};
}

} // namespace Postnook
