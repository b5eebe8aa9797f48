#include "core/mime/searchfolder.h"

#include "core/mime/messagetext.h"

#include <unicode/uchar.h>
#include <unicode/ustring.h>

#include <algorithm>

namespace Postnook::Mime
{

namespace
{

// Full folding ("ß" to "ss"): QString knows only the folding of single characters.
QString caseFolded(const QString &text)
{
    QString result(text.size() + text.size() / 8, Qt::Uninitialized);
    for (;;) {
        UErrorCode status = U_ZERO_ERROR;
        const auto needed = u_strFoldCase(reinterpret_cast<UChar *>(result.data()),
                                          static_cast<int32_t>(result.size()),
                                          reinterpret_cast<const UChar *>(text.utf16()),
                                          static_cast<int32_t>(text.size()),
                                          U_FOLD_CASE_DEFAULT,
                                          &status);
        const bool fits = needed <= result.size();
        result.resize(needed);
        if (fits) {
            return result;
        }
    }
}

QString foldedCharacters(const QString &limited)
{
    const bool isAscii =
        std::all_of(limited.begin(), limited.end(), [](QChar c) { return c.unicode() < 0x80; });
    if (isAscii) {
        return limited.toLower(); // as most mail is, and many times as fast
    }
    // The one letter that has another as its capital and is not folded with it: dotless i.
    return caseFolded(decomposed(limited)).replace(u'\u0131', u'i');
}

} // namespace

QString SearchFolder::fold(QStringView piece)
{
    m_held += m_limiter.limit(piece);
    return foldHeld(lastBoundary(m_held));
}

QString SearchFolder::finish()
{
    const QString rest = foldHeld(m_held.size());
    *this = {};
    return rest;
}

QString SearchFolder::foldHeld(qsizetype size)
{
    const QString all = foldedCharacters(m_held.first(size));
    m_held = m_held.sliced(size);
    QString folded;
    folded.reserve(all.size());
    for (const auto c : all) {
        const bool blank = c == u' ' || c == u'\t' || c == u'\r' || c == u'\n';
        if (!blank) {
            folded.append(c.isNull() ? QChar(QChar::ReplacementCharacter) : c);
        } else if (!m_afterBlank) {
            folded.append(u' ');
        }
        m_afterBlank = blank;
    }
    return folded;
}

QString foldForSearch(const QString &text)
{
    SearchFolder folder;
    const QString folded = folder.fold(text);
    return folded + folder.finish();
}

} // namespace Postnook::Mime
