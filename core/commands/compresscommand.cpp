#include "core/commands/compresscommand.h"

#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

void CompressCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    const QByteArray algorithm = arguments.atom().toUpper();
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    if (algorithm != "DEFLATE") {
        finish(Status::bad("Only DEFLATE is known here"));
    } else if (session().isCompressed()) {
        // Section 3 has BAD for this too; the code tells the client more.
        finish(Status::no("COMPRESS has turned DEFLATE on already", "COMPRESSIONACTIVE"));
    } else {
        finish(Status::ok("DEFLATE active"),
               [session = &session()] { session->beginCompression(); });
    }
}

} // namespace Postnook
