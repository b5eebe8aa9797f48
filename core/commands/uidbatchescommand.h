#pragma once

#include "core/session/command.h"

namespace Postnook
{

// UIDBATCHES (RFC 10022): ranges of UIDs that hold so many messages each, from the newest down.
class UidBatchesCommand : public Command
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
};

} // namespace Postnook
