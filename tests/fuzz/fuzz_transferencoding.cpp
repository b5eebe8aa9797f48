#include "core/mime/transferdecoder.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/textchecks.h"

#include <algorithm>

namespace Postnook::Fuzz
{

using Mime::decodeTransferEncoding;
using Mime::TransferDecoder;

namespace
{

// The data taken for an encoded body.
void checkDecoded(QByteArrayView data)
{
    const auto base64 = decodeTransferEncoding(data, "BASE64");
    PROPERTY(base64.size() <= data.size() / 4 * 3 + 2);
    const auto quotedPrintable = decodeTransferEncoding(data, "Quoted-Printable");
    PROPERTY(quotedPrintable.size() <= data.size());
    for (const auto *encoding : {"7bit", "8bit", "binary", "x-unknown", ""}) {
        PROPERTY(decodeTransferEncoding(data, encoding) == data);
    }

    // Line ends anywhere mean nothing in base64.
    auto random = randomFor(data);
    std::uniform_int_distribution<int> often(0, 3);
    QByteArray broken;
    for (const char c : data) {
        broken += c;
        broken += often(random) == 0 ? "\r\n" : "";
    }
    PROPERTY(decodeTransferEncoding(broken, "base64") == base64);
}

// In pieces, the same; and a copy goes on alone.
void checkPieces(QByteArrayView data)
{
    auto random = randomFor(data);
    for (const auto *encoding : {"base64", "quoted-printable", "8bit"}) {
        const auto whole = decodeTransferEncoding(data, encoding);
        for (const qsizetype longest : {1, 5, 1000}) {
            std::uniform_int_distribution<qsizetype> size(longest == 1 ? 1 : 0, longest);
            TransferDecoder decoder(encoding);
            QByteArray decoded;
            for (auto rest = data; !rest.isEmpty();) {
                const auto piece = rest.first(std::min(size(random), rest.size()));
                auto copy = decoder;
                const auto fromCopy = copy.decode(piece.toByteArray());
                decoded += decoder.decode(piece.toByteArray());
                PROPERTY(decoded.endsWith(fromCopy));
                rest = rest.sliced(piece.size());
            }
            PROPERTY2(decoded + decoder.finish() == whole, encoding);
        }
    }
}

// The data taken for content: what is encoded as RFC 2045 says comes back.
void checkRoundTrip(QByteArrayView data)
{
    auto random = randomFor(data);
    constexpr qsizetype LineLength = 76;

    const auto base64 = data.toByteArray().toBase64();
    QByteArray lines;
    for (qsizetype i = 0; i < base64.size(); i += LineLength) {
        lines += base64.mid(i, LineLength) + (random() % 2 == 0 ? "\r\n" : "\n");
    }
    PROPERTY(decodeTransferEncoding(base64, "base64") == data);
    PROPERTY(decodeTransferEncoding(lines, "base64") == data);

    QByteArray quotedPrintable;
    for (const char c : data) {
        const bool asItIs = c > ' ' && c < 0x7f && c != '=' && random() % 4 != 0;
        if (asItIs) {
            quotedPrintable += c;
        } else {
            const auto hex = QByteArray(1, c).toHex();
            quotedPrintable += '=' + (random() % 4 == 0 ? hex : hex.toUpper());
        }
        if (random() % 16 == 0) {
            quotedPrintable += random() % 2 == 0 ? "= \t\r\n" : "=\n";
        }
    }
    PROPERTY(decodeTransferEncoding(quotedPrintable, "quoted-printable") == data);
}

} // namespace

void checkTransferEncoding(QByteArrayView data)
{
    checkDecoded(data);
    checkPieces(data);
    checkRoundTrip(data);
}

} // namespace Postnook::Fuzz
