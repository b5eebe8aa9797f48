#pragma once

#include <QStringView>

#include <optional>

namespace Postnook::Mime
{

// What HtmlReader has to know of an element.
struct HtmlElement {
    enum Trait : unsigned {
        Block = 1, // stands on lines of its own
        Void = 2, // has no content and no end tag
        Raw = 4, // its content is no text that people see
        Swallows = 8, // without an end tag, all that follows is its content
        EndsItself = 16, // the start of one ends one before it
        Quote = 32,
        Preformatted = 64,
    };

    int id = -1; // -1: none that is known, which browsers show like a span
    unsigned traits = 0;

    bool is(Trait trait) const { return (traits & trait) != 0; }
};

// Of an element by its name, in any case.
HtmlElement findHtmlElement(QStringView name);
constexpr int MaxHtmlElements = 128; // above any id
bool isImage(HtmlElement element);

// The value of an attribute, as it came (references not resolved); empty but not null when it has
// none. nullopt: there is no such attribute. `name` is in lower case.
std::optional<QStringView> htmlAttribute(QStringView attributes, QStringView name);

// What an element says of whether its text is seen.
struct HtmlVisibility {
    bool hidden = false;
    std::optional<bool> tiny; // text too small to be seen, or explicitly not
};
HtmlVisibility htmlVisibility(QStringView attributes);

} // namespace Postnook::Mime
