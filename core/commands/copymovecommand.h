#pragma once

#include "core/session/command.h"
#include "storage/store.h"

namespace Postnook
{

enum class CopyMode { Copy, Move };

// COPY, MOVE and their UID forms: RFC 9051 6.4.7, 6.4.8; COPYUID: RFC 4315.
class CopyMoveCommand : public Command
{
    Q_OBJECT

public:
    CopyMoveCommand(Session &session, CopyMode mode, bool byUid)
        : Command(session)
        , m_mode(mode)
        , m_byUid(byUid)
    {
    }
    void start(TokenCursor &arguments) override;

private:
    void onDone(const Result<CopyResult> &result);

    CopyMode m_mode;
    bool m_byUid;
};

} // namespace Postnook
