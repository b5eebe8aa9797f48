#pragma once

#include <QChar>

namespace Postnook::Mime
{

// Characters that show nothing and part nothing: hints for breaking lines, fillers, marks of
// direction. The joiners U+200C and U+200D are none of them: letters and emoji need them.
constexpr bool isInvisible(char32_t c)
{
    return c == 0xad || c == 0x34f || c == 0x61c || c == 0x115f || c == 0x1160 || c == 0x17b4
        || c == 0x17b5 || c == 0x180e || c == 0x200b || c == 0x200e || c == 0x200f
        || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0x3164
        || c == 0xfeff || c == 0xffa0 || (c >= 0xfff0 && c <= 0xfffb);
}

constexpr bool isJoiner(char32_t c)
{
    return c == 0x200c || c == 0x200d;
}

// Blanks of any width and all that ends a line.
inline bool isAnyBlank(char32_t c)
{
    return c == 0x2800 || QChar::isSpace(c); // U+2800 is the Braille pattern without a dot
}

} // namespace Postnook::Mime
