#pragma once

#include <QByteArray>

namespace Postnook
{

class TokenCursor;

// The first words of a command line.
struct CommandHead {
    QByteArray tag;
    QByteArray name; // upper case, "UID FETCH" as one; empty when there is none

    // RFC 9051 section 9 `tag`, and of a length one would want to echo.
    bool hasTag() const;
};

// Leaves the cursor behind the name.
CommandHead readCommandHead(TokenCursor &cursor);

} // namespace Postnook
