#include "core/mime/messagetext.h"

#include "core/mime/headerfields.h"
#include "core/mime/htmltext.h"
#include "core/mime/transferdecoder.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
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

// What ICU makes of a text. `step` gives how many characters it needs room for.
template <typename Step>
QString transformed(const QString &text, Step step)
{
    const auto *source = reinterpret_cast<const UChar *>(text.utf16());
    const auto size = static_cast<int32_t>(text.size());
    QString result(text.size() + text.size() / 8, Qt::Uninitialized);
    for (;;) {
        UErrorCode status = U_ZERO_ERROR;
        const auto needed = step(reinterpret_cast<UChar *>(result.data()),
                                 static_cast<int32_t>(result.size()),
                                 source,
                                 size,
                                 &status);
        const bool fits = needed <= result.size();
        result.resize(needed);
        if (fits) {
            return result;
        }
    }
}

// Full folding ("ß" to "ss"): QString knows only the folding of single characters.
QString caseFolded(const QString &text)
{
    return transformed(
        text,
        [](UChar *target, int32_t room, const UChar *source, int32_t size, UErrorCode *status) {
            return u_strFoldCase(target, room, source, size, U_FOLD_CASE_DEFAULT, status);
        });
}

// NFKD. Qt's takes time that grows with the square of the text.
QString decomposed(const QString &text)
{
    UErrorCode loaded = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFKDInstance(&loaded);
    if (U_FAILURE(loaded)) {
        return text.normalized(QString::NormalizationForm_KD);
    }
    return transformed(
        text,
        [form](UChar *target, int32_t room, const UChar *source, int32_t size, UErrorCode *status) {
            return unorm2_normalize(form, source, size, target, room, status);
        });
}

QString foldedCharacters(const QString &text)
{
    const bool isAscii =
        std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() < 0x80; });
    if (isAscii) {
        return text.toLower(); // as most mail is, and many times as fast
    }
    // The one letter that has another as its capital and is not folded with it: dotless i.
    return caseFolded(decomposed(text)).replace(u'\u0131', u'i');
}

bool isNestedMessage(const PartTree &tree, const Part &part)
{
    return part.parent >= 0 && tree.parts()[part.parent].type == Part::Type::Message;
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
    const QString folded = foldedCharacters(text);
    QString result;
    result.reserve(folded.size());
    bool afterBlank = false;
    for (const auto c : folded) {
        const bool blank = c == u' ' || c == u'\t' || c == u'\r' || c == u'\n';
        if (!blank) {
            result.append(c.isNull() ? QChar(QChar::ReplacementCharacter) : c);
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

QString searchablePartHeaders(const PartTree &tree, const ReadBytes &read)
{
    QString all;
    for (const auto &part : tree.parts()) {
        if (part.parent >= 0 && !isNestedMessage(tree, part)) {
            all.append(searchableHeader(read(part.header.offset, part.header.size)));
        }
    }
    return all;
}

QString searchableBody(const PartTree &tree, const ReadBytes &read)
{
    QString all;
    const auto &parts = tree.parts();
    for (const auto &part : parts) {
        if (isNestedMessage(tree, part)) {
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
