#include "core/search/collation.h"

#include "core/wire/normalization.h"

#include <QList>
#include <QString>

#include <algorithm>

namespace Postnook
{

QByteArray collationKey(const QByteArray &utf8)
{
    constexpr auto FirstNonAscii = 0x80;
    const bool isAscii = std::all_of(utf8.begin(), utf8.end(), [](char octet) {
        return static_cast<uchar>(octet) < FirstNonAscii;
    });
    if (isAscii) { // most are: capitals are all there is to it
        return utf8.toUpper();
    }
    const auto text = QString::fromUtf8(utf8);
    if (text.contains(QChar::ReplacementCharacter)) {
        return '\xff' + text.toUtf8();
    }
    QString titled;
    titled.reserve(text.size());
    const auto characters = text.toUcs4();
    for (const auto character : characters) {
        titled += QChar::fromUcs4(QChar::toTitleCase(character));
    }
    return toNfkd(titled).toUtf8();
}

} // namespace Postnook
