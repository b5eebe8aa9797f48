#include "core/mime/htmltext.h"

#include <QStringView>

#include <algorithm>
#include <array>

namespace Postnook::Mime
{

namespace
{

struct Reference {
    QStringView name;
    char16_t character;
};

constexpr std::array References{
    Reference{u"amp", u'&'},         Reference{u"lt", u'<'},
    Reference{u"gt", u'>'},          Reference{u"quot", u'"'},
    Reference{u"apos", u'\''},       Reference{u"ndash", u'\u2013'},
    Reference{u"mdash", u'\u2014'},  Reference{u"lsquo", u'\u2018'},
    Reference{u"rsquo", u'\u2019'},  Reference{u"sbquo", u'\u201a'},
    Reference{u"ldquo", u'\u201c'},  Reference{u"rdquo", u'\u201d'},
    Reference{u"bdquo", u'\u201e'},  Reference{u"lsaquo", u'\u2039'},
    Reference{u"rsaquo", u'\u203a'}, Reference{u"hellip", u'\u2026'},
    Reference{u"bull", u'\u2022'},   Reference{u"euro", u'\u20ac'},
    Reference{u"trade", u'\u2122'},  Reference{u"OElig", u'\u0152'},
    Reference{u"oelig", u'\u0153'},  Reference{u"Scaron", u'\u0160'},
    Reference{u"scaron", u'\u0161'}, Reference{u"ensp", u' '},
    Reference{u"emsp", u' '},        Reference{u"thinsp", u' '},
    Reference{u"zwnj", u'\u200c'},   Reference{u"zwj", u'\u200d'},
    Reference{u"minus", u'\u2212'},
};

// HTML 4 names of U+00A0 to U+00FF, in order.
constexpr std::array<QStringView, 96> Latin1References{
    u"nbsp",   u"iexcl",  u"cent",   u"pound",  u"curren", u"yen",    u"brvbar", u"sect",
    u"uml",    u"copy",   u"ordf",   u"laquo",  u"not",    u"shy",    u"reg",    u"macr",
    u"deg",    u"plusmn", u"sup2",   u"sup3",   u"acute",  u"micro",  u"para",   u"middot",
    u"cedil",  u"sup1",   u"ordm",   u"raquo",  u"frac14", u"frac12", u"frac34", u"iquest",
    u"Agrave", u"Aacute", u"Acirc",  u"Atilde", u"Auml",   u"Aring",  u"AElig",  u"Ccedil",
    u"Egrave", u"Eacute", u"Ecirc",  u"Euml",   u"Igrave", u"Iacute", u"Icirc",  u"Iuml",
    u"ETH",    u"Ntilde", u"Ograve", u"Oacute", u"Ocirc",  u"Otilde", u"Ouml",   u"times",
    u"Oslash", u"Ugrave", u"Uacute", u"Ucirc",  u"Uuml",   u"Yacute", u"THORN",  u"szlig",
    u"agrave", u"aacute", u"acirc",  u"atilde", u"auml",   u"aring",  u"aelig",  u"ccedil",
    u"egrave", u"eacute", u"ecirc",  u"euml",   u"igrave", u"iacute", u"icirc",  u"iuml",
    u"eth",    u"ntilde", u"ograve", u"oacute", u"ocirc",  u"otilde", u"ouml",   u"divide",
    u"oslash", u"ugrave", u"uacute", u"ucirc",  u"uuml",   u"yacute", u"thorn",  u"yuml",
};

// Tags that do not part words.
constexpr std::array<QStringView, 26> InlineTags{
    u"a",   u"abbr",  u"acronym", u"b",      u"bdi", u"bdo", u"big", u"cite", u"code",
    u"del", u"dfn",   u"em",      u"font",   u"i",   u"ins", u"kbd", u"mark", u"q",
    u"s",   u"small", u"span",    u"strong", u"sub", u"sup", u"u",   u"wbr",
};

char32_t namedCharacter(QStringView name)
{
    const auto reference = std::find_if(References.begin(),
                                        References.end(),
                                        [name](const Reference &r) { return r.name == name; });
    if (reference != References.end()) {
        return reference->character;
    }
    const auto latin1 = std::find(Latin1References.begin(), Latin1References.end(), name);
    constexpr char32_t FirstLatin1 = 0xa0;
    return latin1 == Latin1References.end()
        ? 0
        : FirstLatin1 + static_cast<char32_t>(latin1 - Latin1References.begin());
}

char32_t numberedCharacter(QStringView digits)
{
    const bool hex = digits.startsWith(u'x') || digits.startsWith(u'X');
    bool ok = false;
    const auto code = (hex ? digits.sliced(1) : digits).toUInt(&ok, hex ? 16 : 10);
    const bool isCharacter =
        ok && code > 0 && code <= QChar::LastValidCodePoint && !QChar::isSurrogate(code);
    return isCharacter ? static_cast<char32_t>(code) : 0;
}

class HtmlReader
{
public:
    explicit HtmlReader(QStringView html)
        : m_html(html)
    {
        m_text.reserve(html.size() / 2);
    }

