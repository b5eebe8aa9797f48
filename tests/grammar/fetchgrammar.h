#pragma once

#include "storage/result.h"
#include "tests/grammar/responselexer.h"
#include "tests/grammar/responsevalues.h"

#include <QByteArrayView>

namespace Postnook::Grammar
{

// One untagged FETCH response with its CRLF: RFC 9051 and RFC 3501 `msg-att`, with the items of
// RFC 3516, RFC 7162, RFC 8474, RFC 8514 and RFC 8970. An error says where and why.
Result<FetchResponse> parseFetch(QByteArrayView line, Revision revision = Revision::Rev2);

} // namespace Postnook::Grammar
