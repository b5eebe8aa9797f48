#pragma once

#include <QByteArrayView>
#include <QString>

namespace Postnook
{

// What `postnook inspect` says of a message: size, envelope, parts, preview, defects; with `raw`
// also ENVELOPE and BODYSTRUCTURE as they are sent. Lines with their ends, fit for a terminal.
QString inspectReport(QByteArrayView message, bool raw);

} // namespace Postnook
