#pragma once

namespace Postnook
{

// The character classes of RFC 9051 section 9 that more than one reader or writer needs.

// ATOM-CHAR: 7-bit and none of the atom-specials "(){ %*\"\\]" or controls.
constexpr bool isAtomChar(char c)
{
    switch (c) {
    case '(':
    case ')':
    case '{':
    case '%':
    case '*':
    case '"':
    case '\\':
    case ']':
        return false;
    default:
        return c > 0x20 && c < 0x7f; // where char is signed, 8-bit octets are below
    }
}

constexpr bool isAstringChar(char c)
{
    return isAtomChar(c) || c == ']';
}

constexpr bool isListChar(char c)
{
    return isAstringChar(c) || c == '%' || c == '*';
}

constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

// 8-bit octets: never part of an atom, allowed in quoted strings (RFC 9051: UTF8-2 and so on).
constexpr bool isEightBit(char c)
{
    return (static_cast<unsigned char>(c) & 0x80U) != 0;
}

} // namespace Postnook
