#pragma once

#include "core/mime/headerfields.h"

#include <QByteArrayList>

#include <optional>

namespace Postnook::Mime
{

// Half a line (RFC 5322 2.1.1), and far above what is in use: what an id is made of is 60 octets or
// so. With it a message has at most 50 KiB of references to store.
constexpr qsizetype MaxMessageIdBytes = 500;
// Of longer ones the first, which began the conversation, and the last are kept.
constexpr qsizetype MaxReferences = 100;

// The valid Message-IDs in the value of a Message-ID, In-Reply-To or References field (RFC 5322
// 3.6.4, 4.5.4), in normal form (RFC 5256 3): what is between the brackets, without quoting,
// comments and white space. Words and quoted strings around them are passed over. Linear in its
// size. At most MaxReferences.
QByteArrayList messageIds(QByteArrayView value);
// The same of a value that is nothing but ids without brackets, as some programs write Message-ID
// and References. (In In-Reply-To that is an address.)
QByteArrayList messageIdsOrBare(QByteArrayView value);

// Picks out of a message's header what threads are made of, field by field.
class ThreadKeyReader
{
public:
    void read(const HeaderField &field); // the first of each name counts

    // Empty: none that is valid.
    QByteArray messageId() const { return m_messageId.value_or(QByteArrayList()).value(0); }
    // Those of References, else the first of In-Reply-To (RFC 5256 3).
    QByteArrayList references() const;

private:
    std::optional<QByteArrayList> m_messageId; // seen; what was valid in it
    std::optional<QByteArrayList> m_inReplyTo;
    std::optional<QByteArrayList> m_references;
};

} // namespace Postnook::Mime
