#include "core/mime/messagescanner.h"
#include "core/mime/messagetext.h"
#include "core/mime/preview.h"
#include "core/mime/previewwords.h"
#include "core/mime/writtenlines.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/textchecks.h"

#include <algorithm>

namespace Postnook::Fuzz
{

using namespace Postnook::Mime;

namespace
{

// RFC 8970 3.3: a short line of text, and nothing that could do something to a terminal.
void checkShown(const QByteArray &preview)
{
    PROPERTY(isValidUtf8(preview));
    const auto text = QString::fromUtf8(preview);
    PROPERTY(text.toUcs4().size() <= MaxPreviewChars);
    PROPERTY(text == text.trimmed());
    PROPERTY(std::none_of(text.begin(), text.end(), [](QChar c) {
        return c.category() == QChar::Other_Control || c == QChar::LineSeparator
            || c == QChar::ParagraphSeparator;
    }));
}

// Each line is in the text, once and in its order among its like.
void checkLines(const QString &text)
{
    PreviewWords words(text.size()); // so that all is sorted
    const auto lines = sortLines(text, words);
    qsizetype size = 0;
    for (const auto &list : {lines.own, lines.quoted, lines.aside}) {
        const QChar *from = text.constData();
        for (const auto line : list) {
            PROPERTY(line.isEmpty()
                     || (line.begin() >= from && line.end() <= text.constData() + text.size()));
            from = line.isEmpty() ? from : line.end();
            size += line.size();
        }
    }
    PROPERTY(size <= text.size());
}

} // namespace

void checkPreview(QByteArrayView data)
{
    const auto meta = scanMessage(data);
    const auto tree = PartTree::fromBytes(meta.parts);
    PROPERTY(tree);
    qsizetype readBytes = 0;
    const ReadBytes read = [&](quint64 offset, quint64 size) {
        const auto from = std::min<quint64>(offset, static_cast<quint64>(data.size()));
        const auto rest = data.sliced(static_cast<qsizetype>(from));
        const auto piece = rest.first(std::min(static_cast<qsizetype>(size), rest.size()));
        readBytes += piece.size();
        return piece.toByteArray();
    };
    const auto preview = previewText(*tree, read);
    checkShown(preview);
    PROPERTY(readBytes <= MaxPreviewParts * MaxPreviewBytes);
    PROPERTY2(meta.preview == preview, meta.preview + '\n' + preview);

    const auto found = searchableBody(*tree, read);
    PROPERTY(isValidUtf8(found));
    checkLines(decodeCharset(data, {}));
}

} // namespace Postnook::Fuzz
