#include "app/commands/passwordfile.h"

#include "app/commands/newpassword.h"

#include <QFile>
#include <QFileInfo>

#ifndef Q_OS_WIN
#include <unistd.h>
#endif

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qint64 MaxLineBytes = 4096; // more than any password is long

#ifndef Q_OS_WIN

Result<void> checkPrivate(const QString &path)
{
    const QFileInfo info(path);
    constexpr auto Others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup
        | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    if ((info.permissions() & Others) != QFile::Permissions()) {
        return Error{ErrorCode::NotPermitted,
                     u"others can read or change the password file %1; make it yours alone: "
                     "chmod 600 '%1'"_s.arg(path)};
    }
    if (info.ownerId() != geteuid() && info.ownerId() != 0) {
        return Error{ErrorCode::NotPermitted,
                     u"the password file %1 belongs to somebody else"_s.arg(path)};
    }
    return {};
}

#else

// What others may read is in access lists that mostly come from the folder: the person's own one
// is closed to others.
Result<void> checkPrivate(const QString &)
{
    return {};
}

#endif

} // namespace

Result<QString> readPasswordFile(const QString &path)
{
    QFile file(path);
    if (!QFileInfo(path).isFile()) {
        return Error{ErrorCode::Invalid, u"there is no password file %1"_s.arg(path)};
    }
    if (auto isPrivate = checkPrivate(path); !isPrivate) {
        return isPrivate.error();
    }
    if (!file.open(QIODevice::ReadOnly)) {
        return Error{ErrorCode::NotPermitted,
                     u"the password file %1 cannot be read: %2"_s.arg(path, file.errorString())};
    }
    const auto password = passwordFromLine(file.readLine(MaxLineBytes));
    if (!password) {
        return Error{ErrorCode::Invalid,
                     u"%1, in its first line: %2"_s.arg(path, password.error().text)};
    }
    return password;
}

} // namespace Postnook
