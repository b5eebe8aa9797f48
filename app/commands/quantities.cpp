#include "app/commands/quantities.h"

#include <QDateTime>
#include <QDir>
#include <QLocale>

namespace Postnook
{

using namespace Qt::StringLiterals;

QString countText(qint64 count)
{
    return QLocale(QLocale::English).toString(count);
}

QString countText(qint64 count, const QString &one, const QString &many)
{
    return countText(count) + u' ' + (count == 1 ? one : many);
}

QString bytesText(qint64 bytes)
{
    return QLocale(QLocale::English)
        .formattedDataSize(bytes, 1, QLocale::DataSizeTraditionalFormat);
}

QString timeText(qint64 utcSeconds)
{
    return QDateTime::fromSecsSinceEpoch(utcSeconds).toString(u"yyyy-MM-dd HH:mm"_s);
}

QString shortPath(const QString &path)
{
    const QString home = QDir::homePath();
    const bool isBelow = path == home || path.startsWith(home + u'/');
    return isBelow ? u'~' + path.sliced(home.size()) : path;
}

} // namespace Postnook
