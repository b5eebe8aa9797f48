#pragma once

#include "core/session/command.h"

#include <QByteArray>
#include <QByteArrayList>

#include <span>

namespace Postnook
{

struct CapabilityState {
    bool isLoggedIn = false;
    bool canStartTls = false;
    bool mayAuthenticate = false;
    bool isCompressed = false;
    quint64 appendLimit = 0; // octets (RFC 7889)
    QByteArrayList hidden = {}; // upper case; APPENDLIMIT without its number
};

// The capability list (RFC 9051 7.2.2) without the word CAPABILITY: computed from the command
// table, the table of what is no command's, and the state of the connection. What is hidden takes
// along what would make no sense without it.
QByteArray capabilityList(std::span<const CommandRow> commands, const CapabilityState &state);

// The names that may be hidden, sorted: extensions that a client can do without. Not what protects
// the password.
QByteArrayList hideableCapabilities(std::span<const CommandRow> commands);

} // namespace Postnook
