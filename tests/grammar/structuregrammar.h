#pragma once

#include "storage/result.h"
#include "tests/grammar/responselexer.h"

namespace Postnook::Grammar
{

enum class BodyForm { Short, Extensible }; // BODY and BODYSTRUCTURE

// RFC 9051 `envelope`. Also an error: an address without a mailbox, and groups that nest, do not
// end or end without a start (RFC 9051 7.5.2).
Envelope readEnvelope(ResponseLexer &in);
// RFC 9051 `body`; RFC 3501 has message/global as a part like others. Also an error: a type
// "multipart" without parts, as a client would read it, and extension data that no document
// defines.
Body readBody(ResponseLexer &in, BodyForm form);

// The whole text; an error says where and why.
Result<Envelope> parseEnvelope(QByteArrayView text);
Result<Body> parseBody(QByteArrayView text, BodyForm form, Revision revision = Revision::Rev2);

} // namespace Postnook::Grammar
