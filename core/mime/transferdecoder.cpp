#include "core/mime/transferdecoder.h"

#include "core/mime/headerfields.h"
#include "core/mime/hexoctet.h"

#include <algorithm>
#include <array>
#include <utility>

namespace Postnook::Mime
{

namespace
{

constexpr qint8 Foreign = -1;
constexpr qint8 Padding = -2;

// What each octet means in base64.
constexpr std::array<qint8, 256> makeBase64Values()
{
    std::array<qint8, 256> values{};
    values.fill(Foreign);
    qint8 value = 0;
    for (const auto &[first, last] :
         {std::pair{'A', 'Z'}, std::pair{'a', 'z'}, std::pair{'0', '9'}}) {
        for (char c = first; c <= last; ++c) {
            values[static_cast<unsigned char>(c)] = value++;
        }
    }
    values['+'] = value++;
    values['/'] = value;
    values['='] = Padding;
    return values;
}
constexpr auto Base64Values = makeBase64Values();

int base64Value(char c) // negative: no digit
{
    return Base64Values[static_cast<unsigned char>(c)];
}

// So many blanks in a row are not held back to see whether their line ends: they stay. Lines of
// quoted-printable have 76 characters (RFC 2045 6.7).
constexpr qsizetype MaxHeldBlanks = 998;

// The size of the line end at the start: 0 for none, -1 when the next piece has to tell.
int lineEndSize(QByteArrayView text, bool isEnd)
{
    if (text.isEmpty() || (text.size() == 1 && text.front() == '\r')) {
        return isEnd ? 0 : -1;
    }
    return text.front() == '\n' ? 1 : text.startsWith("\r\n") ? 2 : 0;
}

qsizetype leadingBlanks(QByteArrayView text)
{
    const auto some = text.first(std::min(text.size(), MaxHeldBlanks));
    return std::find_if_not(some.begin(), some.end(), isBlank) - some.begin();
}

// The text up to the next character that means something in quoted-printable.
qsizetype plainSize(QByteArrayView text)
{
    const auto end = std::find_if(
        text.begin(), text.end(), [](char c) { return c == '=' || c == ' ' || c == '\t'; });
    return end - text.begin();
}

} // namespace

TransferDecoder::TransferDecoder(QByteArrayView encoding)
    : m_kind(isSameName(encoding, "base64")                 ? Kind::Base64
                 : isSameName(encoding, "quoted-printable") ? Kind::QuotedPrintable
                                                            : Kind::Identity)
{
}

bool TransferDecoder::isKnown(QByteArrayView encoding)
{
    constexpr std::array<QByteArrayView, 5> Known{
        "7bit", "8bit", "binary", "base64", "quoted-printable"};
    return std::any_of(Known.begin(), Known.end(), [encoding](QByteArrayView known) {
        return isSameName(encoding, known);
    });
}

QByteArray TransferDecoder::decode(QByteArrayView piece)
{
    switch (m_kind) {
    case Kind::Base64:
        return decodeBase64(piece);
    case Kind::QuotedPrintable:
        if (!m_held.isEmpty()) {
            auto text = std::exchange(m_held, {});
            text.append(piece);
            return decodeQuotedPrintable(text, false);
        }
        return decodeQuotedPrintable(piece, false);
    case Kind::Identity:
        break;
    }
    return piece.toByteArray();
}

QByteArray TransferDecoder::finish()
{
    return m_held.isEmpty() ? QByteArray() : decodeQuotedPrintable(std::exchange(m_held, {}), true);
}

QByteArray TransferDecoder::decodeBase64(QByteArrayView piece)
{
    QByteArray out(piece.size() / 4 * 3 + 3, Qt::Uninitialized);
    char *to = out.data();
    const char *from = piece.begin();
    const char *end = piece.end();
    while (from != end) {
        // Whole groups, as almost all are.
        while (m_count == 0 && end - from >= 4) {
            const int a = base64Value(from[0]);
            const int b = base64Value(from[1]);
            const int c = base64Value(from[2]);
            const int d = base64Value(from[3]);
            if ((a | b | c | d) < 0) {
                break;
            }
            const auto bits = static_cast<quint32>((a << 18) | (b << 12) | (c << 6) | d);
            *to++ = static_cast<char>(bits >> 16);
            *to++ = static_cast<char>(bits >> 8);
            *to++ = static_cast<char>(bits);
            from += 4;
        }
        if (from == end) {
            break;
        }
        const auto value = base64Value(*from++);
        if (value == Padding) {
            m_count = 0;
        }
        if (value < 0) {
            continue;
        }
        m_bits = (m_bits << 6) | static_cast<quint32>(value);
        // Whole octets go out as soon as they are there, so that a cut group loses nothing.
        constexpr std::array<int, 4> Surplus{0, 4, 2, 0};
        if (m_count > 0) {
            *to++ = static_cast<char>(m_bits >> Surplus[static_cast<size_t>(m_count)]);
        }
        m_count = (m_count + 1) % 4;
    }
    out.truncate(to - out.constData());
    return out;
}

QByteArray TransferDecoder::decodeQuotedPrintable(QByteArrayView text, bool isEnd)
{
    QByteArray out;
    out.reserve(text.size());
    while (!text.isEmpty()) {
        const auto plain = plainSize(text);
        out.append(text.first(plain));
        text = text.sliced(plain);
        if (text.isEmpty()) {
            break;
        }
        const bool isEscape = text.front() == '=';
        if (const int octet = isEscape ? hexOctet(text) : -1; octet >= 0) {
            out.append(static_cast<char>(octet));
            text = text.sliced(3);
            continue;
        }
        const auto rest = text.sliced(isEscape ? 1 : 0);
        const auto blanks = leadingBlanks(rest);
        const auto lineEnd = blanks < MaxHeldBlanks ? lineEndSize(rest.sliced(blanks), isEnd) : 0;
        const bool mayBeOctet = isEscape && rest.size() < 2 && !isEnd;
        if (lineEnd < 0 || mayBeOctet) {
            m_held = text.toByteArray();
            break;
        }
        if (isEscape) {
            if (lineEnd > 0) {
                text = rest.sliced(blanks + lineEnd);
                continue;
            }
            if (isEnd && rest.isEmpty()) {
                break; // a soft line end at the end of the part
            }
            out.append('=');
            text = rest;
        } else {
            const bool isAtLineEnd = lineEnd > 0 || (isEnd && blanks == rest.size());
            if (!isAtLineEnd) {
                out.append(text.first(blanks));
            }
            text = text.sliced(blanks);
        }
    }
    return out;
}

QByteArray decodeTransferEncoding(QByteArrayView body, QByteArrayView encoding)
{
    TransferDecoder decoder(encoding);
    auto out = decoder.decode(body);
    return decoder.isIdentity() ? out : out + decoder.finish();
}

} // namespace Postnook::Mime
