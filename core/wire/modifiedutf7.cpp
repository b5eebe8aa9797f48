#include "core/wire/mailboxnames.h"
#include "core/wire/normalization.h"

#include <QString>
#include <QStringDecoder>
#include <QStringEncoder>

namespace Postnook
{

namespace
{

// RFC 3501 5.1.3: base64 with ',' for '/' and no padding.
constexpr char Alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
constexpr auto BitsPerDigit = 6;
constexpr auto BitsPerUnit = 16;

constexpr bool isPrintableAscii(char16_t unit)
{
    return unit >= 0x20 && unit <= 0x7e;
}

int digitValue(char c)
{
    return c == '\0' ? -1 : static_cast<int>(QByteArrayView(Alphabet).indexOf(c));
}

// The UTF-16 between '&' and '-'. Nothing where the coding is broken, holds what should stand for
// itself, or is cut within a surrogate pair.
std::optional<QString> decodeShifted(QByteArrayView digits)
{
    QString units;
    quint32 bits = 0;
    int count = 0;
    for (const char c : digits) {
        const auto value = digitValue(c);
        if (value < 0) {
            return std::nullopt;
        }
        bits = (bits << BitsPerDigit) | static_cast<quint32>(value);
        count += BitsPerDigit;
        if (count >= BitsPerUnit) {
            count -= BitsPerUnit;
            const auto unit = static_cast<char16_t>(bits >> count);
            if (isPrintableAscii(unit)) {
                return std::nullopt;
            }
            units += QChar(unit);
        }
    }
    const auto padding = bits & ((1U << count) - 1U);
    if (units.isEmpty() || count >= BitsPerDigit || padding != 0 || !units.isValidUtf16()) {
        return std::nullopt;
    }
    return units;
}

void appendShifted(QByteArray &out, QStringView units)
{
    out += '&';
    quint32 bits = 0;
    int count = 0;
    for (const QChar unit : units) {
        bits = (bits << BitsPerUnit) | unit.unicode();
        count += BitsPerUnit;
        for (; count >= BitsPerDigit; count -= BitsPerDigit) {
            out += Alphabet[(bits >> (count - BitsPerDigit)) & 0x3fU];
        }
    }
    if (count > 0) {
        out += Alphabet[(bits << (BitsPerDigit - count)) & 0x3fU];
    }
    out += '-';
}

// A BOM is kept: it is a character like others here, and dropping it would give two names to one
// mailbox.
QString utf16Of(QByteArrayView utf8)
{
    QStringDecoder decode(QStringDecoder::Utf8,
                          QStringDecoder::Flag::Stateless
                              | QStringDecoder::Flag::ConvertInitialBom);
    return decode(utf8);
}

Error malformed()
{
    return {ErrorCode::Invalid, QStringLiteral("Mailbox name is not well-formed modified UTF-7")};
}

} // namespace

Result<QByteArray> decodeModifiedUtf7(QByteArrayView wire)
{
    if (!wire.isValidUtf8()) {
        return Error{ErrorCode::Invalid, QStringLiteral("Mailbox name is not valid UTF-8")};
    }
    QByteArray utf8;
    bool afterShift = false;
    while (!wire.isEmpty()) {
        const auto shift = wire.indexOf('&');
        if (shift != 0) {
            const auto plain = shift < 0 ? wire : wire.first(shift);
            utf8 += plain;
            wire = wire.sliced(plain.size());
            afterShift = false;
            continue;
        }
        const auto end = wire.indexOf('-');
        if (end < 0) {
            return malformed();
        }
        const auto digits = wire.sliced(1, end - 1);
        wire = wire.sliced(end + 1);
        if (digits.isEmpty()) {
            utf8 += '&';
            afterShift = false;
            continue;
        }
        const auto units = decodeShifted(digits);
        if (!units || afterShift) { // "&ZeU-&Zyw-" has a superfluous shift
            return malformed();
        }
        utf8 += units->toUtf8();
        afterShift = true;
    }
    return toNfc(utf16Of(utf8)).toUtf8();
}

QByteArray encodeModifiedUtf7(QByteArrayView utf8)
{
    const auto text = utf16Of(utf8);
    QByteArray out;
    qsizetype shifted = 0; // where the run of characters to be shifted began
    for (qsizetype i = 0; i <= text.size(); ++i) {
        const bool isPlain = i == text.size() || isPrintableAscii(text[i].unicode());
        if (!isPlain) {
            continue;
        }
        if (shifted < i) {
            appendShifted(out, QStringView(text).sliced(shifted, i - shifted));
        }
        shifted = i + 1;
        if (i < text.size()) {
            out += text[i].toLatin1();
            if (text[i] == u'&') {
                out += '-';
            }
        }
    }
    return out;
}

} // namespace Postnook
