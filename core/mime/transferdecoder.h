#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace Postnook::Mime
{

// Undoes a Content-Transfer-Encoding piece by piece: the result does not depend on the cuts. A
// value: a copy goes on where the original stands. Never fails, for every byte string:
// - base64 (RFC 2045 6.8): what is no character of the alphabet does not count. Padding ends a
//   group; what follows it is decoded too, since pieces encoded one by one get put together. A
//   group that is cut gives the octets it has.
// - quoted-printable (RFC 2045 6.7): "=" that begins neither an octet nor a soft line end stays;
//   blanks at the end of a line go.
// - 7bit, 8bit, binary, and any other encoding: as it is.
class TransferDecoder
{
public:
    // Case does not matter.
    explicit TransferDecoder(QByteArrayView encoding);

    // One that RFC 2045 defines.
    static bool isKnown(QByteArrayView encoding);
    bool isIdentity() const { return m_kind == Kind::Identity; }

    QByteArray decode(QByteArrayView piece);
    // What was held back until the end showed; call once.
    QByteArray finish();

private:
    enum class Kind : quint8 { Identity, Base64, QuotedPrintable };

    QByteArray decodeBase64(QByteArrayView piece);
    QByteArray decodeQuotedPrintable(QByteArrayView text, bool isEnd);

    Kind m_kind;
    quint32 m_bits = 0; // base64: of the group so far
    int m_count = 0; // base64: characters of the group so far
    QByteArray m_held; // quoted-printable: what cannot be told without its continuation
};

// All at once.
QByteArray decodeTransferEncoding(QByteArrayView body, QByteArrayView encoding);

} // namespace Postnook::Mime
