#pragma once

#include "core/commands/metadataresponse.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

struct GetMetadataRequest {
    MailboxName mailbox; // empty: the server
    MetadataQuery query;
    NameCoding coding = NameCoding::ModifiedUtf7; // of the answer
};

struct SetMetadataRequest {
    MailboxName mailbox; // empty: the server
    QList<std::pair<QByteArray, std::optional<QByteArray>>> values; // nullopt: to be removed
};

// The arguments of the commands of RFC 5464 5, with the space in front. The options of GETMETADATA
// are taken behind the mailbox too, where the RFC's examples have them (erratum 2785).
GetMetadataRequest parseGetMetadata(TokenCursor &arguments);
SetMetadataRequest parseSetMetadata(TokenCursor &arguments);
// RFC 5464 `entries`, each once; also what follows "METADATA " in RETURN of LIST (RFC 9590).
QByteArrayList parseMetadataEntries(TokenCursor &arguments);

} // namespace Postnook
