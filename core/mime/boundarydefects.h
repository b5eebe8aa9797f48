#pragma once

#include "core/mime/defectlist.h"
#include "core/mime/partheader.h"

namespace Postnook::Mime
{

// What is wrong with the boundary of a multipart and with the lines that it makes delimiters
// (RFC 2046 5.1.1). `place` is the part, and its Content-Type.
void findBoundaryDefects(QByteArrayView message,
                         const QList<Part> &parts,
                         DefectPlace place,
                         const PartHeader &header,
                         DefectList &defects);

} // namespace Postnook::Mime
