#pragma once

#include <QByteArrayView>
#include <QString>

namespace Postnook
{

// Text of a message for a terminal, which must not take it for commands: control characters become
// their pictures (U+2400 to U+2421), what shows nothing or changes the direction its number, as
// "⟨U+202E⟩".
QString visible(QStringView text);
// The same of octets that may be no UTF-8: such octets become "⟨E4⟩".
QString visibleOctets(QByteArrayView octets);

} // namespace Postnook
