#include "core/mime/previewwords.h"

#include "core/mime/textcharacters.h"

#include <QList>
#include <QTextBoundaryFinder>

#include <algorithm>

namespace Postnook::Mime
{

namespace
{

// Enough to see where the character at the limit ends.
constexpr qsizetype Surplus = 32;
// Longer addresses are for machines: what is behind the name of the site tracks people.
constexpr qsizetype MaxShortUrl = 50;

bool isBoxDrawing(QChar c)
{
    return c >= u'\u2500' && c <= u'\u25ff';
}

// Of what people draw lines.
bool isLineCharacter(QChar c)
{
    return QStringView(u"-=_*~#+<>|/\\^.:\u00b7\u2022\u2010\u2011\u2012\u2013\u2014\u2015\u2026")
               .contains(c)
        || isBoxDrawing(c);
}

// A line of at least three strokes and nothing else.
bool isDrawnLine(QStringView line)
{
    qsizetype strokes = 0;
    for (const auto c : line) {
        if (isAnyBlank(c.unicode())) {
            continue;
        }
        if (!isLineCharacter(c)) {
            return false;
        }
        ++strokes;
    }
    return strokes >= 3;
}

// "***" beside a heading, the frame of a table. Three dots and ":::" may be said by people.
bool isDrawnToken(QStringView token)
{
    if (token == u"|" || std::all_of(token.begin(), token.end(), isBoxDrawing)) {
        return true;
    }
    return token.size() >= 3 && std::all_of(token.begin(), token.end(), isLineCharacter)
        && std::none_of(token.begin(), token.end(), [](QChar c) {
               return c == u'.' || c == u':' || c == u'/' || c == u'<' || c == u'\u2026';
           });
}

// Where an address begins ("https://...", "mailto:..." in brackets), or -1.
qsizetype findUrl(QStringView token)
{
    for (auto colon = token.indexOf(u':'); colon >= 0; colon = token.indexOf(u':', colon + 1)) {
        const auto before = token.first(colon);
        const bool withSlashes = token.sliced(colon + 1).startsWith(u"//");
        for (const auto scheme : {QStringView(u"https"),
                                  QStringView(u"http"),
                                  QStringView(u"ftp"),
                                  QStringView(u"mailto"),
                                  QStringView(u"cid"),
                                  QStringView(u"tel")}) {
            const auto start = colon - scheme.size();
            if (!before.endsWith(scheme, Qt::CaseInsensitive)) {
                continue;
            }
            const bool bracketed =
                start > 0 && (token[start - 1] == u'<' || token[start - 1] == u'[');
            if (withSlashes || bracketed) {
                return start;
            }
        }
    }
    return -1;
}

bool isUrlEnd(QChar c)
{
    return c == u'<' || c == u'>' || c == u'"' || c == u']' || c == u'[' || c == u')';
}

bool isPunctuation(QChar c)
{
    return QStringView(u".,;:!?'").contains(c);
}

// Whether a joiner between these two means something.
bool joins(char32_t before, char32_t after)
{
    return before != 0 && after != 0 && !isJoiner(before) && !isInvisible(after)
        && !isJoiner(after);
}

// The characters of a word that people see.
QString cleaned(const QString &word)
{
    if (std::all_of(word.begin(), word.end(), [](QChar c) { return c > u' ' && c < u'\u007f'; })) {
        return word;
    }
    constexpr char32_t BlackFlag = 0x1f3f4; // the tags behind it say of which region
    const auto points = word.toUcs4();
    QString clean;
    char32_t before = 0;
    bool inFlag = false;
    for (qsizetype i = 0; i < points.size(); ++i) {
        const char32_t c = points[i];
        inFlag = c == BlackFlag || (inFlag && c >= 0xe0020 && c <= 0xe007f);
        const auto category = QChar::category(c);
        const bool unseen = isInvisible(c) || category == QChar::Other_Control
            || category == QChar::Other_PrivateUse || category == QChar::Other_Surrogate
            || QChar::isNonCharacter(c)
            || (category == QChar::Other_Format && !isJoiner(c) && !inFlag)
            || (isJoiner(c) && !joins(before, i + 1 < points.size() ? points[i + 1] : 0));
        if (!unseen) {
            clean.append(QChar::fromUcs4(c));
            before = c;
        }
    }
    return clean;
}

qsizetype countCodePoints(QStringView text)
{
    return text.size()
        - std::count_if(text.begin(), text.end(), [](QChar c) { return c.isLowSurrogate(); });
}

} // namespace

PreviewWords::PreviewWords(qsizetype maxCharacters, Urls urls)
    : m_max(maxCharacters)
    , m_urls(urls)
{
}

void PreviewWords::addLine(QStringView line)
{
    if (isFull() || isDrawnLine(line)) {
        return;
    }
    m_inPictureName = m_inPictureName && line.contains(u']');
    constexpr qsizetype MaxHeadingLevel = 6;
    const auto *firstOther =
        std::find_if(line.begin(), line.end(), [](QChar c) { return c != u'#'; });
    const auto marks = firstOther - line.begin();
    if (marks > 0 && marks <= MaxHeadingLevel && marks < line.size() && *firstOther == u' ') {
        line = line.sliced(marks); // Markdown
    }
    while (!isFull()) {
        const auto isBlank = [](QChar c) { return isAnyBlank(c.unicode()); };
        line = line.sliced(std::find_if_not(line.begin(), line.end(), isBlank) - line.begin());
        if (line.isEmpty()) {
            return;
        }
        const auto size = std::find_if(line.begin(), line.end(), isBlank) - line.begin();
        addToken(line.first(size));
        line = line.sliced(size);
    }
}

void PreviewWords::addToken(QStringView token)
{
    if (m_inPictureName) {
        const auto end = token.indexOf(u']');
        if (end < 0) {
            return;
        }
        m_inPictureName = false;
        token = token.sliced(end + 1);
    }
    if (token.startsWith(u"[image:", Qt::CaseInsensitive)
        || token.startsWith(u"[cid:", Qt::CaseInsensitive)) {
        m_inPictureName = !token.contains(u']');
        token = m_inPictureName ? QStringView() : token.sliced(token.indexOf(u']') + 1);
    }
    if (token.isEmpty() || isDrawnToken(token)) {
        return;
    }
    QString word;
    bool onlyUrls = true;
    while (!token.isEmpty()) {
        const auto url = findUrl(token);
        const auto before = url < 0 ? token : token.first(url);
        onlyUrls = onlyUrls
            && std::none_of(
                       before.begin(), before.end(), [](QChar c) { return c.isLetterOrNumber(); })
            && (url >= 0 || token.size() < 2 || !word.isEmpty());
        word.append(before);
        token = token.sliced(before.size());
        if (url >= 0) {
            addUrl(token, word);
        }
    }
    if (const auto clean = cleaned(word); !clean.isEmpty()) {
        addWord(clean);
        m_hasWords = m_hasWords || !onlyUrls;
    }
}

// Takes the address at the start of `rest` into the word, or drops it with its brackets and the
// punctuation behind.
void PreviewWords::addUrl(QStringView &rest, QString &word) const
{
    auto size = std::find_if(rest.begin(), rest.end(), isUrlEnd) - rest.begin();
    while (size > 1 && isPunctuation(rest[size - 1])) {
        --size;
    }
    const auto url = rest.first(size);
    rest = rest.sliced(size);
    if (url.contains(u"//") && (m_urls == Urls::All || size <= MaxShortUrl)) {
        word.append(url);
        return;
    }
    if (word.endsWith(u'<') || word.endsWith(u'[') || word.endsWith(u'(')) {
        word.chop(1);
        rest = rest.isEmpty() ? rest : rest.sliced(1);
    }
    while (word.isEmpty() && !rest.isEmpty() && isPunctuation(rest.front())) {
        rest = rest.sliced(1);
    }
}

void PreviewWords::addWord(const QString &word)
{
    if (!m_text.isEmpty()) {
        m_text.append(u' ');
        ++m_count;
    }
    const auto room = (m_max + Surplus - m_count) * 2;
    const auto part = QStringView(word).first(std::min(word.size(), std::max<qsizetype>(room, 0)));
    m_text.append(part);
    m_count += countCodePoints(part);
}

QString PreviewWords::text() const
{
    if (m_count <= m_max) {
        return m_text;
    }
    qsizetype end = 0;
    for (qsizetype i = 0; i < m_max; ++i) {
        end += m_text[end].isHighSurrogate() && end + 1 < m_text.size() ? 2 : 1;
    }
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, m_text);
    finder.setPosition(end);
    if (!finder.isAtBoundary()) {
        const auto boundary = finder.toPreviousBoundary();
        end = boundary > 0 ? boundary : end; // else it is all one
    }
    return m_text.first(end).trimmed();
}

} // namespace Postnook::Mime
