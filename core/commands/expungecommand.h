#pragma once

#include "core/session/command.h"

namespace Postnook
{

class ExpungeCommand : public Command // RFC 9051 6.4.3; UID EXPUNGE: 6.4.9
{
    Q_OBJECT

public:
    ExpungeCommand(Session &session, bool byUid)
        : Command(session)
        , m_byUid(byUid)
    {
    }
    void start(TokenCursor &arguments) override;
    std::optional<CommandProgress> progress() const override { return CommandProgress(); }

private:
    bool m_byUid;
};

} // namespace Postnook
