#pragma once

#include "core/wire/sequenceset.h"
#include "storage/result.h"
#include "storage/types.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QList>

#include <optional>
#include <utility>

namespace Postnook
{

// The data of a server's responses as values (RFC 9051 sections 7.3 to 7.5), read from what is
// behind their names. A server may send more than was asked for, and things unknown: those are
// stepped over. What cannot be read is Invalid, in words. All pure.

// LIST and LSUB. The name as it is on the wire, which is how the server wants it back.
struct ListData {
    QByteArrayList attributes; // in lower case: "\noselect"
    char separator = '\0'; // none: a flat name
    QByteArray name;

    bool has(const char *attribute) const { return attributes.contains(attribute); }
};
Result<ListData> parseListData(QByteArrayView arguments);

// FETCH, as far as a mirror asks for it.
struct FetchData {
    Uid uid; // 0: not told
    std::optional<MessageFlags> flags; // without \Recent and what is no flag of a message
    std::optional<InternalDate> date; // none: not told, or nonsense
    std::optional<quint64> size; // RFC822.SIZE
    std::optional<QByteArray> fields; // BODY[HEADER.FIELDS (...)]
    bool hasBody = false; // BODY[] came; the octets of a literal went another way
    QByteArray quotedBody; // of a BODY[] that was no literal, as an empty one may be
};
Result<FetchData> parseFetchData(QByteArrayView arguments);

// SEARCH: numbers in the order they come.
Result<QList<Uid>> parseSearchData(QByteArrayView arguments);
// ESEARCH: its ALL.
Result<QList<SequenceSet::Span>> parseEsearchData(QByteArrayView arguments);

struct VanishedData {
    bool isEarlier = false; // tells of before the SELECT (RFC 7162 3.2.10.1)
    QList<SequenceSet::Span> uids;
};
Result<VanishedData> parseVanishedData(QByteArrayView arguments);

struct NamespaceData {
    QByteArrayList personal; // prefixes, as on the wire
    QByteArrayList others; // other people's and shared ones
};
Result<NamespaceData> parseNamespaceData(QByteArrayView arguments);

// METADATA with values (RFC 5464 4.4.1), by entry.
Result<QList<std::pair<QByteArray, QByteArray>>> parseMetadataData(QByteArrayView arguments);

// "17 3:5" of APPENDUID: the UIDs, in order. Empty when it is none.
QList<Uid> parseAppendUid(const QByteArray &codeArguments);

// A decimal number of a response code or STATUS; 0 when it is none.
quint64 numberIn(QByteArrayView text);

} // namespace Postnook
