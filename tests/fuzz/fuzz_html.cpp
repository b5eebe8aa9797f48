#include "core/mime/htmltext.h"
#include "core/mime/messagetext.h"
#include "core/mime/textcharacters.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/textchecks.h"

#include <array>

namespace Postnook::Fuzz
{

using namespace Postnook::Mime;

namespace
{

// Charsets with states, with several octets for a character, with gaps; and names of none.
constexpr std::array<QByteArrayView, 24> Charsets{
    "utf-8",      "us-ascii",    "",         "iso-8859-1",     "iso-8859-16", "windows-1251",
    "koi8-r",     "iso-2022-jp", "euc-jp",   "shift_jis",      "gb2312",      "gb18030",
    "hz-gb-2312", "big5",        "euc-kr",   "ks_c_5601-1987", "iso-2022-kr", "utf-7",
    "utf-16",     "utf-16le",    "utf-32be", "tis-620",        "x-no-such",   "\"utf-8\"*en",
};

// Of lines without tags no letter is lost that shows anything (Hangul fillers do not).
void checkPlain(const QString &text)
{
    if (text.contains(u'<') || text.contains(u'&')) {
        return;
    }
    const auto read = htmlToText(text);
    const auto letters = [](const QString &s) {
        QString result;
        for (const auto c : s) {
            if (c.isLetterOrNumber() && !isInvisible(c.unicode())) {
                result.append(c);
            }
        }
        return result;
    };
    PROPERTY(letters(read) == letters(text));
}

} // namespace

void checkHtml(QByteArrayView data)
{
    if (data.isEmpty()) {
        return;
    }
    const auto charset = Charsets[static_cast<unsigned char>(data.front()) % Charsets.size()];
    const auto html = decodeCharset(data.sliced(1), charset);
    PROPERTY2(isValidText(html), charset.toByteArray());
    PROPERTY2(html.size() <= MaxGrowth * data.size() + MaxGrowth, charset.toByteArray());

    const auto text = htmlToText(html);
    PROPERTY(isValidText(text));
    PROPERTY(text.size() <= html.size());
    PROPERTY(!text.contains(u'\r') && !text.contains(u'\t'));
    PROPERTY(!text.contains(QStringLiteral("  ")) && !text.contains(QStringLiteral("\n\n")));
    checkPlain(html);

    const auto folded = foldForSearch(text);
    PROPERTY(isValidText(folded));
    PROPERTY(foldForSearch(folded) == folded);
}

} // namespace Postnook::Fuzz
