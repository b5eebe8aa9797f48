#include "core/mime/rfc2231.h"

#include "core/mime/hexoctet.h"
#include "core/mime/messagetext.h"

#include <QHash>

#include <algorithm>
#include <map>
#include <optional>

namespace Postnook::Mime
{

namespace
{

// "base*12*" taken apart. A name without a section number is section 0 of itself.
struct SectionName {
    QByteArrayView base;
    int number = 0;
    bool extended = false; // percent encoding, the first section with charset'language'
};

std::optional<SectionName> parseSectionName(QByteArrayView name)
{
    SectionName result;
    result.base = name;
    if (result.base.endsWith('*')) {
        result.extended = true;
        result.base.chop(1);
    }
    const auto star = result.base.lastIndexOf('*');
    if (star > 0) {
        const auto digits = result.base.sliced(star + 1);
        if (digits.isEmpty() || digits.size() > 6) {
            return std::nullopt;
        }
        for (const char c : digits) {
            if (c < '0' || c > '9') {
                return std::nullopt;
            }
            result.number = result.number * 10 + (c - '0');
        }
        result.base = result.base.first(star);
    } else if (!result.extended || star == 0 || result.base.isEmpty()) {
        return std::nullopt; // an ordinary parameter
    }
    return result;
}

struct Piece {
    qsizetype index; // in the parameters as sent
    bool extended;
};
using Sections = std::map<int, Piece>; // by number

// Where the sections 0, 1, ... without a gap end.
Sections::const_iterator endOfRun(const Sections &sections)
{
    auto end = sections.cbegin();
    for (int expected = 0; end != sections.cend() && end->first == expected; ++expected) {
        ++end;
    }
    return end;
}

// What stands as itself in an extended value (RFC 2231 7, attribute-char).
bool isAttributeChar(char c)
{
    return c > ' ' && c < 0x7f && !QByteArrayView("*'%()<>@,;:\\\"/[]?=").contains(c);
}

QByteArray percentEncoded(QByteArrayView octets)
{
    constexpr QByteArrayView Digits = "0123456789ABCDEF";
    QByteArray text;
    for (const char c : octets) {
        if (isAttributeChar(c)) {
            text.append(c);
        } else {
            const auto code = static_cast<unsigned char>(c);
            text.append('%').append(Digits[code >> 4]).append(Digits[code & 0xf]);
        }
    }
    return text;
}

// Takes charset'language' off an extended value. With one quote only, what stands before it is a
// charset if it is one.
QByteArray takeCharset(QByteArrayView &value)
{
    const auto first = value.indexOf('\'');
    if (first < 0) {
        return {};
    }
    const auto second = value.indexOf('\'', first + 1);
    if (second < 0 && !isKnownCharset(value.first(first))) {
        return {};
    }
    auto charset = value.first(first).toByteArray();
    value = value.sliced((second < 0 ? first : second) + 1);
    return charset;
}

Parameter join(const Parameters &raw, const Sections &sections, Sections::const_iterator end)
{
    const auto &first = sections.cbegin()->second;
    const auto base = parseSectionName(raw[first.index].name)->base.toByteArray();
    const bool extended = std::any_of(
        sections.cbegin(), end, [](const auto &section) { return section.second.extended; });
    QByteArray value;
    if (extended && !first.extended) {
        value = "''"; // no charset is named, and no language
    }
    for (auto section = sections.cbegin(); section != end; ++section) {
        const auto &piece = raw[section->second.index].value;
        value.append(extended && !section->second.extended ? percentEncoded(piece) : piece);
    }
    return {extended ? base + '*' : base, value};
}

} // namespace

QByteArray percentDecoded(QByteArrayView text)
{
    QByteArray octets;
    octets.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const int octet = text[i] == '%' ? hexOctet(text.sliced(i)) : -1;
        octets.append(octet >= 0 ? static_cast<char>(octet) : text[i]);
        i += octet >= 0 ? 2 : 0;
    }
    return octets;
}

Parameters joinSections(const Parameters &raw)
{
    QHash<QByteArray, Sections> byBase;
    for (qsizetype i = 0; i < raw.size(); ++i) {
        if (const auto name = parseSectionName(raw[i].name)) {
            byBase[name->base.toByteArray().toLower()].emplace(name->number,
                                                               Piece{i, name->extended});
        }
    }
    if (byBase.isEmpty()) {
        return raw;
    }

    enum class Fate : quint8 { Keep, Replace, Drop };
    QList<Fate> fates(raw.size(), Fate::Keep);
    QHash<qsizetype, Parameter> replacements; // by the index of the first section as sent
    for (const auto &sections : std::as_const(byBase)) {
        const auto end = endOfRun(sections);
        qsizetype first = raw.size();
        for (auto section = sections.cbegin(); section != end; ++section) {
            fates[section->second.index] = Fate::Drop;
            first = qMin(first, section->second.index);
        }
        if (first < raw.size()) {
            fates[first] = Fate::Replace;
            replacements.insert(first, join(raw, sections, end));
        }
    }

    Parameters result;
    for (qsizetype i = 0; i < raw.size(); ++i) {
        if (fates[i] == Fate::Keep) {
            result.append(raw[i]);
        } else if (fates[i] == Fate::Replace) {
            result.append(replacements.value(i));
        }
    }
    return result;
}

QByteArray decodedValue(const Parameters &parameters, QByteArrayView name)
{
    const auto extended = parameterValue(parameters, name.toByteArray() + '*');
    if (extended.isEmpty()) {
        return parameterValue(parameters, name);
    }
    return extendedInUtf8(extended);
}

QByteArray extendedInUtf8(QByteArrayView value)
{
    const auto charset = takeCharset(value);
    return decodeCharset(percentDecoded(value), charset).toUtf8();
}

} // namespace Postnook::Mime
