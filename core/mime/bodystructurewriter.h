#pragma once

#include "core/mime/partheader.h"
#include "core/mime/parttree.h"

#include <QByteArray>
#include <QList>

namespace Postnook::Mime
{

// What the headers of one part give to BODYSTRUCTURE, ready to send: sizes and lines, known only
// at the end of the part, go between, and so do the parts in it.
struct PartDescription {
    QByteArray fields; // type to encoding; of a multipart its subtype
    QByteArray extension; // extension data; each item has its space in front
    QByteArray envelope; // of a message: the root, and what a message part holds
};

PartDescription describePart(const PartHeader &header);

// RFC 9051 `body` with all extension data, of a tree and what the headers of its parts say. Every
// multipart has a part and every message part its message: the scanner sees to that.
QByteArray writeBodyStructure(const PartTree &tree, const QList<PartDescription> &descriptions);

} // namespace Postnook::Mime

Q_DECLARE_TYPEINFO(Postnook::Mime::PartDescription, Q_RELOCATABLE_TYPE);
