#pragma once

#include "core/mime/messagetext.h"
#include "storage/store.h"

#include <QByteArray>

namespace Postnook
{

// What SEARCH compares with: the text of a message, decoded and folded by Mime::foldForSearch, in
// UTF-8 without NUL. Sections of lines; no folded text has a line feed in it.
struct SearchText {
    QByteArray header; // "name: value" of each field, in order
    QByteArray addresses; // "from: name", "from: local@domain" of those in From, To, Cc, Bcc
    QByteArray partHeaders; // as Mime::searchablePartHeaders() has it
    QByteArray body; // as Mime::searchableBody() has it
};

// Grows whenever the same message gives another text: search indexes are made anew then.
constexpr quint32 SearchTextVersion = 3;

QByteArray headerSection(QByteArrayView header);
QByteArray addressSection(QByteArrayView header);
QByteArray partHeaderSection(const MessageMeta &meta, const Mime::ReadBytes &read);
QByteArray bodySection(const MessageMeta &meta, const Mime::ReadBytes &read);

// What a line of a field begins with, up to the colon: the blank behind it, as if it were written,
// belongs to the text (RFC 9051 6.4.4). Empty when no field can be called so.
QByteArray linePrefix(QByteArrayView fieldName);

// As the search index keeps it, and the sections of its head back: views of it, without a body.
IndexText joined(const SearchText &text);
SearchText splitHead(const QByteArray &head);

// For StorageOptions::searchTexts. Pool threads. The reader's errors.
Result<IndexText> makeSearchText(ContentReader &content, const MessageMeta &meta);

// The description of a content as this version's scanner gives it, whoever has scanned it before.
Result<MessageMeta> currentMeta(ContentReader &content, const MessageMeta &meta);

} // namespace Postnook
