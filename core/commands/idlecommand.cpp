#include "core/commands/idlecommand.h"

#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

void IdleCommand::start(TokenCursor &arguments)
{
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    session().send("+ idling\r\n");
    session().expectLine(true);
    m_isIdle = true;
    session().tellNow();
}

void IdleCommand::lineReceived(const QByteArray &line)
{
    const bool isDone = line.compare("DONE", Qt::CaseInsensitive) == 0;
    finish(isDone ? Status::ok("Done") : Status::bad("IDLE ends with DONE"));
}

} // namespace Postnook
