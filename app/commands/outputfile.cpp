#include "app/commands/outputfile.h"

#include <QFileInfo>
#include <QSaveFile>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

bool holds(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.size() == bytes.size() && file.open(QIODevice::ReadOnly) && file.readAll() == bytes;
}

} // namespace

Result<void> writeOutputFile(const QString &path, const QByteArray &bytes, ExistingFile existing)
{
    if (QFileInfo(path).isDir()) {
        return Error{ErrorCode::Unavailable, path + ": this is a folder; name a file"_L1};
    }
    if (QFileInfo::exists(path) && existing == ExistingFile::Keep) {
        if (holds(path, bytes)) {
            return {};
        }
        return Error{ErrorCode::AlreadyExists,
                     path + ": there is another file already; --force replaces it"_L1};
    }
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit()) {
        return {};
    }
    return Error{ErrorCode::Unavailable, path + ": cannot be written: "_L1 + file.errorString()};
}

} // namespace Postnook
