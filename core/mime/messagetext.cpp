#include "core/mime/messagetext.h"

#include "core/mime/headerfields.h"
#include "core/mime/htmltext.h"
#include "core/mime/transferdecoder.h"

#include <unicode/uchar.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <array>

namespace Postnook::Mime
{

namespace
{

// The kinds of "message" that are lines of text and have no message as a part of its own; others
// are as good as unknown octets (RFC 2046 5.2.4).
constexpr std::array<QByteArrayView, 8> ReadableMessages{
    "message/partial", // RFC 2046 5.2.2
    "message/external-body", // RFC 2046 5.2.3
    "message/delivery-status", // RFC 3464
    "message/disposition-notification", // RFC 8098
    "message/feedback-report", // RFC 5965
    "message/global-delivery-status", // RFC 6533
    "message/global-disposition-notification",
    "message/global-headers",
};

bool isReadable(const Part &part)
{
    return part.type == Part::Type::Leaf
        && (part.mediaType.startsWith("text/")
            || std::find(ReadableMessages.begin(), ReadableMessages.end(), part.mediaType)
                != ReadableMessages.end());
}

QString decodedText(const Part &part, const QByteArray &body)
{
    const auto text = decodeCharset(decodeTransferEncoding(body, part.encoding), part.charset);
    return isMarkup(part.mediaType) ? htmlToText(text) : text;
}

// Full folding ("ß" to "ss"): QString knows only the folding of single characters.
QString caseFolded(const QString &text)
{
    const auto *source = reinterpret_cast<const UChar *>(text.utf16());
    const auto size = static_cast<int32_t>(text.size());
    QString folded(text.size() + text.size() / 8, Qt::Uninitialized);
    for (;;) {
        UErrorCode status = U_ZERO_ERROR;
        const auto needed = u_strFoldCase(reinterpret_cast<UChar *>(folded.data()),
                                          static_cast<int32_t>(folded.size()),
                                          source,
                                          size,
                                          U_FOLD_CASE_DEFAULT,
                                          &status);
        const bool fits = needed <= folded.size();
        folded.resize(needed);
        if (fits) {
            return folded;
        }
    }
}

// Pieces of text are kept apart by a line feed, which no folded text holds: nothing is found that
// runs from one into the next.
void addPiece(QString &all, const QString &piece)
{
    if (!piece.isEmpty()) {
        all.append(foldForSearch(piece));
        all.append(u'\n');
    }
}

} // namespace

QString foldForSearch(const QString &text)
{
    const auto folded = caseFolded(text).normalized(QString::NormalizationForm_C);
    QString result;
    result.reserve(folded.size());
    bool afterBlank = false;
    for (const auto c : folded) {
        const bool blank = c == u' ' || c == u'\t' || c == u'\r' || c == u'\n';
        if (!blank) {
            result.append(c);
        } else if (!afterBlank) {
            result.append(u' ');
        }
        afterBlank = blank;
    }
    return result;
}

QByteArrayList headerValues(QByteArrayView header, QByteArrayView name)
{
    QByteArrayList values;
    HeaderField field;
    for (HeaderReader reader(header); reader.next(field);) {
        if (isSameName(field.name, name)) {
            values.append(unfolded(field.value));
        }
    }
    return values;
}

QString searchableHeader(QByteArrayView header)
{
    QString all;
    HeaderField field;
    for (HeaderReader reader(header); reader.next(field);) {
        const auto name = field.name.isEmpty()
            ? QString()
            : QString::fromLatin1(field.name) + QStringLiteral(": ");
        addPiece(all, name + decodeHeaderText(unfolded(field.value)));
    }
    return all;
}

QString searchableBody(const PartTree &tree, const ReadBytes &read)
{
    QString all;
    const auto &parts = tree.parts();
    for (const auto &part : parts) {
        const bool isNestedMessage =
            part.parent >= 0 && parts[part.parent].type == Part::Type::Message;
        if (isNestedMessage) {
            all.append(searchableHeader(read(part.header.offset, part.header.size)));
        }
        addPiece(all, decodeHeaderText(part.name));
        if (isReadable(part)) {
            addPiece(all, decodedText(part, read(part.body.offset, part.body.size)));
        }
    }
    return all;
}

} // namespace Postnook::Mime
