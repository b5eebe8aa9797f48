#pragma once

#include "core/mime/defectlist.h"

namespace Postnook::Mime
{

// What is wrong with the body of a leaf: its transfer encoding and, of a text, its charset.
void findBodyDefects(QByteArrayView body, const Part &part, qsizetype index, DefectList &defects);

} // namespace Postnook::Mime
