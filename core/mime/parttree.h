#pragma once

#include "storage/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>
#include <QList>

#include <optional>

namespace Postnook::Mime
{

struct ByteRange {
    quint64 offset = 0;
    quint64 size = 0;

    friend bool operator==(const ByteRange &, const ByteRange &) = default;
};

// RFC 9051 section-spec.
struct Section {
    enum class Kind { Whole, Header, HeaderFields, HeaderFieldsNot, Text, Mime };

    QList<quint32> part; // empty: the message itself
    Kind kind = Kind::Whole;
    QByteArrayList fields; // as sent; for HeaderFields and HeaderFieldsNot

    friend bool operator==(const Section &, const Section &) = default;
};

// One MIME entity by offsets into the message.
struct Part {
    enum class Type : quint8 { Leaf, Multipart, Message };

    ByteRange header; // its MIME header (the message's own for the root), empty line included
    ByteRange body;
    quint32 bodyLines = 0;
    qint32 parent = -1; // index in PartTree::parts()
    bool isAttachment = false; // as its disposition says
    Type type = Type::Leaf; // Message: message/rfc822 or message/global; its one child is the
                            // nested message, header and body its own
    QByteArray mediaType; // lower case, "text/plain"
    QByteArray charset; // as named; empty when not
    QByteArray encoding; // lower case; "7bit" by default
    QByteArray name; // attachment name as sent (raw), for search

    friend bool operator==(const Part &, const Part &) = default;
};

// The parts of a message in order of appearance, parents first; parts()[0] is the message.
// A value; stored as MessageMeta::parts.
class PartTree
{
public:
    static Result<PartTree> fromBytes(QByteArrayView stored); // Corrupt
    QByteArray toBytes() const;

    const QList<Part> &parts() const { return m_parts; }
    void append(Part part) { m_parts.append(std::move(part)); }

    // The part a section number names (RFC 9051 6.4.5: part 1 of a message that is no multipart
    // is its text; numbers go through message/rfc822 into the nested message). -1: no such part.
    qsizetype find(const QList<quint32> &numbers) const;

    // The bytes a section stands for. nullopt: no such part, or it has none (HEADER of a leaf).
    // For HeaderFields(Not): the range of the whole header, to be filtered by filterHeader().
    std::optional<ByteRange> locate(const Section &section, quint64 messageSize) const;

private:
    QList<Part> m_parts;
};

// The fields of a header named in `names` (or, with `invert`, all others), each with its folded
// lines as they came, then the empty line (CRLF) if the header has one (RFC 9051 7.5.2). Names
// compare without regard to case.
QByteArray filterHeader(QByteArrayView header, const QByteArrayList &names, bool invert);

} // namespace Postnook::Mime

Q_DECLARE_TYPEINFO(Postnook::Mime::Part, Q_RELOCATABLE_TYPE);
