#include "core/mime/mailphrases.h"

#include <QString>

#include <algorithm>
#include <array>
#include <initializer_list>

namespace Postnook::Mime
{

namespace
{

using Words = std::initializer_list<QStringView>;

// Titles of forwarded messages, between dashes or before a colon.
constexpr std::array<QStringView, 18> ForwardTitles{
    u"forwarded message",
    u"weitergeleitete nachricht",
    u"weitergeleiteten nachricht",
    u"message transf\u00e9r\u00e9",
    u"message r\u00e9exp\u00e9di\u00e9",
    u"mensaje reenviado",
    u"messaggio inoltrato",
    u"doorgestuurd bericht",
    u"mensagem encaminhada",
    u"mensagem reencaminhada",
    u"vidarebefordrat meddelande",
    u"videresendt",
    u"przekazana wiadomo",
    u"p\u0159eposlan\u00e1 zpr\u00e1va",
    u"\u043f\u0435\u0440\u0435\u0441\u044b\u043b\u0430\u0435\u043c\u043e\u0435",
    u"\u0438\u0441\u0445\u043e\u0434\u043d\u043e\u0433\u043e \u0441\u043e\u043e\u0431\u0449",
    u"\u8ee2\u9001\u3055\u308c\u305f\u30e1\u30c3\u30bb\u30fc\u30b8",
    u"\u8f6c\u53d1\u7684\u90ae\u4ef6",
};

// Names of the From field, which begins the header that Outlook puts above a quoted message.
constexpr std::array<QStringView, 17> FromLabels{
    u"from",
    u"von",
    u"de",
    u"da",
    u"van",
    u"fr\u00e5n",
    u"fra",
    u"od",
    u"l\u00e4hett\u00e4j\u00e4",
    u"felad\u00f3",
    u"kimden",
    u"\u043e\u0442",
    u"\u0432\u0456\u0434",
    u"\u5dee\u51fa\u4eba",
    u"\u53d1\u4ef6\u4eba",
    u"\u5bc4\u4ef6\u8005",
    u"\ubcf4\ub0b8 \uc0ac\ub78c",
};

// How the line about a quoted message begins, in languages where that is no name, ...
constexpr std::array<QStringView, 10> AttributionStarts{
    u"on ",
    u"am ",
    u"le ",
    u"el ",
    u"il ",
    u"op ",
    u"em ",
    u"den ",
    u"dne ",
    u"w dniu ",
};
// ... and what it says.
constexpr std::array<QStringView, 16> AttributionVerbs{
    u"wrote",
    u"writes",
    u"schrieb",
    u"\u00e9crit",
    u"escribi\u00f3",
    u"ha scritto",
    u"schreef",
    u"escreveu",
    u"skrev",
    u"pisze",
    u"napisa",
    u"napsal",
    u"kirjoitti",
    u"\u043f\u0438\u0448\u0435\u0442",
    u"\u043f\u0438\u0441\u0430\u043b",
    u"\u5199\u9053",
};

// Lines that telephones and mail programs add of themselves.
constexpr std::array<QStringView, 11> DeviceLines{
    u"sent from my ",
    u"sent from mail for ",
    u"get outlook for ",
    u"von meinem ",
    u"gesendet von ",
    u"envoy\u00e9 de mon ",
    u"inviato da ",
    u"enviado desde mi ",
    u"enviado do meu ",
    u"verzonden vanaf mijn ",
    u"skickat fr\u00e5n min ",
};

// What newsletters say of themselves.
constexpr std::array<QStringView, 16> NewsletterLines{
    u"in your browser",
    u"in a browser",
    u"in the browser",
    u"in browser",
    u"in web browser",
    u"im browser",
    u"in ihrem browser",
    u"in deinem browser",
    u"dans votre navigateur",
    u"en tu navegador",
    u"en su navegador",
    u"nel browser",
    u"in je browser",
    u"view online",
    u"web version",
    u"online-version",
};
// Each of them has one of these, most other lines have none: a quarter of the work.
constexpr std::array<QStringView, 4> NewsletterWords{u"browser", u"nav", u"online", u"web version"};

// The words are in lower case. Folding once is many times as fast as to compare without regard to
// case at every place, and this is done with every line of a preview.
QString folded(QStringView text)
{
    return text.toString().toCaseFolded();
}

template <typename Words>
bool containsAny(const QString &foldedText, const Words &words)
{
    return std::any_of(words.begin(), words.end(), [&foldedText](QStringView word) {
        return foldedText.contains(word);
    });
}

bool isNewsletterLine(const QString &foldedLine)
{
    return containsAny(foldedLine, NewsletterWords) && containsAny(foldedLine, NewsletterLines);
}

template <typename Words>
bool startsWithAny(QStringView text, const Words &words)
{
    return std::any_of(words.begin(), words.end(), [text](QStringView word) {
        return text.startsWith(word, Qt::CaseInsensitive);
    });
}

} // namespace

bool endsWithColon(QStringView line)
{
    return line.endsWith(u':') || line.endsWith(u'\uff1a');
}

QStringView fieldLabel(QStringView line)
{
    constexpr qsizetype MaxLabel = 24;
    line = line.trimmed();
    const auto start = line.first(std::min(line.size(), MaxLabel));
    const auto *end = std::find_if(
        start.begin(), start.end(), [](QChar c) { return c == u':' || c == u'\uff1a'; });
    if (end == start.end()) {
        return {};
    }
    const auto behind = line.sliced(end - start.begin() + 1);
    if (*end == u':' && !behind.isEmpty() && behind.front() != u' ' && behind.front() != u'\t'
        && behind.front() != u'*') {
        return {};
    }
    auto label = line.first(end - start.begin());
    while (label.startsWith(u'*')) {
        label = label.sliced(1);
    }
    while (label.endsWith(u'*')) {
        label.chop(1);
    }
    const bool isName = std::all_of(label.begin(), label.end(), [](QChar c) {
        return c.isLetter() || c.isMark() || c == u' ' || c == u'-';
    });
    return isName ? label.trimmed() : QStringView();
}

QStringView dashedTitle(QStringView line)
{
    line = line.trimmed();
    if (!line.startsWith(u"--") || !line.endsWith(u"--")) {
        return {};
    }
    while (line.startsWith(u'-')) {
        line = line.sliced(1);
    }
    while (line.endsWith(u'-')) {
        line.chop(1);
    }
    return line.trimmed();
}

bool isForwardTitle(QStringView line)
{
    const auto title = dashedTitle(line);
    if (!title.isEmpty()) {
        return containsAny(folded(title), ForwardTitles);
    }
    constexpr qsizetype MaxTitle = 60;
    return endsWithColon(line) && line.size() <= MaxTitle
        && containsAny(folded(line), ForwardTitles) && line.first(line.size() - 1).count(u' ') <= 5;
}

bool isAside(QStringView line)
{
    constexpr qsizetype MaxDeviceLine = 60;
    constexpr qsizetype MaxNewsletterLine = 120;
    constexpr qsizetype MaxUnsubscribe = 30;
    return (line.size() <= MaxDeviceLine && startsWithAny(line, DeviceLines)
            && (!line.startsWith(u"von meinem ", Qt::CaseInsensitive)
                || line.contains(u"gesendet", Qt::CaseInsensitive)))
        || (line.size() <= MaxNewsletterLine && isNewsletterLine(folded(line)))
        || (line.size() <= MaxUnsubscribe
            && startsWithAny(line, Words{u"unsubscribe", u"abmelden", u"newsletter abmelden"}));
}

bool isFromLabel(QStringView label)
{
    return std::any_of(FromLabels.begin(), FromLabels.end(), [label](QStringView name) {
        return label.compare(name, Qt::CaseInsensitive) == 0;
    });
}

bool startsAttribution(QStringView text)
{
    return startsWithAny(text, AttributionStarts);
}

bool saysWhoWrote(QStringView text)
{
    return containsAny(folded(text), AttributionVerbs);
}

} // namespace Postnook::Mime
