#pragma once

#include "core/mime/defectlist.h"
#include "core/mime/headerfields.h"

namespace Postnook::Mime
{

// What is wrong with the encoded words of a field (RFC 2047), which begins at `place`.
void findEncodedWordDefects(const HeaderField &field, DefectPlace place, DefectList &defects);

} // namespace Postnook::Mime
