#include "core/mime/preview.h"

#include "core/mime/calendartext.h"
#include "core/mime/htmltag.h"
#include "core/mime/htmltext.h"
#include "core/mime/previewwords.h"
#include "core/mime/transferdecoder.h"
#include "core/mime/writtenlines.h"

#include <algorithm>

namespace Postnook::Mime
{

namespace
{

// Texts for programs.
bool isReadable(const Part &part)
{
    return !(part.mediaType == "text/rfc822-headers" || part.mediaType == "text/x-amp-html"
             || part.mediaType == "text/css" || part.mediaType == "text/javascript"
             || part.mediaType == "text/vcard" || part.mediaType == "text/x-vcard"
             || part.mediaType == "text/directory");
}

// An invitation has a name too, and the text of a message that is one part is that part.
bool isAttachment(const Part &part)
{
    const bool isNamed =
        !part.name.isEmpty() && part.mediaType != "text/calendar" && part.parent >= 0;
    return part.isAttachment || isNamed;
}

struct SourceText {
    QString source; // decoded
    QString text; // plain
    bool isHtml = false;
    WrittenLines lines; // of `text`, as far as `own` had room
    PreviewWords own{MaxPreviewChars}; // of lines.own
};

QString readStart(const Part &part, const ReadBytes &read)
{
    constexpr quint64 Max = MaxPreviewBytes;
    const bool isCut = part.body.size > Max;
    auto body = read(part.body.offset, std::min(part.body.size, Max));
    if (isCut && part.encoding == "quoted-printable") {
        const auto last = body.lastIndexOf('=');
        body.truncate(last >= 0 && last >= body.size() - 2 ? last : body.size());
    }
    return decodeCharset(decodeTransferEncoding(body, part.encoding),
                         part.charset,
                         isCut ? TextEnd::Cut : TextEnd::Whole);
}

bool looksLikeHtml(QStringView text)
{
    const auto start = text.trimmed();
    if (start.startsWith(u"<!doctype html", Qt::CaseInsensitive)) {
        return true;
    }
    const auto *end =
        std::find_if(start.begin(), start.end(), [](QChar c) { return c == u'>' || c == u' '; });
    return start.startsWith(u'<')
        && findHtmlElement(start.sliced(1, qMax<qsizetype>(end - start.begin() - 1, 0))).id >= 0;
}

SourceText readText(const Part &part, const ReadBytes &read)
{
    SourceText result;
    result.source = readStart(part, read);
    result.isHtml = isMarkup(part.mediaType) || looksLikeHtml(result.source);
    if (result.isHtml) {
        const auto tag = result.source.lastIndexOf(u'<');
        if (part.body.size > static_cast<quint64>(MaxPreviewBytes)
            && tag > result.source.lastIndexOf(u'>')) {
            result.source.truncate(tag); // it was cut
        }
        result.text = htmlToText(result.source, HtmlUse::Preview);
    } else if (part.mediaType == "text/calendar") {
        result.text = calendarText(result.source);
    } else {
        result.text = result.source;
    }
    result.lines = sortLines(result.text, result.own);
    return result;
}

using Urls = PreviewWords::Urls;

void addLines(PreviewWords &words, const QList<QStringView> &lines)
{
    for (const auto line : lines) {
        words.addLine(line);
    }
}

PreviewWords wordsOf(const QList<QStringView> &lines, Urls urls)
{
    PreviewWords words(MaxPreviewChars, urls);
    addLines(words, lines);
    return words;
}

// "This message is in HTML, which your program cannot show." What else is short and speaks of HTML
// loses nothing by this: its HTML form says the same.
bool pointsToHtml(const PreviewWords &words)
{
    return !words.isFull() && words.text().contains(u"html", Qt::CaseInsensitive);
}

// Asks the parts of a message for words, the best kind first.
class PreviewWriter
{
public:
    PreviewWriter(const PartTree &tree, const ReadBytes &read);
    QString text();

private:
    struct Source {
        const Part *part;
        SourceText text{}; // once it was read
        bool isRead = false;
    };

    const SourceText &read(Source &source);
    QString continued(qsizetype index, PreviewWords words);

    const PartTree &m_tree;
    const ReadBytes &m_read;
    QList<Source> m_sources;
};

PreviewWriter::PreviewWriter(const PartTree &tree, const ReadBytes &read)
    : m_tree(tree)
    , m_read(read)
{
    int count = 0;
    for (const auto &part : m_tree.parts()) {
        if (part.type == Part::Type::Leaf && part.mediaType.startsWith("text/")
            && ++count <= MaxPreviewParts && isReadable(part) && !isAttachment(part)) {
            m_sources.append(Source{.part = &part});
        }
    }
}

const SourceText &PreviewWriter::read(Source &source)
{
    if (!source.isRead) {
        source.text = readText(*source.part, m_read);
        source.isRead = true;
    }
    return source.text;
}

QString PreviewWriter::text()
{
    for (qsizetype i = 0; i < m_sources.size(); ++i) {
        const auto &words = read(m_sources[i]).own;
        if (words.hasWords() && !pointsToHtml(words)) {
            return continued(i, words);
        }
    }
    for (auto &source : m_sources) {
        if (read(source).isHtml && !read(source).own.hasWords()) {
            const auto text = htmlToText(read(source).source, HtmlUse::PreviewOfImages);
            PreviewWords words(MaxPreviewChars);
            sortLines(text, words);
            if (words.hasWords()) {
                return words.text();
            }
        }
    }
    const auto firstOf = [this](QList<QStringView> WrittenLines::*lines, Urls urls) {
        for (auto &source : m_sources) {
            if (const auto words = wordsOf(read(source).lines.*lines, urls); !words.isEmpty()) {
                return words.text();
            }
        }
        return QString();
    };
    QString text;
    for (const auto lines : {&WrittenLines::own, &WrittenLines::quoted, &WrittenLines::aside}) {
        text = text.isEmpty() ? firstOf(lines, Urls::All) : text;
    }
    return text;
}

// With the words of the parts that follow in the same multipart/mixed: text around a picture.
QString PreviewWriter::continued(qsizetype index, PreviewWords words)
{
    const auto parent = m_sources[index].part->parent;
    if (parent >= 0 && m_tree.parts()[parent].mediaType == "multipart/mixed") {
        for (auto i = index + 1; i < m_sources.size() && !words.isFull(); ++i) {
            if (m_sources[i].part->parent == parent) {
                addLines(words, read(m_sources[i]).lines.own);
            }
        }
    }
    return words.text();
}

} // namespace

QByteArray previewText(const PartTree &tree, const ReadBytes &read)
{
    return PreviewWriter(tree, read).text().toUtf8();
}

} // namespace Postnook::Mime
