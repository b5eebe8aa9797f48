#pragma once

#include "core/mime/fieldcursor.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace Postnook::Mime
{

struct Parameter {
    QByteArray name; // as sent
    QByteArray value;

    friend bool operator==(const Parameter &, const Parameter &) = default;
};
using Parameters = QList<Parameter>;

constexpr qsizetype MaxParameters = 1000; // of one field; the rest is not shown

// The ";name=value" pairs from here to the end of the field: RFC 2045 5.1 with comments, and
// - values with blanks and other tspecials without quotes, up to the ";" ("name=my file (1).pdf");
// - a quote that is never closed is noise;
// - what has no name or no "=" is left out.
// Then RFC 2231 6: sections "n*0", "n*1" ... become one "n", or one "n*" when any of them is
// extended ("n*0*"). An extended value stays as it is, charset'language'%XX: to IMAP4rev1 it is the
// value of "n*" (IMAP4rev2 wants it in UTF-8, RFC 9051 7.5.2). Sections that do not start at 0, or
// come behind a gap, stay as they are.
Parameters parseParameters(FieldCursor &cursor);

// The value of the first parameter of that name; null when there is none.
QByteArray parameterValue(const Parameters &parameters, QByteArrayView name);

} // namespace Postnook::Mime
