#pragma once

#include "core/mime/parttree.h"

#include <QByteArray>
#include <QList>

namespace Postnook::Mime
{

// How FETCH names the header and the body of a part (RFC 9051 6.4.5): "HEADER" and "1" of a plain
// message, "2.MIME" and "2" of a part, "2.HEADER" and "2.TEXT" of a multipart that is the message
// in part 2.
struct SectionNames {
    QByteArray header;
    QByteArray body;
};

// Of all parts, by their index.
QList<SectionNames> sectionNames(const PartTree &tree);

} // namespace Postnook::Mime
