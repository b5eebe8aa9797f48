#pragma once

#include "storage/result.h"
#include "tests/grammar/responselexer.h"

namespace Postnook::Grammar
{

enum class BodyForm { Short, Extensible }; // BODY and BODYSTRUCTURE
// RFC 3501 shows the message in a message/rfc822 alone, RFC 9051 also that in a message/global.
enum class Dialect { Rev1, Rev2 };

// RFC 9051 `envelope`. Also an error: an address without a mailbox, and groups that nest, do not
// end or end without a start (RFC 9051 7.5.2).
Envelope readEnvelope(ResponseLexer &in);
// RFC 9051 `body`. Also an error: a type "multipart" without parts, as a client would read it, and
// extension data that no document defines.
Body readBody(ResponseLexer &in, BodyForm form, Dialect dialect);

// The whole text; an error says where and why.
Result<Envelope> parseEnvelope(QByteArrayView text);
Result<Body> parseBody(QByteArrayView text, BodyForm form, Dialect dialect);

} // namespace Postnook::Grammar
