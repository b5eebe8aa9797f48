#include "core/mime/messagetext.h"

#include "core/mime/headerfields.h"

#include <QStringDecoder>

#include <unicode/ucnv.h>

#include <algorithm>
#include <array>
#include <memory>

namespace Postnook::Mime
{

namespace
{

struct Alias {
    QByteArrayView name; // lower case
    const char *converter;
};

// Names of the wild that ICU does not know or takes for a smaller set than what is sent under
// them: mail named gb2312 uses characters of gb18030, and so on (as in the WHATWG's table).
constexpr std::array Aliases{
    Alias{"iso-8859-1", "windows-1252"},
    Alias{"iso8859-1", "windows-1252"},
    Alias{"iso_8859-1", "windows-1252"},
    Alias{"latin1", "windows-1252"},
    Alias{"latin-1", "windows-1252"},
    Alias{"l1", "windows-1252"},
    Alias{"iso-8859-9", "windows-1254"},
    Alias{"latin5", "windows-1254"},
    Alias{"iso-8859-11", "windows-874"},
    Alias{"tis-620", "windows-874"},
    Alias{"iso-8859-8-i", "ISO-8859-8"},
    Alias{"iso-8859-8-e", "ISO-8859-8"},
    Alias{"iso-8859-6-i", "ISO-8859-6"},
    Alias{"iso-8859-6-e", "ISO-8859-6"},
    Alias{"gb2312", "gb18030"},
    Alias{"gb_2312-80", "gb18030"},
    Alias{"gb2312-80", "gb18030"},
    Alias{"euc-cn", "gb18030"},
    Alias{"euccn", "gb18030"},
    Alias{"gbk", "gb18030"},
    Alias{"x-gbk", "gb18030"},
    Alias{"cp936", "gb18030"},
    Alias{"ms936", "gb18030"},
    Alias{"windows-936", "gb18030"},
    Alias{"cn-gb", "gb18030"},
    Alias{"hz-gb-2312", "HZ"},
    Alias{"euc-kr", "windows-949"},
    Alias{"euckr", "windows-949"},
    Alias{"ks_c_5601-1987", "windows-949"},
    Alias{"ks_c_5601-1989", "windows-949"},
    Alias{"ks_c_5601", "windows-949"},
    Alias{"ksc5601", "windows-949"},
    Alias{"ksc_5601", "windows-949"},
    Alias{"korean", "windows-949"},
    Alias{"cp949", "windows-949"},
    Alias{"uhc", "windows-949"},
    Alias{"shift_jis", "windows-31j"},
    Alias{"shift-jis", "windows-31j"},
    Alias{"x-sjis", "windows-31j"},
    Alias{"sjis", "windows-31j"},
    Alias{"ms_kanji", "windows-31j"},
    Alias{"cp932", "windows-31j"},
    Alias{"x-euc-jp", "EUC-JP"},
    Alias{"big5", "Big5-HKSCS"},
    Alias{"x-x-big5", "Big5-HKSCS"},
    Alias{"cn-big5", "Big5-HKSCS"},
    Alias{"cp950", "windows-950"},
    Alias{"utf8", "UTF-8"},
    Alias{"utf-8mb4", "UTF-8"},
    Alias{"utf8mb4", "UTF-8"},
    Alias{"unicode-1-1-utf-8", "UTF-8"},
    Alias{"x-unicode20utf8", "UTF-8"},
    Alias{"unicode-1-1-utf-7", "UTF-7"},
    Alias{"x-mac-roman", "macintosh"},
    Alias{"koi", "KOI8-R"},
    Alias{"koi8", "KOI8-R"},
    Alias{"koi8-ru", "KOI8-U"},
};

// Names that say nothing about the bytes.
constexpr std::array<QByteArrayView, 8> Nothings{
    "us-ascii",
    "ascii",
    "ansi_x3.4-1968",
    "x-unknown",
    "unknown",
    "unknown-8bit",
    "default",
    "8bit",
};

// ICU lacks ISO-8859-16. Where it differs from ISO-8859-1:
struct Mapping {
    unsigned char octet;
    char16_t unicode;
};
constexpr std::array<Mapping, 40> Iso8859_16{{
    {0xA1, 0x0104}, {0xA2, 0x0105}, {0xA3, 0x0141}, {0xA4, 0x20AC}, {0xA5, 0x201E}, {0xA6, 0x0160},
    {0xA8, 0x0161}, {0xAA, 0x0218}, {0xAC, 0x0179}, {0xAE, 0x017A}, {0xAF, 0x017B}, {0xB2, 0x010C},
    {0xB3, 0x0142}, {0xB4, 0x017D}, {0xB5, 0x201D}, {0xB8, 0x017E}, {0xB9, 0x010D}, {0xBA, 0x0219},
    {0xBC, 0x0152}, {0xBD, 0x0153}, {0xBE, 0x0178}, {0xBF, 0x017C}, {0xC3, 0x0102}, {0xC5, 0x0106},
    {0xD0, 0x0110}, {0xD1, 0x0143}, {0xD5, 0x0150}, {0xD7, 0x015A}, {0xD8, 0x0170}, {0xDD, 0x0118},
    {0xDE, 0x021A}, {0xE3, 0x0103}, {0xE5, 0x0107}, {0xF0, 0x0111}, {0xF1, 0x0144}, {0xF5, 0x0151},
    {0xF7, 0x015B}, {0xF8, 0x0171}, {0xFD, 0x0119}, {0xFE, 0x021B},
}};
constexpr QByteArrayView Iso8859_16Name = "iso-8859-16";

using Converter = std::unique_ptr<UConverter, decltype(&ucnv_close)>;

QByteArray normalizedName(QByteArrayView charset)
{
    auto name = trimmed(charset);
    if (const auto star = name.indexOf('*'); star >= 0) {
        name = name.first(star); // RFC 2231 5: charset*language
    }
    while (!name.isEmpty() && (name.front() == '"' || name.front() == '\'')) {
        name = name.sliced(1);
    }
    while (!name.isEmpty() && (name.back() == '"' || name.back() == '\'')) {
        name.chop(1);
    }
    return name.toByteArray().toLower();
}

// Null for a name that is unknown, or no name: ICU would take options behind a comma.
Converter openConverter(const QByteArray &name)
{
    constexpr qsizetype MaxName = 60;
    const bool plain = !name.isEmpty() && name.size() <= MaxName
        && std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
                   || QByteArrayView("-_.:+()").contains(c);
           });
    const auto alias = std::find_if(
        Aliases.begin(), Aliases.end(), [&name](const Alias &a) { return a.name == name; });
    UErrorCode status = U_ZERO_ERROR;
    if (!plain) {
        return {nullptr, &ucnv_close};
    }
    UConverter *converter =
        ucnv_open(alias != Aliases.end() ? alias->converter : name.constData(), &status);
    return {U_SUCCESS(status) ? converter : nullptr, &ucnv_close};
}

