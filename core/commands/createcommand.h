#pragma once

#include "core/session/command.h"
#include "storage/types.h"

namespace Postnook
{

// CREATE (RFC 9051 6.3.4), with USE (RFC 6154). A name by which clients mean a special use gets it
// where no other mailbox that was ever used has it, so that nobody ends up with "Trash" beside
// "Deleted Items".
class CreateCommand : public Command
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;

private:
    void readParameters(TokenCursor &arguments);
    void readUses(TokenCursor &arguments);

    SpecialUse m_use = SpecialUse::None;
    bool m_isUnsupported = false; // USE asked for what no mailbox here can be
};

} // namespace Postnook
