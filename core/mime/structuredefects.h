#pragma once

#include "core/mime/defectlist.h"

namespace Postnook::Mime
{

// What is wrong with the fields that say what the parts are, with the boundaries between them, and
// which parts were not looked into (RFC 2045, RFC 2046).
void findStructureDefects(QByteArrayView message, const PartTree &tree, DefectList &defects);

} // namespace Postnook::Mime
