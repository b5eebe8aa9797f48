#include "core/mime/messagetext.h"

#include "core/mime/headerfields.h"
#include "core/mime/hexoctet.h"

namespace Postnook::Mime
{

namespace
{

int base64Value(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// RFC 2045 6.8: other characters do not count. Padding ends a group; what follows it is decoded
// too, since pieces encoded one by one get put together.
QByteArray decodeBase64(QByteArrayView text)
{
    QByteArray out;
    out.reserve(text.size() / 4 * 3 + 3);
    quint32 bits = 0;
    int count = 0;
    for (const char c : text) {
        if (c == '=') {
            count = 0;
            continue;
        }
        const int value = base64Value(c);
        if (value < 0) {
            continue;
        }
        bits = (bits << 6) | static_cast<quint32>(value);
        // Whole octets go out as soon as they are there, so a cut group loses nothing.
        switch (count++) {
        case 1:
            out.append(static_cast<char>(bits >> 4));
            break;
        case 2:
            out.append(static_cast<char>(bits >> 2));
            break;
        case 3:
            out.append(static_cast<char>(bits));
            count = 0;
            break;
        default:
            break;
        }
    }
    return out;
}

// The size of the blanks and the line end at the start; 0 when something else stands between.
qsizetype lineEndAfterBlanks(QByteArrayView text)
{
    qsizetype i = 0;
    while (i < text.size() && isBlank(text[i])) {
        ++i;
    }
    if (text.sliced(i).startsWith("\r\n")) {
        return i + 2;
    }
    return i < text.size() && text[i] == '\n' ? i + 1 : 0;
}

// RFC 2045 6.7. "=" that begins neither an octet nor a soft line end stays; blanks at the end of
// a line go.
QByteArray decodeQuotedPrintable(QByteArrayView text)
{
    QByteArray out;
    out.reserve(text.size());
    qsizetype i = 0;
    while (i < text.size()) {
        const char c = text[i];
        if (c == '=') {
            if (const int octet = hexOctet(text.sliced(i)); octet >= 0) {
                out.append(static_cast<char>(octet));
                i += 3;
                continue;
            }
            if (const auto end = lineEndAfterBlanks(text.sliced(i + 1)); end > 0) {
                i += 1 + end;
                continue;
            }
            if (i + 1 == text.size()) {
                break; // a soft line end at the end of the part
            }
        } else if (isBlank(c)) {
            qsizetype blanks = 1;
            while (i + blanks < text.size() && isBlank(text[i + blanks])) {
                ++blanks;
            }
            const auto next = text.sliced(i + blanks);
            if (!next.isEmpty() && !next.startsWith("\r\n") && !next.startsWith('\n')) {
                out.append(text.sliced(i, blanks));
            }
            i += blanks;
            continue;
        }
        out.append(c);
        ++i;
    }
    return out;
}

} // namespace

QByteArray decodeTransferEncoding(QByteArrayView body, QByteArrayView encoding)
{
    if (isSameName(encoding, "base64")) {
        return decodeBase64(body);
    }
    if (isSameName(encoding, "quoted-printable")) {
        return decodeQuotedPrintable(body);
    }
    return body.toByteArray();
}

} // namespace Postnook::Mime
