#pragma once

#include <QString>

namespace Postnook
{

// The host name as DNS and certificates have it: lower case, IDNA ("büro.example" is
// "xn--bro-hoa.example"). Empty when it can be none (RFC 1123 2.1).
QString asciiHostName(const QString &text);

// What a person may give as a server: an IP address in its usual form or a host name as above.
// Empty when it is neither; "127.1" and "1" are no names but slips.
QString serverName(const QString &text);

} // namespace Postnook
