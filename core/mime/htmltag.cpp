#include "core/mime/htmltag.h"

#include <QStringTokenizer>

#include <algorithm>
#include <array>

namespace Postnook::Mime
{

namespace
{

struct Element {
    QStringView name;
    unsigned traits;
};

using enum HtmlElement::Trait;

constexpr std::array Elements{
    Element{u"a", 0},
    Element{u"abbr", 0},
    Element{u"address", Block},
    Element{u"area", Void},
    Element{u"article", Block},
    Element{u"aside", Block},
    Element{u"b", 0},
    Element{u"base", Void},
    Element{u"big", 0},
    Element{u"blockquote", Block | Quote},
    Element{u"body", Block},
    Element{u"br", Block | Void},
    Element{u"button", 0},
    Element{u"caption", Block},
    Element{u"center", Block},
    Element{u"cite", 0},
    Element{u"code", 0},
    Element{u"col", Void},
    Element{u"dd", Block | EndsItself},
    Element{u"del", 0},
    Element{u"details", Block},
    Element{u"dir", Block},
    Element{u"div", Block},
    Element{u"dl", Block},
    Element{u"dt", Block | EndsItself},
    Element{u"em", 0},
    Element{u"embed", Void},
    Element{u"fieldset", Block},
    Element{u"figcaption", Block},
    Element{u"figure", Block},
    Element{u"font", 0},
    Element{u"footer", Block},
    Element{u"form", Block},
    Element{u"h1", Block},
    Element{u"h2", Block},
    Element{u"h3", Block},
    Element{u"h4", Block},
    Element{u"h5", Block},
    Element{u"h6", Block},
    Element{u"head", Block},
    Element{u"header", Block},
    Element{u"hr", Block | Void},
    Element{u"html", Block},
    Element{u"i", 0},
    Element{u"iframe", Block | Raw},
    Element{u"img", Void},
    Element{u"input", Void},
    Element{u"ins", 0},
    Element{u"label", 0},
    Element{u"legend", Block},
    Element{u"li", Block | EndsItself},
    Element{u"link", Void},
    Element{u"main", Block},
    Element{u"map", 0},
    Element{u"menu", Block},
    Element{u"meta", Void},
    Element{u"nav", Block},
    Element{u"nl", Block | Void}, // of text/richtext (RFC 1341 7.1.3), as are np and paragraph
    Element{u"noembed", Raw},
    Element{u"noframes", Block},
    Element{u"noscript", 0},
    Element{u"np", Block | Void},
    Element{u"object", 0},
    Element{u"ol", Block},
    Element{u"option", Block | EndsItself},
    Element{u"p", Block | EndsItself},
    Element{u"paragraph", Block},
    Element{u"param", Void},
    Element{u"plaintext", Block | Preformatted},
    Element{u"pre", Block | Preformatted},
    Element{u"q", 0},
    Element{u"s", 0},
    Element{u"script", Block | Raw | Swallows},
    Element{u"section", Block},
    Element{u"select", Block},
    Element{u"small", 0},
    Element{u"source", Void},
    Element{u"span", 0},
    Element{u"strike", 0},
    Element{u"strong", 0},
    Element{u"style", Block | Raw | Swallows},
    Element{u"sub", 0},
    Element{u"summary", Block},
    Element{u"sup", 0},
    Element{u"table", Block},
    Element{u"tbody", Block | EndsItself},
    Element{u"td", Block | EndsItself},
    Element{u"textarea", Block},
    Element{u"tfoot", Block},
    Element{u"th", Block | EndsItself},
    Element{u"thead", Block},
    Element{u"title", Block | Raw},
    Element{u"tr", Block | EndsItself},
    Element{u"tt", 0},
    Element{u"u", 0},
    Element{u"ul", Block},
    Element{u"wbr", Void},
    Element{u"xml", Block | Raw}, // data of Office
};
static_assert(Elements.size() <= MaxHtmlElements);

bool isHtmlBlank(QChar c)
{
    return c == u' ' || c == u'\t' || c == u'\n' || c == u'\r' || c == u'\f';
}

// Goes over name="value" pairs, however they are quoted.
class AttributeReader
{
public:
    explicit AttributeReader(QStringView attributes)
        : m_rest(attributes)
    {
    }

