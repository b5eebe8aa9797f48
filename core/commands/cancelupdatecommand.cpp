#include "core/commands/cancelupdatecommand.h"

#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

void CancelUpdateCommand::start(TokenCursor &arguments)
{
    QByteArrayList tags;
    do {
        arguments.expectSpace();
        tags.append(arguments.string());
    } while (!arguments.hasFailed() && !arguments.atEnd());
    if (failedToParse(arguments)) {
        return;
    }
    bool areKnown = true;
    for (const QByteArray &tag : tags) {
        areKnown = view().contexts().cancel(tag) && areKnown;
    }
    finish(areKnown ? Status::ok("No further updates")
                    : Status::no("No search of such a tag is being updated"));
}

} // namespace Postnook
