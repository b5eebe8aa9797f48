#pragma once

#include <QList>
#include <QStringView>

namespace Postnook::Mime
{

class PreviewWords;

// The lines of a message's text by who wrote them. Views into that text.
struct WrittenLines {
    QList<QStringView> own; // what the sender wrote for this message, or forwards
    QList<QStringView> quoted; // of a message it answers, without the marks
    QList<QStringView> aside; // signatures, list footers, "view in browser"
};

// Sorts the lines of a plain text. What is for programs goes: PGP armour, encrypted blocks,
// uuencoded files, the header fields of forwarded and quoted messages, and the lines that say who
// wrote what is quoted. Linear in the size of the text; ends when `words`, to which it adds what
// the sender wrote, is full.
WrittenLines sortLines(QStringView text, PreviewWords &words);

} // namespace Postnook::Mime
