#include "app/terminal/visibletext.h"

#include <QChar>
#include <QList>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QString numbered(const QString &prefix, char32_t number, int digits)
{
    return u'⟨' + prefix + QString::number(number, 16).toUpper().rightJustified(digits, u'0')
        + u'⟩';
}

bool isHidden(char32_t c)
{
    constexpr char32_t NonJoiner = 0x200c; // letters and emoji are joined by these two
    constexpr char32_t Joiner = 0x200d;
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Other_NotAssigned:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return c != NonJoiner && c != Joiner;
    default:
        return false;
    }
}

} // namespace

QString visible(QStringView text)
{
    constexpr char32_t Pictures = 0x2400;
    constexpr char32_t Delete = 0x7f;
    constexpr char32_t PictureOfDelete = 0x2421;
    QString shown;
    shown.reserve(text.size());
    for (const char32_t c : text.toUcs4()) {
        if (c < U' ') {
            shown += QChar(static_cast<char16_t>(Pictures + c));
        } else if (c == Delete) {
            shown += QChar(static_cast<char16_t>(PictureOfDelete));
        } else if (isHidden(c)) {
            shown += numbered(u"U+"_s, c, 4);
        } else {
            shown += QChar::fromUcs4(c);
        }
    }
    return shown;
}

QString visibleOctets(QByteArrayView octets)
{
    if (octets.isValidUtf8()) {
        return visible(QString::fromUtf8(octets));
    }
    QString shown;
    for (const char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        shown += octet < 0x80 ? visible(QString(QLatin1Char(c))) : numbered({}, octet, 2);
    }
    return shown;
}

} // namespace Postnook
