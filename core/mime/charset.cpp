#include "core/mime/messagetext.h"

#include "core/mime/charsetname.h"

#include <QStringDecoder>

#include <unicode/ucnv.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

namespace Postnook::Mime
{

namespace
{

constexpr qsizetype MaxPiece = 64LL * 1024; // octets or characters that are decoded at once

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
using Converter = std::unique_ptr<UConverter, decltype(&ucnv_close)>;

// Null for a name that ICU does not know.
Converter openConverter(const QByteArray &name)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(name.constData(), &status);
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

void convert(UConverter *converter, QByteArrayView bytes, TextEnd textEnd, const TakeText &take)
{
    std::array<UChar, MaxPiece> buffer;
    const char *source = bytes.data();
    const char *end = source + bytes.size();
    bool isFirst = true;
    QString text;
    UErrorCode status = U_BUFFER_OVERFLOW_ERROR;
    while (status == U_BUFFER_OVERFLOW_ERROR) {
        status = U_ZERO_ERROR;
        UChar *target = buffer.data();
        ucnv_toUnicode(converter,
                       &target,
                       target + MaxPiece,
                       &source,
                       end,
                       nullptr,
                       textEnd == TextEnd::Whole,
                       &status);
        text.append(QStringView(buffer.data(), target - buffer.data()));
        if (std::exchange(isFirst, false) && text.startsWith(QChar::ByteOrderMark)) {
            text.remove(0, 1);
        }
        // Half of a pair waits for the other half.
        const bool isCut =
            status == U_BUFFER_OVERFLOW_ERROR && !text.isEmpty() && text.back().isHighSurrogate();
        const QString half = isCut ? text.last(1) : QString();
        text.chop(half.size());
        take(withoutLoneSurrogates(std::exchange(text, half)));
    }
}

void fromIso8859_16(QByteArrayView bytes, const TakeText &take)
{
    while (!bytes.isEmpty()) {
        const auto piece = bytes.first(std::min(bytes.size(), MaxPiece));
        bytes = bytes.sliced(piece.size());
        auto text = QString::fromLatin1(piece);
        for (auto &c : text) {
            const auto mapping =
                std::find_if(Iso8859_16.begin(), Iso8859_16.end(), [c](const Mapping &m) {
                    return m.octet == c.unicode();
                });
            if (mapping != Iso8859_16.end()) {
                c = QChar(mapping->unicode);
            }
        }
        take(text);
    }
}

void fromWindows1252(QByteArrayView bytes, TextEnd end, const TakeText &take)
{
    const auto converter = openConverter("windows-1252");
    converter ? convert(converter.get(), bytes, end, take) : take(QString::fromLatin1(bytes));
}

// Behind ASCII no character of UTF-8 is half read, whatever stands before and after.
QByteArrayView utf8Piece(QByteArrayView bytes)
{
    const auto isAscii = [](char octet) { return static_cast<unsigned char>(octet) < 0x80; };
    if (bytes.size() <= MaxPiece) {
        return bytes;
    }
    const auto *middle = bytes.begin() + MaxPiece;
    const auto *cut =
        std::find_if(std::make_reverse_iterator(middle), bytes.rend(), isAscii).base();
    if (cut == bytes.begin()) {
        cut = std::find_if(middle, bytes.end(), isAscii);
        cut += cut == bytes.end() ? 0 : 1;
    }
    return bytes.first(cut - bytes.begin());
}

// False: there were errors.
bool fromUtf8(QByteArrayView bytes, TextEnd end, const TakeText &take)
{
    bool isGood = true;
    QStringDecoder::Flags flags = QStringDecoder::Flag::Default; // a mark at the start goes
    do {
        const auto piece = utf8Piece(bytes);
        bytes = bytes.sliced(piece.size());
        if (end == TextEnd::Whole || !bytes.isEmpty()) {
            flags |= QStringDecoder::Flag::Stateless;
        }
        QStringDecoder utf8(QStringDecoder::Utf8, flags);
        take(QString(utf8(piece)));
        isGood = isGood && !utf8.hasError();
        flags = QStringDecoder::Flag::ConvertInitialBom;
    } while (!bytes.isEmpty());
    return isGood;
}

// UTF-8 if it is, else windows-1252: what is said to be ISO-8859-1 or is said to be nothing. Other
// text than UTF-8 that has 8-bit characters is next to never valid as such.
void guess(QByteArrayView bytes, TextEnd end, const TakeText &take)
{
    const bool isUtf8 = bytes.isValidUtf8() || fromUtf8(bytes, end, [](QStringView) {});
    if (isUtf8) {
        fromUtf8(bytes, end, take);
    } else {
        fromWindows1252(bytes, end, take);
    }
}

// Named UTF-8. When not one character beyond ASCII comes out, it is something else.
void fromNamedUtf8(QByteArrayView bytes, TextEnd end, const TakeText &take)
{
    bool hasCharacters = false;
    const auto look = [&hasCharacters](QStringView text) {
        hasCharacters = hasCharacters || std::any_of(text.begin(), text.end(), [](QChar c) {
                            return c > u'\x7f' && c != QChar::ReplacementCharacter;
                        });
    };
    const bool isUtf8 = bytes.isValidUtf8() || fromUtf8(bytes, end, look) || hasCharacters;
    if (isUtf8) {
        fromUtf8(bytes, end, take);
    } else {
        fromWindows1252(bytes, end, take);
    }
}

void fromConverter(QByteArrayView bytes, const QByteArray &name, TextEnd end, const TakeText &take)
{
    const auto converter = openConverter(name);
    converter ? convert(converter.get(), bytes, end, take) : guess(bytes, end, take);
}

// Without a mark, the octets that are 0 tell the order, for every text has blanks or line ends.
// RFC 2781 4.3: else the higher octet comes first.
void fromUtf16(QByteArrayView bytes, TextEnd end, const TakeText &take)
{
    if (bytes.startsWith("\xff\xfe") || bytes.startsWith("\xfe\xff")) {
        return fromConverter(bytes, "UTF-16", end, take);
    }
    std::array<qsizetype, 2> zeros{};
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        zeros.at(static_cast<std::size_t>(i % 2)) += bytes[i] == '\0' ? 1 : 0;
    }
    fromConverter(bytes, zeros[1] > zeros[0] ? "UTF-16LE" : "UTF-16BE", end, take);
}

// The same text in Shift_JIS, for the characters that Windows added to JIS X 0208 are sent in
// ISO-2022-JP too, and its converter does not know them. nullopt: other sets are used.
std::optional<QByteArray> shiftJisOf(QByteArrayView iso2022Jp)
{
    enum class Set { Roman, Katakana, Kanji };
    constexpr qsizetype EscapeSize = 3;
    Set set = Set::Roman;
    QByteArray out;
    out.reserve(iso2022Jp.size());
    for (qsizetype i = 0; i < iso2022Jp.size(); ++i) {
        const auto octet = static_cast<unsigned char>(iso2022Jp[i]);
        if (octet == 0x1b) {
            const auto escape =
                iso2022Jp.sliced(i).first(std::min(EscapeSize, iso2022Jp.size() - i));
            if (escape == "\x1b(B" || escape == "\x1b(J" || escape == "\x1b(H") {
                set = Set::Roman;
            } else if (escape == "\x1b(I") {
                set = Set::Katakana;
            } else if (escape == "\x1b$@" || escape == "\x1b$B") {
                set = Set::Kanji;
            } else {
                return std::nullopt;
            }
            i += EscapeSize - 1;
        } else if (octet < 0x21 || octet > 0x7e || set == Set::Roman) {
            set = octet == '\n' ? Set::Roman : set; // RFC 1468: each line ends in ASCII
            out.append(static_cast<char>(octet));
        } else if (set == Set::Katakana) {
            out.append(static_cast<char>(octet | 0x80));
        } else if (i + 1 < iso2022Jp.size()) {
            const int row = octet - 0x21;
            const int cell = static_cast<unsigned char>(iso2022Jp[++i]) - 0x21;
            out.append(static_cast<char>(row / 2 + (row < 62 ? 0x81 : 0xc1)));
            out.append(
                static_cast<char>(row % 2 == 1 ? cell + 0x9f : cell + (cell < 63 ? 0x40 : 0x41)));
        }
    }
    return out;
}

void fromIso2022Jp(QByteArrayView bytes, TextEnd end, const TakeText &take)
{
    const auto shiftJis = shiftJisOf(bytes);
    shiftJis ? fromConverter(*shiftJis, "windows-31j", end, take)
             : fromConverter(bytes, "ISO-2022-JP-2", end, take);
}

} // namespace

