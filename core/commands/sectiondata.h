#pragma once

#include "core/commands/fetchitems.h"
#include "core/commands/messagebytes.h"
#include "core/mime/transferdecoder.h"

#include <optional>

namespace Postnook
{

// Goes on with the decoding of a part where an earlier job stopped. A value.
struct Decoding {
    Mime::TransferDecoder decoder;
    Mime::ByteRange encoded; // what is not decoded yet
    bool isAtEnd = false; // nothing is
    bool isText = false; // its lines are to end in CRLF
    bool isAfterCr = false; // of text: the last octet was one
    quint64 skip = 0; // decoded octets still to drop, before the partial
    quint64 left = 0; // decoded octets still to send
};

// What BODY[…] or BINARY[…] stands for in one message, cut to its partial.
struct SectionData {
    enum class Kind : quint8 {
        Missing, // there is no such part: NIL
        Undecodable, // its encoding is none we know (RFC 3516 UNKNOWN-CTE)
        Range, // as it stands in the message
        Text, // made from it
        Decoded, // to be decoded piece by piece
    };

    Kind kind = Kind::Missing;
    Mime::ByteRange range{};
    QByteArray text{};
    std::optional<Decoding> decoding{};
    bool hasNul = false; // of BINARY: needs a literal8

    quint64 size() const;
};

// For items of the kinds Section, Binary and BinarySize. The errors are those of reading.
Result<SectionData> findSection(MessageBytes &bytes, const MessageRow &row, const FetchItem &item);

// The next octets of a part, about `wanted` of them at most, none only when all are sent.
Result<QByteArray> decodeNext(MessageBytes &bytes, Decoding &decoding, qsizetype wanted);

} // namespace Postnook
