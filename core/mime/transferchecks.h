#pragma once

#include <QByteArrayView>

namespace Postnook::Mime
{

// How many of something there are, and where the first is.
struct Faults {
    qsizetype first = 0;
    quint64 count = 0;

    void add(qsizetype offset, quint64 more = 1)
    {
        first = count == 0 ? offset : first;
        count += more;
    }
};

struct Base64Faults {
    Faults foreign; // characters that are neither of the alphabet nor blank, and stray "="
    Faults cut; // groups of less than four characters with their padding
    Faults behindPadding; // groups that go on behind the padding
    Faults longLines; // RFC 2045 6.8: more than 76 characters
};
Base64Faults checkBase64(QByteArrayView text);

struct QuotedPrintableFaults {
    Faults strayEquals; // neither an octet nor a soft line end
    Faults longLines; // RFC 2045 6.7 (5): more than 76 characters
    Faults eightBit;
};
QuotedPrintableFaults checkQuotedPrintable(QByteArrayView text);

Faults findEightBit(QByteArrayView text);

// Whether decodeCharset() had to replace nothing. `charset` is one that it knows.
bool isTextIn(QByteArrayView octets, QByteArrayView charset);

} // namespace Postnook::Mime
