#pragma once

#include "core/wire/mailboxnames.h"
#include "storage/store.h"

#include <QByteArrayList>
#include <QList>

#include <optional>

namespace Postnook
{

enum class MetadataDepth { Entry, Children, All }; // RFC 5464 4.2.2: 0, 1, infinity

// What GETMETADATA asks for.
struct MetadataQuery {
    QByteArrayList entries; // each once, whatever its case
    MetadataDepth depth = MetadataDepth::Entry;
    std::optional<quint32> maxSize; // octets (RFC 5464 4.2.1)
};

// What the answer holds, in its order.
struct MetadataAnswer {
    QByteArrayList entries; // in the spelling asked for
    quint64 longest = 0; // the largest value that is left out for its size; 0: none is
};

// `stored` ascending without regard to case. An entry that does not exist is answered with NIL,
// where it was asked for by its own name and nothing below it exists. Pure; any thread.
MetadataAnswer answerMetadata(const QList<MetadataEntry> &stored, const MetadataQuery &query);

// Appends one METADATA response with the values of the entries from number `from` on, as many as
// bring the chunk to its size, at least one. The number of the first that is left for the next
// chunk. Pool thread.
Result<qsizetype> writeMetadata(ReadTxn &txn,
                                const MailboxInfo &owner,
                                const QByteArrayList &entries,
                                qsizetype from,
                                NameCoding coding,
                                QByteArray &chunk);

constexpr qsizetype MetadataChunkBytes = 262'144; // a response is that and a value at most

} // namespace Postnook
