#pragma once

#include <QByteArrayView>
#include <QString>

namespace Postnook::Mime
{

// What the text of an HTML document is wanted for.
//
// Search finds what a person may see in some program or another: hidden text and the names of
// pictures too, since what is hidden here is shown elsewhere (on small screens, without pictures),
// and finding a message too many is better than losing one.
//
// A preview is what is seen at a first look: of hidden text only what stands before all other, for
// there senders put the words they mean for previews. Pictures have no say, but emoji that are
// pictures; in PreviewOfImages they have, for messages without any other words. Lines of quoted
// blocks begin with "> ", as in plain text.
//
// Neither has the title, which no mail program shows.
enum class HtmlUse { Search, Preview, PreviewOfImages };

// The text a person reads in an HTML document: no tags, comments, scripts or styles, character
// references resolved, blocks on lines of their own. Takes anything; time is linear.
QString htmlToText(QStringView html, HtmlUse use = HtmlUse::Search);

// Whether a media type is HTML or can be read as such: the commands of text/enriched (RFC 1896)
// and its forerunner look like tags.
bool isMarkup(QByteArrayView mediaType);

} // namespace Postnook::Mime
