#pragma once

#include <QStringView>

namespace Postnook::Mime
{

struct HtmlReference {
    char32_t character = 0;
    qsizetype size = 0; // of its source text; 0: there is no reference
};

// The character reference at the start of `text`, which begins with "&": "&auml;", "&#228;",
// "&#xE4;", and what browsers take for one ("&auml" and "&#228" without the semicolon).
HtmlReference readHtmlReference(QStringView text);

} // namespace Postnook::Mime
