#include "storage/folders.h"

#include <QDir>
#include <QFileInfo>

namespace Postnook
{

QString realPath(const QString &path)
{
    QString there = QDir::cleanPath(QFileInfo(path).absoluteFilePath());
    QString rest;
    while (!QFileInfo::exists(there) && !QFileInfo(there).isRoot()) {
        rest.prepend(u'/' + QFileInfo(there).fileName());
        there = QFileInfo(there).absolutePath();
    }
    return QDir::cleanPath(QFileInfo(there).canonicalFilePath() + rest);
}

bool isBelow(const QString &path, const QString &folder)
{
#if defined(Q_OS_WIN) || defined(Q_OS_MACOS)
    constexpr auto sensitivity = Qt::CaseInsensitive;
#else
    constexpr auto sensitivity = Qt::CaseSensitive;
#endif
    return path.compare(folder, sensitivity) == 0 || path.startsWith(folder + u'/', sensitivity);
}

} // namespace Postnook
