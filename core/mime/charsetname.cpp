#include "core/mime/charsetname.h"

#include "core/mime/headerfields.h"

#include <algorithm>
#include <array>
#include <optional>

namespace Postnook::Mime
{

namespace
{

using Kind = CharsetName::Kind;

struct Alias {
    QByteArrayView name; // letters and digits only, in lower case
    const char *converter;
};

// Names of the wild that ICU does not know or takes for a smaller set than what is sent under
// them: mail named gb2312 uses characters of gb18030, and so on (as in the WHATWG's table).
constexpr std::array Aliases{
    Alias{"gb2312", "gb18030"},
    Alias{"gb231280", "gb18030"},
    Alias{"gb18030", "gb18030"},
    Alias{"euccn", "gb18030"},
    Alias{"gbk", "gb18030"},
    Alias{"cngb", "gb18030"},
    Alias{"chinese", "gb18030"},
    Alias{"csgb2312", "gb18030"},
    Alias{"isoir58", "gb18030"},
    Alias{"hzgb2312", "HZ"},
    Alias{"euckr", "windows-949"},
    Alias{"cseuckr", "windows-949"},
    Alias{"ksc56011987", "windows-949"},
    Alias{"ksc56011989", "windows-949"},
    Alias{"ksc56011992", "windows-949"},
    Alias{"ksc5601", "windows-949"},
    Alias{"csksc56011987", "windows-949"},
    Alias{"isoir149", "windows-949"},
    Alias{"korean", "windows-949"},
    Alias{"uhc", "windows-949"},
    Alias{"shiftjis", "windows-31j"},
    Alias{"csshiftjis", "windows-31j"},
    Alias{"sjis", "windows-31j"},
    Alias{"mskanji", "windows-31j"},
    Alias{"windows31j", "windows-31j"},
    Alias{"eucjp", "EUC-JP"},
    Alias{"eucjpms", "EUC-JP"},
    Alias{"ujis", "EUC-JP"},
    Alias{"euctw", "EUC-TW"},
    Alias{"big5", "Big5-HKSCS"},
    Alias{"big5hkscs", "Big5-HKSCS"},
    Alias{"big5eten", "Big5-HKSCS"},
    Alias{"cnbig5", "Big5-HKSCS"},
    Alias{"csbig5", "Big5-HKSCS"},
    Alias{"tis620", "windows-874"},
    Alias{"unicode11utf7", "UTF-7"},
    Alias{"utf7", "UTF-7"},
    Alias{"utf16le", "UTF-16LE"},
    Alias{"utf16be", "UTF-16BE"},
    Alias{"utf32", "UTF-32"},
    Alias{"iso10646ucs4", "UTF-32"},
    Alias{"mac", "macintosh"},
    Alias{"macroman", "macintosh"},
    Alias{"macintosh", "macintosh"},
    Alias{"maccyrillic", "x-mac-cyrillic"},
    Alias{"macukrainian", "x-mac-cyrillic"},
    Alias{"macgreek", "x-mac-greek"},
    Alias{"macturkish", "x-mac-turkish"},
    Alias{"macce", "x-mac-centraleurroman"},
    Alias{"maccentraleurroman", "x-mac-centraleurroman"},
    Alias{"koi", "KOI8-R"},
    Alias{"koi8", "KOI8-R"},
    Alias{"koi8r", "KOI8-R"},
    Alias{"koi8u", "KOI8-U"},
    Alias{"koi8ru", "KOI8-U"},
    Alias{"logical", "ISO-8859-8"},
    Alias{"visual", "ISO-8859-8"},
};

struct Special {
    QByteArrayView name;
    Kind kind;
};
constexpr std::array Specials{
    Special{"usascii", Kind::Guess},
    Special{"ascii", Kind::Guess},
    Special{"ansix341968", Kind::Guess},
    Special{"iso646us", Kind::Guess},
    Special{"utf8", Kind::Utf8},
    Special{"utf8mb4", Kind::Utf8},
    Special{"unicode11utf8", Kind::Utf8},
    Special{"unicode20utf8", Kind::Utf8},
    Special{"utf16", Kind::Utf16},
    Special{"ucs2", Kind::Utf16},
    Special{"iso10646ucs2", Kind::Utf16},
    Special{"unicode", Kind::Utf16},
    Special{"iso2022jp", Kind::Iso2022Jp},
    Special{"iso2022jp1", Kind::Iso2022Jp},
    Special{"iso2022jp2", Kind::Iso2022Jp},
    Special{"iso2022jp3", Kind::Iso2022Jp},
    Special{"iso2022jpms", Kind::Iso2022Jp},
    Special{"csiso2022jp", Kind::Iso2022Jp},
    Special{"jis7", Kind::Iso2022Jp},
};

// Code pages of Windows whose converters have other names than windows-N or cpN.
struct CodePage {
    int number;
    Kind kind;
    const char *converter;
};
constexpr std::array CodePages{
    CodePage{874, Kind::Converter, "windows-874"},
    CodePage{932, Kind::Converter, "windows-31j"},
    CodePage{936, Kind::Converter, "gb18030"},
    CodePage{949, Kind::Converter, "windows-949"},
    CodePage{950, Kind::Converter, "windows-950"},
    CodePage{1200, Kind::Converter, "UTF-16LE"},
    CodePage{1201, Kind::Converter, "UTF-16BE"},
    CodePage{1252, Kind::Guess, ""},
    CodePage{10000, Kind::Converter, "macintosh"},
    CodePage{20127, Kind::Guess, ""},
    CodePage{20866, Kind::Converter, "KOI8-R"},
    CodePage{21866, Kind::Converter, "KOI8-U"},
    CodePage{50220, Kind::Iso2022Jp, ""},
    CodePage{50221, Kind::Iso2022Jp, ""},
    CodePage{50222, Kind::Iso2022Jp, ""},
    CodePage{51932, Kind::Converter, "EUC-JP"},
    CodePage{51949, Kind::Converter, "windows-949"},
    CodePage{52936, Kind::Converter, "HZ"},
    CodePage{54936, Kind::Converter, "gb18030"},
    CodePage{65000, Kind::Converter, "UTF-7"},
    CodePage{65001, Kind::Utf8, ""},
};

constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

// A number of up to five digits at the start; -1: there is none.
int takeNumber(QByteArrayView &text)
{
    constexpr qsizetype MaxDigits = 5;
    int number = 0;
    qsizetype size = 0;
    for (; size < text.size() && size < MaxDigits && isDigit(text[size]); ++size) {
        number = number * 10 + (text[size] - '0');
    }
    text = text.sliced(size);
    return size > 0 ? number : -1;
}

bool takeWord(QByteArrayView &text, QByteArrayView word)
{
    if (!text.startsWith(word)) {
        return false;
    }
    text = text.sliced(word.size());
    return true;
}

void skipPunctuation(QByteArrayView &text)
{
    while (!text.isEmpty() && QByteArrayView("-_. ").contains(text.front())) {
        text = text.sliced(1);
    }
}

CharsetName iso8859(int part)
{
    switch (part) {
    case 1:
        return {Kind::Guess, {}};
    case 9:
        return {Kind::Converter, "windows-1254"};
    case 11:
        return {Kind::Converter, "windows-874"};
    case 16:
        return {Kind::Iso8859_16, {}};
    default:
        return {Kind::Converter, "iso-8859-" + QByteArray::number(part)};
    }
}

// "iso_8859-1:1987", "ISO8859-8-i", "8859_1"
std::optional<CharsetName> findIso8859(QByteArrayView name)
{
    constexpr int LastPart = 16;
    takeWord(name, "iso");
    skipPunctuation(name);
    if (!takeWord(name, "8859")) {
        return std::nullopt;
    }
    skipPunctuation(name);
    const int part = takeNumber(name);
    return part >= 1 && part <= LastPart ? std::make_optional(iso8859(part)) : std::nullopt;
}

// "latin1", "l2": some count parts, others the alphabets in them.
std::optional<CharsetName> findLatin(QByteArrayView name)
{
    constexpr std::array Parts{15, 1, 2, 3, 4, 9, 10, 13, 14, 15, 16}; // by number
    if (!takeWord(name, "latin") && !takeWord(name, "l")) {
        return std::nullopt;
    }
    skipPunctuation(name);
    const int number = takeNumber(name);
    const bool isKnown = number >= 0 && number < static_cast<int>(Parts.size()) && name.isEmpty();
    return isKnown ? std::make_optional(iso8859(Parts.at(static_cast<std::size_t>(number))))
                   : std::nullopt;
}

// "cp1252", "win-1252", "windows_cp1252", "ms932"
std::optional<CharsetName> findCodePage(QByteArrayView name)
{
    const bool isWindows = takeWord(name, "windows") || takeWord(name, "win");
    skipPunctuation(name);
    if (!takeWord(name, "cp") && !takeWord(name, "ms") && !isWindows) {
        return std::nullopt;
    }
    skipPunctuation(name);
    const int number = takeNumber(name);
    if (number < 0 || !name.isEmpty()) {
        return std::nullopt;
    }
    const auto *page = std::find_if(CodePages.begin(),
                                    CodePages.end(),
                                    [number](const CodePage &p) { return p.number == number; });
    if (page != CodePages.end()) {
        return CharsetName{page->kind, page->converter};
    }
    if (number >= 28591 && number <= 28606) {
        return iso8859(number - 28590);
    }
    const bool ofWindows = number >= 1250 && number <= 1258;
    return CharsetName{Kind::Converter,
                       (ofWindows ? QByteArray("windows-") : QByteArray("cp"))
                           + QByteArray::number(number)};
}

std::optional<CharsetName> findSqueezed(QByteArrayView name)
{
    QByteArray squeezed;
    std::copy_if(name.begin(), name.end(), std::back_inserter(squeezed), [](char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z');
    });
    const auto *special = std::find_if(
        Specials.begin(), Specials.end(), [&](const Special &s) { return s.name == squeezed; });
    if (special != Specials.end()) {
        return CharsetName{special->kind, {}};
    }
    const auto *alias = std::find_if(
        Aliases.begin(), Aliases.end(), [&](const Alias &a) { return a.name == squeezed; });
    if (alias != Aliases.end()) {
        return CharsetName{Kind::Converter, alias->converter};
    }
    return std::nullopt;
}

QByteArray plainName(QByteArrayView charset)
{
    auto name = trimmed(charset);
    if (const auto star = name.indexOf('*'); star >= 0) {
        name = name.first(star); // RFC 2231 5: charset*language
    }
    constexpr QByteArrayView Quotes = "\"'<>;,=";
    while (!name.isEmpty() && Quotes.contains(name.front())) {
        name = name.sliced(1);
    }
    while (!name.isEmpty() && Quotes.contains(name.back())) {
        name.chop(1);
    }
    return name.toByteArray().toLower();
}

} // namespace

CharsetName findCharset(QByteArrayView name)
{
    constexpr qsizetype MaxName = 60;
    const auto plain = plainName(name);
    if (plain.isEmpty() || plain.size() > MaxName) {
        return {};
    }
    QByteArrayView rest = plain;
    takeWord(rest, "3d"); // of "charset=3Dutf-8" that nobody decoded
    for (int i = 0; i < 3; ++i) {
        for (const auto &find : {findIso8859, findLatin, findCodePage, findSqueezed}) {
            if (const auto found = find(rest)) {
                return *found;
            }
        }
        if (!takeWord(rest, "x-")) { // "x-x-big5"
            break;
        }
    }
    const bool canBeName = std::all_of(rest.begin(), rest.end(), [](char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || QByteArrayView("-_.:+()").contains(c);
    });
    // ICU would take options behind a comma.
    return canBeName ? CharsetName{Kind::Converter, plain} : CharsetName{};
}

} // namespace Postnook::Mime
