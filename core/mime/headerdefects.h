#pragma once

#include "core/mime/defectlist.h"

namespace Postnook::Mime
{

// What is wrong with a header (RFC 5322, RFC 6532, RFC 2045 3): of a message, with the fields that
// ENVELOPE is made of, or of a part. `place` is where it begins.
void findHeaderDefects(QByteArrayView header,
                       DefectPlace place,
                       bool isMessage,
                       DefectList &defects);

} // namespace Postnook::Mime
