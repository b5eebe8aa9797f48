#pragma once

#include <QString>

namespace Postnook::Mime
{

// The text a person reads in an HTML document, for search: no tags, comments, scripts or styles,
// character references resolved, blocks on lines of their own. Takes anything; time is linear.
QString htmlToText(const QString &html);

} // namespace Postnook::Mime
