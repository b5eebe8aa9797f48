#pragma once

#include <QByteArrayView>

namespace Postnook::Mime
{

// The octet that the two hexadecimal digits behind the first character stand for, as in "=41" or
// "%41"; -1 when there are none.
inline int hexOctet(QByteArrayView text)
{
    constexpr qsizetype Digits = 2;
    if (text.size() <= Digits) {
        return -1;
    }
    int octet = 0;
    for (const char c : text.sliced(1, Digits)) {
        const auto lower = static_cast<char>(c | 0x20);
        if (c >= '0' && c <= '9') {
            octet = octet * 16 + (c - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            octet = octet * 16 + (lower - 'a' + 10);
        } else {
            return -1;
        }
    }
    return octet;
}

} // namespace Postnook::Mime