bool isKnownCharset(QByteArrayView charset)
{
    const auto found = findCharset(charset);
    return found.kind != CharsetName::Kind::Unknown
        && (found.kind != CharsetName::Kind::Converter || openConverter(found.converter));
}

void decodeCharset(QByteArrayView bytes, QByteArrayView charset, const TakeText &take, TextEnd end)
{
    const auto found = findCharset(charset);
    switch (found.kind) {
    case CharsetName::Kind::Unknown:
    case CharsetName::Kind::Guess:
        break;
    case CharsetName::Kind::Utf8:
        return fromNamedUtf8(bytes, end, take);
    case CharsetName::Kind::Utf16:
        return fromUtf16(bytes, end, take);
    case CharsetName::Kind::Iso2022Jp:
        return fromIso2022Jp(bytes, end, take);
    case CharsetName::Kind::Iso8859_16:
        return fromIso8859_16(bytes, take);
    case CharsetName::Kind::Converter:
        return fromConverter(bytes, found.converter, end, take);
    }
    guess(bytes, end, take);
}

QString decodeCharset(QByteArrayView bytes, QByteArrayView charset, TextEnd end)
{
    QString text;
    decodeCharset(
        bytes, charset, [&text](QStringView piece) { text += piece; }, end);
    return text;
}

} // namespace Postnook::Mime
