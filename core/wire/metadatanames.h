#pragma once

#include <QByteArrayView>

namespace Postnook
{

constexpr auto MaxMetadataNameBytes = 255; // several times the longest name that clients use

// Whether an entry can have this name (RFC 5464 3.2): "/private/comment", and below
// "/shared/vendor" or "/private/vendor" at least a vendor and a name. In any case.
bool isMetadataEntry(QByteArrayView name);
// Whether entries can be below this name: also "/private" or "/shared/vendor".
bool isMetadataBranch(QByteArrayView name);

} // namespace Postnook