    QString text();

private:
    bool readTag();
    bool readReference();
    qsizetype tagEnd() const;
    void skipPast(QStringView end);
    void add(char32_t c);

    QStringView m_html;
    qsizetype m_position = 0;
    bool m_tagsOpen = false; // a tag without ">" was seen: no later one has any
    QString m_text;
};

QString HtmlReader::text()
{
    while (m_position < m_html.size()) {
        const auto c = m_html[m_position];
        if ((c == u'<' && readTag()) || (c == u'&' && readReference())) {
            continue;
        }
        add(c.unicode());
        ++m_position;
    }
    return m_text;
}

// Runs of blanks become one; characters that only hint at where to break lines go.
void HtmlReader::add(char32_t c)
{
    constexpr char32_t NoBreakSpace = 0xa0;
    constexpr char32_t SoftHyphen = 0xad;
    constexpr char32_t ZeroWidthSpace = 0x200b;
    if (c == SoftHyphen || c == ZeroWidthSpace) {
        return;
    }
    if (c == NoBreakSpace || c == u' ' || c == u'\t' || c == u'\r' || c == u'\n' || c == u'\f') {
        if (!m_text.isEmpty() && m_text.back() != u' ' && m_text.back() != u'\n') {
            m_text.append(u' ');
        }
        return;
    }
    m_text.append(QChar::fromUcs4(c));
}

qsizetype HtmlReader::tagEnd() const
{
    QChar quote;
    for (auto i = m_position + 1; i < m_html.size(); ++i) {
        const auto c = m_html[i];
        if (!quote.isNull()) {
            quote = c == quote ? QChar() : quote;
        } else if (c == u'>') {
            return i;
        } else if ((c == u'"' || c == u'\'') && m_html[i - 1] == u'=') {
            quote = c;
        }
    }
    return m_html.indexOf(u'>', m_position); // a quote that is never closed
}

void HtmlReader::skipPast(QStringView end)
{
    const auto at = m_html.indexOf(end, m_position, Qt::CaseInsensitive);
    m_position = at < 0 ? m_html.size() : at + end.size();
}

// False: the "<" is text.
bool HtmlReader::readTag()
{
    const auto rest = m_html.sliced(m_position + 1);
    if (rest.startsWith(u"!--")) {
        skipPast(u"-->");
        return true;
    }
    const bool looksLikeTag = !rest.isEmpty()
        && (rest[0].isLetter() || rest[0] == u'/' || rest[0] == u'!' || rest[0] == u'?');
    const auto end = looksLikeTag && !m_tagsOpen ? tagEnd() : -1;
    if (end < 0) {
        m_tagsOpen = m_tagsOpen || looksLikeTag;
        return false;
    }
    auto nameEnd = m_position + 1 + (rest[0] == u'/' ? 1 : 0);
    const auto nameStart = nameEnd;
    while (nameEnd < end && m_html[nameEnd].isLetterOrNumber()) {
        ++nameEnd;
    }
    const auto name = m_html.sliced(nameStart, nameEnd - nameStart).toString().toLower();
    m_position = end + 1;
    if (std::find(InlineTags.begin(), InlineTags.end(), name) == InlineTags.end()
        && !m_text.isEmpty() && m_text.back() != u'\n') {
        m_text.append(u'\n');
    }
    if (rest[0] != u'/' && (name == u"script" || name == u"style")) {
        skipPast(QStringLiteral("</") + name);
        skipPast(u">");
    }
    return true;
}

bool HtmlReader::readReference()
{
    constexpr qsizetype MaxReference = 12;
    const auto rest =
        m_html.sliced(m_position + 1).first(std::min(MaxReference, m_html.size() - m_position - 1));
    const auto end = rest.indexOf(u';');
    if (end <= 0) {
        return false;
    }
    const auto name = rest.first(end);
    const auto character =
        name.startsWith(u'#') ? numberedCharacter(name.sliced(1)) : namedCharacter(name);
    if (character == 0) {
        return false;
    }
    add(character);
    m_position += end + 2;
    return true;
}

} // namespace

QString htmlToText(const QString &html)
{
    return HtmlReader(html).text();
}

} // namespace Postnook::Mime
