#pragma once

#include "core/session/command.h"

namespace Postnook
{

class CancelUpdateCommand : public Command // CANCELUPDATE: RFC 5267 4.3.5
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
};

} // namespace Postnook
