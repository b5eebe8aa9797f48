#include "app/settings/hostname.h"

#include <QHostAddress>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Postnook
{

namespace
{

constexpr auto MaxNameLength = 253; // RFC 1035 2.3.4, without the root

bool isOfDigits(const QString &text)
{
    return std::all_of(
        text.cbegin(), text.cend(), [](QChar c) { return c == u'.' || (c >= u'0' && c <= u'9'); });
}

} // namespace

QString asciiHostName(const QString &text)
{
    static const QRegularExpression pattern(
        u"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$"_s);
    const QString name = QString::fromLatin1(QUrl::toAce(text)).toLower();
    return name.size() <= MaxNameLength && pattern.match(name).hasMatch() ? name : QString();
}

QString serverName(const QString &text)
{
    if (text.contains(u':') || isOfDigits(text)) {
        const QHostAddress address(text);
        const bool isWhole = text.contains(u':') || text.count(u'.') == 3;
        return isWhole && !address.isNull() ? address.toString() : QString();
    }
    return asciiHostName(text);
}

} // namespace Postnook
