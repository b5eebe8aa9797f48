#pragma once

#include "storage/result.h"

#include <QString>

namespace Postnook::Auth
{

// Above any name or password, and a bound for ICU: RFC 4013 takes out what would keep combining
// marks apart (MarkLimiter), and a long row of them takes time that grows with its square.
constexpr auto MaxPreparedChars = 1000;

// RFC 4013 (SASLprep by ICU) for names and passwords. Invalid: prohibited or empty output, or more
// than MaxPreparedChars.
// Characters newer than Unicode 3.2 (emoji, say) pass unchanged, as in a "query" string of
// RFC 3454 section 7, whether the text is being stored or compared: what `account add` took must
// log in, and an old table must not take away a good password. Pure; any thread.
Result<QString> saslPrep(const QString &text);

// The form in which two account names are compared: Unicode case folding, NFC. Never fails.
QString foldName(const QString &name);

} // namespace Postnook::Auth
