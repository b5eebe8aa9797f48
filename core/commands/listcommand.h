#pragma once

#include "core/commands/mailboxlist.h"
#include "core/commands/statusitems.h"
#include "core/session/command.h"

namespace Postnook
{

// LIST (RFC 3501 6.3.8) with its extensions: selection and return options, several patterns
// (RFC 5258), SPECIAL-USE (RFC 6154), STATUS (RFC 5819).
class ListCommand : public Command
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;

private:
    void readSelection(TokenCursor &arguments);
    void readPatterns(TokenCursor &arguments);
    void readReturn(TokenCursor &arguments);
    void readReturnOption(TokenCursor &arguments);

    ListQuery m_query;
    StatusQuery m_status; // items empty: not asked for
};

class LsubCommand : public Command // RFC 3501 6.3.9
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
};

} // namespace Postnook
