#pragma once

#include "core/mime/htmltag.h"
#include "core/mime/htmltext.h"

#include <QString>
#include <QVarLengthArray>

#include <array>

namespace Postnook::Mime
{

// One pass over an HTML document. What has been looked for in vain is not looked for again, so
// each character is looked at a bounded number of times whatever the document is.
class HtmlReader
{
public:
    HtmlReader(QStringView html, HtmlUse use);

    QString text(); // call once

    // How many characters the searches for the ends of tags, quotes and comments went over.
    qsizetype lookedAt() const { return m_lookedAt; }

private:
    // Looks for one kind of end, from ever later positions.
    struct Finder {
        bool none = false; // no more of them
    };
    struct Open {
        int id;
        bool hidden; // by itself or what it is in
        bool tiny;
        bool preformatted;
        bool quoted;
    };

    qsizetype find(QStringView what, qsizetype from, Finder &finder);
    qsizetype findTagEnd();
    bool readTag();
    bool readDeclaration();
    void startElement(HtmlElement element, QStringView attributes);
    void endElement(int id);
    void skipRaw(HtmlElement element, QStringView name);
    void addImage(QStringView attributes);
    void addRun(QStringView run);
    void addPlain(QStringView characters);
    void add(char32_t c);
    void markQuote();
    void addBlank(char32_t c);
    void breakLine();
    bool isShown(char32_t c);
    bool isFull() const;
    const Open &current() const;

    QStringView m_html;
    HtmlUse m_use;
    qsizetype m_position = 0;
    qsizetype m_lookedAt = 0;
    Finder m_greaterThan;
    Finder m_commentEnd;
    Finder m_doubleQuote;
    Finder m_singleQuote;
    bool m_quotesAreBroken = false; // no ">" was found outside of quotes: they do not count
    std::array<bool, MaxHtmlElements> m_noRawEnd{}; // by element

    Open m_outside{}; // of all elements
    QVarLengthArray<Open, 64> m_open;
    std::array<int, MaxHtmlElements> m_openCount{}; // by element
    bool m_wordsSeen = false; // text that is not hidden
    QString m_text;
};

} // namespace Postnook::Mime