// UTF-7, CESU-8 and the like can spell half of a surrogate pair, which is no text and could not be
// written as UTF-8.
QString withoutLoneSurrogates(QString text)
{
    if (text.isValidUtf16()) {
        return text;
    }
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool isPair =
            text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        if (isPair) {
            ++i;
        } else if (text[i].isSurrogate()) {
            text[i] = QChar::ReplacementCharacter;
        }
    }
    return text;
}

QString convert(UConverter *converter, QByteArrayView bytes, TextEnd textEnd)
{
    QString text;
    constexpr qsizetype Step = 64 * 1024;
    std::array<UChar, Step> buffer;
    const char *source = bytes.data();
    const char *end = source + bytes.size();
    UErrorCode status = U_BUFFER_OVERFLOW_ERROR;
    while (status == U_BUFFER_OVERFLOW_ERROR) {
        status = U_ZERO_ERROR;
        UChar *target = buffer.data();
        ucnv_toUnicode(converter,
                       &target,
                       target + Step,
                       &source,
                       end,
                       nullptr,
                       textEnd == TextEnd::Whole,
                       &status);
        text.append(QStringView(buffer.data(), target - buffer.data()));
    }
    return withoutLoneSurrogates(std::move(text));
}

QString fromIso8859_16(QByteArrayView bytes)
{
    auto text = QString::fromLatin1(bytes);
    for (auto &c : text) {
        const auto mapping = std::find_if(Iso8859_16.begin(),
                                          Iso8859_16.end(),
                                          [c](const Mapping &m) { return m.octet == c.unicode(); });
        if (mapping != Iso8859_16.end()) {
            c = QChar(mapping->unicode);
        }
    }
    return text;
}

bool isAscii(QByteArrayView bytes)
{
    return std::all_of(
        bytes.begin(), bytes.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
}

QString fromWindows1252(QByteArrayView bytes, TextEnd end)
{
    const auto converter = openConverter("windows-1252");
    return converter ? convert(converter.get(), bytes, end) : QString::fromLatin1(bytes);
}

struct Utf8Text {
    QString text;
    bool hasErrors = false;
};

Utf8Text fromUtf8(QByteArrayView bytes, TextEnd end)
{
    QStringDecoder utf8(QStringDecoder::Utf8,
                        end == TextEnd::Whole ? QStringDecoder::Flag::Stateless
                                              : QStringDecoder::Flag::Default);
    QString text = utf8(bytes);
    return {text, utf8.hasError()};
}

// UTF-8 if it is, else windows-1252: what is said to be ISO-8859-1 or is said to be nothing. Other
// text than UTF-8 that has 8-bit characters is next to never valid as such.
QString guess(QByteArrayView bytes, TextEnd end)
{
    auto [text, hasErrors] = fromUtf8(bytes, end);
    return hasErrors ? fromWindows1252(bytes, end) : text;
}

// Named UTF-8. When not one character beyond ASCII comes out, it is something else.
QString fromNamedUtf8(QByteArrayView bytes, TextEnd end)
{
    auto [text, hasErrors] = fromUtf8(bytes, end);
    const bool isWrong = hasErrors && std::none_of(text.begin(), text.end(), [](QChar c) {
                             return c > u'\x7f' && c != QChar::ReplacementCharacter;
                         });
    return isWrong ? fromWindows1252(bytes, end) : text;
}

} // namespace

bool isKnownCharset(QByteArrayView charset)
{
    const auto name = normalizedName(charset);
    return name == "us-ascii" || name == "ascii" || name == Iso8859_16Name || openConverter(name);
}

QString decodeCharset(QByteArrayView bytes, QByteArrayView charset, TextEnd end)
{
    const auto name = normalizedName(charset);
    if (std::find(Nothings.begin(), Nothings.end(), name) != Nothings.end()
        || (name == "iso-8859-1" && !isAscii(bytes))) {
        return guess(bytes, end);
    }
    if (name == Iso8859_16Name) {
        return fromIso8859_16(bytes);
    }
    if (name == "utf-8") {
        return fromNamedUtf8(bytes, end);
    }
    const auto converter = openConverter(name);
    return converter ? convert(converter.get(), bytes, end) : guess(bytes, end);
}

} // namespace Postnook::Mime
