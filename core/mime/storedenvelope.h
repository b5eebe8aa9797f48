#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace Postnook::Mime
{

// An address as ENVELOPE shows it (RFC 9051 7.5.2); no value is NIL.
struct EnvelopeAddress {
    std::optional<QByteArray> name; // not decoded
    std::optional<QByteArray> mailbox;
    std::optional<QByteArray> host;
};

enum class AddressField { From = 2, To = 5, Cc = 6 }; // place in the envelope, from 0

// The first address of a field in what writeEnvelope() wrote; none where the field is NIL or the
// bytes are damaged.
std::optional<EnvelopeAddress> firstAddress(QByteArrayView envelope, AddressField field);

// Not decoded; none where it is NIL or the bytes are damaged.
std::optional<QByteArray> storedSubject(QByteArrayView envelope);

} // namespace Postnook::Mime
