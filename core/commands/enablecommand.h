#pragma once

#include "core/session/command.h"

namespace Postnook
{

// ENABLE (RFC 5161). None of what this server can do yet has to be turned on by the client, so the
// answer names nothing; what is not known is passed over, as the RFC wants.
class EnableCommand : public Command
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
};

} // namespace Postnook
