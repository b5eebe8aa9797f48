#pragma once

#include "core/session/command.h"

#include <QByteArray>

#include <span>

namespace Postnook
{

struct CapabilityState {
    bool isLoggedIn = false;
    bool canStartTls = false;
    bool mayAuthenticate = false;
};

// The capability list (RFC 9051 7.2.2) without the word CAPABILITY: computed from the command table
// and the state of the connection, nowhere written by hand.
QByteArray capabilityList(std::span<const CommandRow> commands, const CapabilityState &state);

} // namespace Postnook
