#pragma once

#include "core/session/command.h"

namespace Postnook
{

// COMPRESS (RFC 4978).
class CompressCommand : public Command
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
};

} // namespace Postnook
