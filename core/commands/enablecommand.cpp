#include "core/commands/enablecommand.h"

#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

void EnableCommand::start(TokenCursor &arguments)
{
    do {
        arguments.expectSpace();
        (void)arguments.atom();
    } while (!arguments.hasFailed() && !arguments.atEnd());
    if (failedToParse(arguments)) {
        return;
    }
    session().send("* ENABLED\r\n");
    finish(Status::ok("Done"));
}

} // namespace Postnook
