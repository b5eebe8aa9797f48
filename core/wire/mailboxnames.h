#pragma once

#include "storage/result.h"
#include "storage/types.h"

#include <QByteArray>
#include <QByteArrayView>

namespace Postnook
{

// Mailbox names between the wire and MailboxName (RFC 3501 5.1.3, RFC 9051 5.1). All pure.

// How a client and we write them: as in IMAP4rev1, or, once it has enabled IMAP4rev2 or
// UTF8=ACCEPT, as they are.
enum class NameCoding { ModifiedUtf7, Utf8 };

constexpr auto MaxMailboxNameBytes = 1000; // octets of UTF-8; notes: longer than any client shows
constexpr auto MaxMailboxNameLevels = 100;
// As sent: modified UTF-7 at most doubles a name, and denormalised text is some times longer than
// its NFC; what is longer than this is refused without decoding it. For patterns too.
constexpr auto MaxMailboxWireBytes = 16 * MaxMailboxNameBytes;

// From a client, to UTF-8 NFC. In modified UTF-7 raw UTF-8 is taken too, since clients send it; in
// UTF-8 "&" is a character like others. The first level "inbox" in any case becomes INBOX. One
// trailing '/' is dropped (CREATE "a/"). Invalid: empty, malformed or superfluous modified UTF-7,
// broken UTF-8, control characters (C0, C1, DEL, U+2028/9), NUL, '%' or '*', empty levels ("a//b",
// leading '/'). Limit: too long or too deep.
Result<MailboxName> decodeMailboxName(QByteArrayView wire,
                                      NameCoding coding = NameCoding::ModifiedUtf7);
// For LIST patterns and references: the same without the checks of a whole name.
Result<QByteArray> decodeListPattern(QByteArrayView wire, NameCoding coding);
// The coding alone. Decoding gives NFC, as names are kept so; encoding what is always 7-bit.
Result<QByteArray> decodeModifiedUtf7(QByteArrayView wire);
QByteArray encodeModifiedUtf7(QByteArrayView utf8);

// LIST wildcards over UTF-8: '*' any, '%' any but '/'. INBOX matches without regard to case.
// Linear space, O(pattern + name * name) time whatever the pattern.
bool matchesListPattern(QByteArrayView pattern, QByteArrayView name);

} // namespace Postnook
