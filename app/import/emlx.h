#pragma once

#include "storage/result.h"
#include "storage/types.h"

#include <QByteArray>

#include <optional>

namespace Postnook
{

// A message as Apple Mail keeps it: a line with the number of its bytes, the message, and a
// property list with what Mail knows of it.
struct Emlx {
    QByteArray message;
    MessageFlags flags; // none where there is no list
    std::optional<InternalDate> received;
};

// Invalid, with the reason for people, when it is none.
Result<Emlx> parseEmlx(const QByteArray &file);

// The bits of "flags" in the list. Deleted is what Mail has marked and not yet removed.
MessageFlags flagsOfAppleMail(quint64 bits);

} // namespace Postnook