    bool next()
    {
        skip([](QChar c) { return isHtmlBlank(c) || c == u'/' || c == u'='; });
        if (m_rest.isEmpty()) {
            return false;
        }
        name = takeUntil([](QChar c) { return isHtmlBlank(c) || c == u'=' || c == u'/'; });
        value = QStringView(u"");
        skip(isHtmlBlank);
        if (m_rest.startsWith(u'=')) {
            m_rest = m_rest.sliced(1);
            skip(isHtmlBlank);
            value = takeValue();
        }
        return true;
    }

    QStringView name;
    QStringView value;

private:
    template <typename Predicate>
    void skip(Predicate predicate)
    {
        takeUntil([predicate](QChar c) { return !predicate(c); });
    }

    template <typename Predicate>
    QStringView takeUntil(Predicate predicate)
    {
        const auto size = std::find_if(m_rest.begin(), m_rest.end(), predicate) - m_rest.begin();
        const auto taken = m_rest.first(size);
        m_rest = m_rest.sliced(size);
        return taken;
    }

    QStringView takeValue()
    {
        if (!m_rest.startsWith(u'"') && !m_rest.startsWith(u'\'')) {
            return takeUntil(isHtmlBlank);
        }
        const auto quote = m_rest.front();
        m_rest = m_rest.sliced(1);
        const auto taken = takeUntil([quote](QChar c) { return c == quote; });
        m_rest = m_rest.isEmpty() ? m_rest : m_rest.sliced(1);
        return taken;
    }

    QStringView m_rest;
};

bool is(QStringView text, QStringView name)
{
    return text.compare(name, Qt::CaseInsensitive) == 0;
}

// "0", "0.0px"
bool isZero(QStringView value)
{
    if (value.isEmpty() || (value.front() != u'0' && value.front() != u'.')) {
        return false;
    }
    return std::none_of(value.begin(), value.end(), [](QChar c) { return c >= u'1' && c <= u'9'; });
}

// Up to one pixel or point: nobody reads that.
bool isTiny(QStringView size)
{
    return isZero(size) || is(size, u"1px") || is(size, u"1pt");
}

// One declaration of a style. What is called hidden is so wherever the message is shown:
// "mso-hide: all" alone hides from Outlook only, and what it hides there is meant for all others.
void applyDeclaration(QStringView property, QStringView value, HtmlVisibility &visibility)
{
    if (const auto important = value.indexOf(u'!'); important >= 0) {
        value = value.first(important).trimmed();
    }
    if (is(property, u"display")) {
        visibility.hidden = visibility.hidden || is(value, u"none");
    } else if (is(property, u"visibility")) {
        visibility.hidden = visibility.hidden || is(value, u"hidden");
    } else if (is(property, u"opacity") || is(property, u"max-height")
               || is(property, u"max-width")) {
        visibility.hidden = visibility.hidden || isZero(value);
    } else if (is(property, u"font-size")) {
        visibility.tiny = isTiny(value);
    }
}

} // namespace

HtmlElement findHtmlElement(QStringView name)
{
    constexpr qsizetype MaxName = 10;
    if (name.isEmpty() || name.size() > MaxName) {
        return {};
    }
    const auto *element = std::lower_bound(
        Elements.begin(), Elements.end(), name, [](const Element &e, QStringView n) {
            return e.name.compare(n, Qt::CaseInsensitive) < 0;
        });
    if (element == Elements.end() || !is(element->name, name)) {
        return {};
    }
    return {static_cast<int>(element - Elements.begin()), element->traits};
}

bool isImage(HtmlElement element)
{
    return element.id >= 0 && Elements.at(static_cast<std::size_t>(element.id)).name == u"img";
}

std::optional<QStringView> htmlAttribute(QStringView attributes, QStringView name)
{
    for (AttributeReader reader(attributes); reader.next();) {
        if (is(reader.name, name)) {
            return reader.value;
        }
    }
    return std::nullopt;
}

HtmlVisibility htmlVisibility(QStringView attributes)
{
    HtmlVisibility visibility;
    bool hiddenAttribute = false;
    for (AttributeReader reader(attributes); reader.next();) {
        if (is(reader.name, u"hidden")) {
            hiddenAttribute = true;
        } else if (is(reader.name, u"style")) {
            for (const auto declaration : reader.value.tokenize(u';')) {
                if (const auto colon = declaration.indexOf(u':'); colon > 0) {
                    applyDeclaration(declaration.first(colon).trimmed(),
                                     declaration.sliced(colon + 1).trimmed(),
                                     visibility);
                }
            }
        }
    }
    visibility.hidden = visibility.hidden || hiddenAttribute;
    return visibility;
}

} // namespace Postnook::Mime
