#pragma once

#include "storage/result.h"
#include "tests/grammar/responselexer.h"
#include "tests/grammar/responsevalues.h"

#include <QByteArrayView>
#include <QList>

namespace Postnook::Grammar
{

// One METADATA response: with values, as the answer to GETMETADATA and LIST, or names alone.
struct MetadataResponse {
    QByteArray mailbox; // as on the wire; empty: the server
    QList<std::pair<QByteArray, NString>> values;
    QByteArrayList names;
};

// With its CRLF; RFC 5464 `metadata-resp`, its names as section 3.2 has them. An error says where
// and why.
Result<MetadataResponse> parseMetadata(QByteArrayView line, Revision revision = Revision::Rev2);

} // namespace Postnook::Grammar
