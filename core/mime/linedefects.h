#pragma once

#include "core/mime/defectlist.h"

namespace Postnook::Mime
{

// What is wrong with lines and octets wherever they stand (RFC 5322 2.1.1, 2.3).
void findLineDefects(QByteArrayView message, DefectList &defects);

} // namespace Postnook::Mime
