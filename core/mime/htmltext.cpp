#include "core/mime/htmltext.h"

#include "core/mime/htmlreader.h"
#include "core/mime/htmlreferences.h"
#include "core/mime/textcharacters.h"

#include <algorithm>

namespace Postnook::Mime
{

namespace
{

// Deeper elements are taken for a part of the one around them.
constexpr qsizetype MaxOpenElements = 256;

bool isLetter(QChar c)
{
    const auto lower = c.unicode() | 0x20;
    return lower >= u'a' && lower <= u'z';
}

// A character of ASCII that is what it is.
bool isPlain(QChar c)
{
    return c > u' ' && c < u'\x7f' && c != u'&';
}

bool endsName(QChar c)
{
    return c == u'>' || c == u'/' || isAnyBlank(c.unicode());
}

// The name of a picture that stands for a character of the text.
bool isEmojiName(QStringView name)
{
    constexpr qsizetype MaxSize = 16; // a family of four, with its joiners
    constexpr char16_t FirstSymbol = 0x2000;
    return !name.isEmpty() && name.size() <= MaxSize
        && std::all_of(name.begin(), name.end(), [](QChar c) {
               return c.unicode() >= FirstSymbol && !c.isLetterOrNumber();
           });
}

bool isDot(QStringView attributes)
{
    const auto is = [attributes](QStringView name) {
        const auto size = htmlAttribute(attributes, name);
        return size && (*size == u"1" || *size == u"0" || *size == u"1px" || *size == u"0px");
    };
    return is(u"width") || is(u"height");
}

} // namespace

HtmlReader::HtmlReader(QStringView html, HtmlUse use)
    : m_html(html)
    , m_use(use)
{
    m_text.reserve(html.size() / 2);
}

QString HtmlReader::text()
{
    while (m_position < m_html.size() && !isFull()) {
        const auto found = m_html.indexOf(u'<', m_position);
        const auto end = found < 0 ? m_html.size() : found;
        addRun(m_html.sliced(m_position, end - m_position));
        m_position = end;
        if (found >= 0 && !readTag()) {
            add(u'<');
            ++m_position;
        }
    }
    return std::move(m_text);
}

qsizetype HtmlReader::find(QStringView what, qsizetype from, Finder &finder)
{
    if (finder.none) {
        return -1;
    }
    const auto at = m_html.indexOf(what, from);
    finder.none = at < 0;
    m_lookedAt += (at < 0 ? m_html.size() : at) - from;
    return at;
}

// The ">" of the tag at the current position; -1: there is none. Quotes count where a value may
// begin, unless they are never closed.
qsizetype HtmlReader::findTagEnd()
{
    if (m_quotesAreBroken) {
        return find(u">", m_position, m_greaterThan);
    }
    auto i = m_position + 1;
    bool afterEquals = false;
    while (i < m_html.size() && m_html[i] != u'>') {
        const auto c = m_html[i];
        if (afterEquals && (c == u'"' || c == u'\'')) {
            const bool isDouble = c == u'"';
            const auto close =
                isDouble ? find(u"\"", i + 1, m_doubleQuote) : find(u"'", i + 1, m_singleQuote);
            i = std::max(i, close);
        }
        afterEquals = c == u'=' || (afterEquals && isAnyBlank(c.unicode()));
        ++i;
    }
    m_lookedAt += i - m_position;
    if (i < m_html.size()) {
        return i;
    }
    m_quotesAreBroken = true;
    return find(u">", m_position, m_greaterThan);
}

// Comments, also the conditional ones of Outlook, whose content is for Outlook only, and what else
// begins with "<!" or "<?". False: it has no end.
bool HtmlReader::readDeclaration()
{
    if (m_html.sliced(m_position).startsWith(u"<!--")) {
        const auto end = find(u"-->", m_position + 2, m_commentEnd); // "<!-->" is one
        m_position = end < 0 ? m_html.size() : end + 3;
        return true;
    }
    const auto end = find(u">", m_position, m_greaterThan);
    if (end < 0) {
        return false;
    }
    m_position = end + 1;
    return true;
}

// False: the "<" is text.
bool HtmlReader::readTag()
{
    const auto next = m_position + 1 < m_html.size() ? m_html[m_position + 1] : QChar();
    if (next == u'!' || next == u'?') {
        return readDeclaration();
    }
    const bool isEnd = next == u'/';
    const auto nameStart = m_position + (isEnd ? 2 : 1);
    if (nameStart >= m_html.size() || !isLetter(m_html[nameStart])) {
        return false;
    }
    const auto end = findTagEnd();
    if (end < 0) {
        return false;
    }
    const auto *stop = std::find_if(m_html.begin() + nameStart, m_html.begin() + end, endsName);
    const auto name = m_html.sliced(nameStart, stop - m_html.begin() - nameStart);
    const auto attributes =
        m_html.sliced(nameStart + name.size()).first(end - nameStart - name.size());
    m_position = end + 1;

    const auto element = findHtmlElement(name);
    if (element.is(HtmlElement::Block)) {
        breakLine();
    }
    if (element.is(HtmlElement::Raw)) {
        if (!isEnd && !attributes.endsWith(u'/')) {
            skipRaw(element, name);
        }
    } else if (isEnd) {
        endElement(element.id);
    } else {
        startElement(element, attributes);
    }
    return true;
}

// Goes behind the end tag of an element whose content is not shown.
void HtmlReader::skipRaw(HtmlElement element, QStringView name)
{
    auto &none = m_noRawEnd.at(static_cast<std::size_t>(element.id));
    Finder finder;
    auto at = none ? -1 : find(u"</", m_position, finder);
    while (at >= 0 && !m_html.sliced(at + 2).startsWith(name, Qt::CaseInsensitive)) {
        at = find(u"</", at + 2, finder);
    }
    none = none || at < 0;
    if (at < 0) {
        m_position = element.is(HtmlElement::Swallows) ? m_html.size() : m_position;
        return;
    }
    const auto end = find(u">", at, m_greaterThan);
    m_position = end < 0 ? m_html.size() : end + 1;
}

const HtmlReader::Open &HtmlReader::current() const
{
    return m_open.isEmpty() ? m_outside : m_open.back();
}

// Whether there is more than a preview needs.
bool HtmlReader::isFull() const
{
    constexpr qsizetype MaxPreviewText = 16LL * 1024;
    return m_use != HtmlUse::Search && m_text.size() > MaxPreviewText;
}

void HtmlReader::startElement(HtmlElement element, QStringView attributes)
{
    if (isImage(element)) {
        addImage(attributes);
    }
    if (element.id < 0 || element.is(HtmlElement::Void)) {
        return;
    }
    if (element.is(HtmlElement::EndsItself) && current().id == element.id && !m_open.isEmpty()) {
        endElement(element.id);
    }
    if (m_open.size() >= MaxOpenElements) {
        return;
    }
    auto open = current();
    open.id = element.id;
    if (m_use != HtmlUse::Search && !attributes.isEmpty()) {
        const auto visibility = htmlVisibility(attributes);
        open.hidden = open.hidden || visibility.hidden;
        open.tiny = visibility.tiny.value_or(open.tiny);
    }
    open.preformatted = open.preformatted || element.is(HtmlElement::Preformatted);
    open.quoted = open.quoted || element.is(HtmlElement::Quote);
    m_open.append(open);
    ++m_openCount.at(static_cast<std::size_t>(element.id));
}

// Ends the innermost element of that kind, and all in it.
void HtmlReader::endElement(int id)
{
    if (id < 0 || m_openCount.at(static_cast<std::size_t>(id)) == 0) {
        return;
    }
    bool ended = false;
    while (!ended) {
        const auto last = m_open.back().id;
        --m_openCount.at(static_cast<std::size_t>(last));
        m_open.removeLast();
        ended = last == id;
    }
}

void HtmlReader::addImage(QStringView attributes)
{
    const auto name = htmlAttribute(attributes, u"alt");
    if (!name || name->isEmpty()) {
        return;
    }
    const auto before = m_text.size();
    const bool wordsSeen = m_wordsSeen;
    addBlank(u' ');
    const auto start = m_text.size();
    addRun(*name);
    const bool wanted = m_use == HtmlUse::Search || isEmojiName(QStringView(m_text).sliced(start))
        || (m_use == HtmlUse::PreviewOfImages && !isDot(attributes));
    if (wanted) {
        addBlank(u' ');
    } else {
        m_text.truncate(before);
        m_wordsSeen = wordsSeen;
    }
}

// Text between two tags.
void HtmlReader::addRun(QStringView run)
{
    qsizetype i = 0;
    while (i < run.size()) {
        const auto *plainEnd = std::find_if_not(run.begin() + i, run.end(), isPlain);
        if (const auto size = plainEnd - run.begin() - i; size > 0) {
            addPlain(run.sliced(i, size));
            i += size;
        } else if (run[i] == u'&') {
            const auto reference = readHtmlReference(run.sliced(i));
            add(reference.size > 0 ? reference.character : u'&');
            i += std::max<qsizetype>(reference.size, 1);
        } else {
            add(run[i].unicode());
            ++i;
        }
    }
}

void HtmlReader::addPlain(QStringView characters)
{
    if (isShown(characters.front().unicode())) {
        markQuote();
        m_text.append(characters);
    }
}

bool HtmlReader::isShown(char32_t c)
{
    if (m_use == HtmlUse::Search) {
        return true;
    }
    const auto &open = current();
    if (open.hidden || open.tiny) {
        return !m_wordsSeen;
    }
    m_wordsSeen = m_wordsSeen || !(isJoiner(c) || isInvisible(c));
    return true;
}

// One character, or half of one. Characters that show nothing go.
void HtmlReader::add(char32_t c)
{
    if (isAnyBlank(c)) {
        addBlank(c);
        return;
    }
    if (isInvisible(c) || !isShown(c)) {
        return;
    }
    markQuote();
    m_text.append(QChar::fromUcs4(c));
}

void HtmlReader::markQuote()
{
    if (current().quoted && m_use != HtmlUse::Search
        && (m_text.isEmpty() || m_text.back() == u'\n')) {
        m_text.append(u"> ");
    }
}

// Runs of blanks become one.
void HtmlReader::addBlank(char32_t c)
{
    if ((c == u'\n' || c == u'\r') && current().preformatted) {
        breakLine();
    } else if (!m_text.isEmpty() && m_text.back() != u' ' && m_text.back() != u'\n') {
        m_text.append(u' ');
    }
}

void HtmlReader::breakLine()
{
    if (!m_text.isEmpty() && m_text.back() != u'\n') {
        m_text.append(u'\n');
    }
}

bool isMarkup(QByteArrayView mediaType)
{
    return mediaType == "text/html" || mediaType == "text/enriched" || mediaType == "text/richtext";
}

QString htmlToText(QStringView html, HtmlUse use)
{
    return HtmlReader(html, use).text();
}

} // namespace Postnook::Mime
