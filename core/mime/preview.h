#pragma once

#include "core/mime/messagetext.h"

#include <QByteArray>

namespace Postnook::Mime
{

// RFC 8970 3.3: not more than 200 characters.
constexpr qsizetype MaxPreviewChars = 200;
// What is read, so that it can be kept while a message streams by: this much from the start of a
// part, for newsletters have long styles before their first word, ...
constexpr qsizetype MaxPreviewBytes = 64LL * 1024;
// ... and this many parts: the two or three forms of one text, and a text attachment before them.
constexpr int MaxPreviewParts = 4;

// The first words of a message as a person would read them, in UTF-8, at most MaxPreviewChars
// code points on one line; empty when there is nothing to show (RFC 8970 3.2), as for encrypted
// messages. Reads the first MaxPreviewBytes of the first MaxPreviewParts leaves of a "text/" media
// type, in order of appearance, and nothing else.
//
// What the sender wrote comes before what is quoted; quoted words, names of pictures, addresses
// of web pages and signatures are shown only where there is nothing better.
QByteArray previewText(const PartTree &tree, const ReadBytes &read);

} // namespace Postnook::Mime
