#include "core/mime/messagetext.h"

#include "core/mime/calendartext.h"
#include "core/mime/headerfields.h"
#include "core/mime/htmltext.h"
#include "core/mime/messagescanner.h"
#include "core/mime/searchfolder.h"
#include "core/mime/transferdecoder.h"

#include <algorithm>
#include <array>
#include <utility>

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

// Folded texts, each ended by a line feed, which none of them holds: nothing is found that runs
// from one into the next.
class FoldedTexts
{
public:
    // Of one text, which more pieces may follow.
    void add(QStringView text);
    void end();
    void addWhole(QStringView text);
    void addHeader(QByteArrayView header);
    QByteArray take() { return std::move(m_all); }

private:
    QByteArray m_all;
    SearchFolder m_folder;
    bool m_isOpen = false;
};

void FoldedTexts::add(QStringView text)
{
    constexpr qsizetype MaxPiece = 64LL * 1024; // in memory folded and not yet UTF-8
    while (!text.isEmpty()) {
        auto size = std::min(text.size(), MaxPiece);
        size += size < text.size() && text[size].isLowSurrogate() ? 1 : 0;
        m_all += m_folder.fold(text.first(size)).toUtf8();
        m_isOpen = true;
        text = text.sliced(size);
    }
}

void FoldedTexts::end()
{
    if (std::exchange(m_isOpen, false)) {
        m_all += m_folder.finish().toUtf8() + '\n';
    }
}

void FoldedTexts::addWhole(QStringView text)
{
    add(text);
    end();
}

void FoldedTexts::addHeader(QByteArrayView header)
{
    HeaderField field;
    for (HeaderReader reader(header); reader.next(field);) {
        if (!field.name.isEmpty()) {
            add(QString::fromLatin1(field.name) + QStringLiteral(": "));
        }
        addWhole(decodeHeaderText(unfolded(field.value)));
    }
}

QByteArray decodedOctets(const Part &part, const ReadBytes &read)
{
    constexpr quint64 MaxPiece = 256ULL * 1024; // in memory before it is decoded
    TransferDecoder decoder(part.encoding);
    QByteArray octets;
    for (quint64 at = 0; at < part.body.size;) {
        const auto piece =
            read(part.body.offset + at, std::min<quint64>(part.body.size - at, MaxPiece));
        if (piece.isEmpty()) {
            break;
        }
        octets += decoder.decode(piece);
        at += static_cast<quint64>(piece.size());
    }
    return octets += decoder.finish();
}

// RFC 5545 3.1, RFC 6350 3.2: also inside of words.
bool hasFoldedLines(QByteArrayView mediaType)
{
    return mediaType == "text/calendar" || mediaType == "text/vcard" || mediaType == "text/x-vcard"
        || mediaType == "text/directory";
}

void addText(FoldedTexts &all, const Part &part, const ReadBytes &read)
{
    if (isMarkup(part.mediaType)) {
        const auto html = decodeCharset(decodedOctets(part, read), part.charset);
        all.add(htmlToText(html));
    } else if (hasFoldedLines(part.mediaType)) {
        const auto lines = decodeCharset(decodedOctets(part, read), part.charset);
        all.add(unfoldedLines(lines));
    } else {
        decodeCharset(
            decodedOctets(part, read), part.charset, [&all](QStringView piece) { all.add(piece); });
    }
    all.end();
}

enum class PartPlace { Message, NestedMessage, Inside };

PartPlace placeOf(const PartTree &tree, const Part &part, int depth)
{
    if (part.parent < 0) {
        return depth == 0 ? PartPlace::Message : PartPlace::NestedMessage;
    }
    return tree.parts()[part.parent].type == Part::Type::Message ? PartPlace::NestedMessage
                                                                 : PartPlace::Inside;
}

// RFC 6532 3.7 lets message/global have any encoding; what the scanner finds in it without decoding
// is none of its parts. Others send message/rfc822 like that (RFC 2045 6.4 forbids it).
bool isEncodedMessage(const Part &part)
{
    return part.type == Part::Type::Message && !TransferDecoder(part.encoding).isIdentity();
}

using VisitPart = std::function<void(const Part &, PartPlace, const ReadBytes &)>;

// Each part of the message in its order, with what reads it.
void forEachPart(const PartTree &tree, const ReadBytes &read, const VisitPart &visit, int depth = 0)
{
    constexpr int MaxEncodedDepth = 3; // each decodes, and holds, all that is in it
    const auto &parts = tree.parts();
    QList<bool> isHidden(parts.size()); // in an encoded message
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const Part &part = parts[i];
        isHidden[i] =
            part.parent >= 0 && (isHidden[part.parent] || isEncodedMessage(parts[part.parent]));
        if (isHidden[i]) {
            continue;
        }
        visit(part, placeOf(tree, part, depth), read);
        if (isEncodedMessage(part) && depth < MaxEncodedDepth) {
            const auto message = decodedOctets(part, read);
            const auto inner = PartTree::fromBytes(scanMessage(message).parts);
            const auto readInner = [&message](quint64 offset, quint64 size) {
                return message.mid(static_cast<qsizetype>(offset), static_cast<qsizetype>(size));
            };
            if (inner) {
                forEachPart(*inner, readInner, visit, depth + 1);
            }
        }
    }
}

} // namespace

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

QByteArray searchableHeader(QByteArrayView header)
{
    FoldedTexts all;
    all.addHeader(header);
    return all.take();
}

QByteArray searchablePartHeaders(const PartTree &tree, const ReadBytes &read)
{
    FoldedTexts all;
    forEachPart(tree, read, [&all](const Part &part, PartPlace place, const ReadBytes &bytes) {
        if (place == PartPlace::Inside) {
            all.addHeader(bytes(part.header.offset, part.header.size));
        }
    });
    return all.take();
}

QByteArray searchableBody(const PartTree &tree, const ReadBytes &read)
{
    FoldedTexts all;
    forEachPart(tree, read, [&all](const Part &part, PartPlace place, const ReadBytes &bytes) {
        if (place == PartPlace::NestedMessage) {
            all.addHeader(bytes(part.header.offset, part.header.size));
        }
        all.addWhole(decodeHeaderText(part.name));
        if (isReadable(part)) {
            addText(all, part, bytes);
        }
    });
    return all.take();
}

} // namespace Postnook::Mime
