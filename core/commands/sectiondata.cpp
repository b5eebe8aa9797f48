#include "core/commands/sectiondata.h"

#include "core/mime/charsetname.h"
#include "core/mime/headerfields.h"

#include <algorithm>
#include <limits>

namespace Postnook
{

namespace
{

using SectionKind = Mime::Section::Kind;
using DataKind = SectionData::Kind;

constexpr qsizetype PieceBytes = 64LL * 1024; // of the message, in memory at a time
constexpr qsizetype HeaderPieceBytes = 256LL * 1024; // filtered at a time
constexpr auto MaxOctets = static_cast<quint64>(std::numeric_limits<qint64>::max());

// The message itself needs no part tree: its header's size is in the row.
std::optional<Mime::ByteRange> rootRange(const MessageRow &row, SectionKind kind)
{
    switch (kind) {
    case SectionKind::Whole:
        return Mime::ByteRange{0, row.sizeBytes};
    case SectionKind::Header:
    case SectionKind::HeaderFields:
    case SectionKind::HeaderFieldsNot:
        return Mime::ByteRange{0, row.meta.headerSize};
    case SectionKind::Text:
        return Mime::ByteRange{row.meta.headerSize, row.sizeBytes - row.meta.headerSize};
    case SectionKind::Mime:
        break;
    }
    return std::nullopt;
}

Result<std::optional<Mime::ByteRange>>
locate(MessageBytes &bytes, const MessageRow &row, const Mime::Section &section)
{
    if (section.part.isEmpty()) {
        return rootRange(row, section.kind);
    }
    return bytes.tree().transform(
        [&](const Mime::PartTree *tree) { return tree->locate(section, row.sizeBytes); });
}

// The part of `size` octets that a partial asks for.
Mime::ByteRange cut(quint64 size, const std::optional<FetchItem::Partial> &partial)
{
    if (!partial) {
        return {0, size};
    }
    const auto offset = std::min(partial->offset, size);
    return {offset, std::min(partial->size, size - offset)};
}

SectionData rangeOf(const Mime::ByteRange &whole, const FetchItem &item)
{
    const auto part = cut(whole.size, item.partial);
    return {.kind = DataKind::Range, .range = {whole.offset + part.offset, part.size}};
}

// Where the field ends that the octet at `index` is in.
qsizetype endOfField(QByteArrayView header, qsizetype index)
{
    auto lineEnd = header.indexOf('\n', index);
    while (lineEnd >= 0 && lineEnd + 1 < header.size() && Mime::isBlank(header[lineEnd + 1])) {
        lineEnd = header.indexOf('\n', lineEnd + 1);
    }
    return lineEnd < 0 ? header.size() : lineEnd + 1;
}

Result<SectionData>
filteredHeader(MessageBytes &bytes, const Mime::ByteRange &header, const FetchItem &item)
{
    const auto all = bytes.readOnce(header);
    if (!all) {
        return all.error();
    }
    const bool invert = item.section.kind == SectionKind::HeaderFieldsNot;
    QByteArray text;
    for (QByteArrayView rest(*all); !rest.isEmpty();) {
        const auto size = endOfField(rest, std::min(HeaderPieceBytes, rest.size()) - 1);
        if (auto mayGoOn = bytes.spend(static_cast<quint64>(size)); !mayGoOn) {
            return mayGoOn.error();
        }
        text += Mime::filterHeader(rest.first(size), item.section.fields, invert);
        rest = rest.sliced(size);
    }
    const auto part = cut(static_cast<quint64>(text.size()), item.partial);
    return SectionData{
        .kind = DataKind::Text,
        .text = text.mid(static_cast<qsizetype>(part.offset), static_cast<qsizetype>(part.size))};
}

// How large the decoded octets are, and whether there is a NUL among those the partial asks for:
// the literal's header says both. The sending then begins with the piece that the partial is in.
Result<SectionData> decodedPart(MessageBytes &bytes, const Decoding &start, const FetchItem &item)
{
    SectionData data{.kind = DataKind::Decoded};
    const auto end = item.partial ? item.partial->offset + item.partial->size : MaxOctets;
    const auto offset = item.partial ? item.partial->offset : 0;
    auto decoding = start;
    decoding.left = MaxOctets;
    auto sending = decoding;
    quint64 size = 0;
    quint64 sizeBefore = 0; // of what is decoded before `sending`
    while (size < end) {
        if (size <= offset) {
            sending = decoding;
            sizeBefore = size;
        }
        const auto piece = decodeNext(bytes, decoding, PieceBytes);
        if (!piece) {
            return piece.error();
        }
        if (piece->isEmpty()) {
            break;
        }
        const auto from = std::max(offset, size) - size;
        const auto count = std::min(end - size, static_cast<quint64>(piece->size()));
        if (from < count) {
            data.hasNul = data.hasNul
                || QByteArrayView(*piece)
                       .first(static_cast<qsizetype>(count))
                       .sliced(static_cast<qsizetype>(from))
                       .contains('\0');
        }
        size += static_cast<quint64>(piece->size());
    }
    const auto part = cut(size, item.partial);
    sending.skip = part.offset - std::min(part.offset, sizeBefore);
    sending.left = part.size;
    data.decoding = std::move(sending);
    return data;
}

// Text whose line feeds are octets of their own: in UTF-16 and UTF-32 an octet more would break it.
bool hasOctetLines(const Mime::Part &part)
{
    const auto charset = Mime::findCharset(part.charset);
    return part.mediaType.startsWith("text/") && charset.kind != Mime::CharsetName::Kind::Utf16
        && !charset.converter.startsWith("UTF-16") && !charset.converter.startsWith("UTF-32");
}

Result<SectionData> binarySection(MessageBytes &bytes, const MessageRow &row, const FetchItem &item)
{
    // The message itself has no transfer encoding: that is its body's (RFC 3516 5).
    Mime::ByteRange range{0, row.sizeBytes};
    QByteArray encoding = "binary";
    bool isText = false;
    if (!item.section.part.isEmpty()) {
        const auto tree = bytes.tree();
        if (!tree) {
            return tree.error();
        }
        const auto index = (*tree)->find(item.section.part);
        if (index < 0) {
            return SectionData();
        }
        const Mime::Part &part = (*tree)->parts().at(index);
        range = part.body;
        encoding = part.encoding;
        isText = hasOctetLines(part);
    }
    if (!Mime::TransferDecoder::isKnown(encoding)) {
        return SectionData{.kind = DataKind::Undecodable};
    }
    const Mime::TransferDecoder decoder(encoding);
    // No stored message holds a NUL (core/mailbox/messageintake.h).
    return decoder.isIdentity() && !isText
        ? rangeOf(range, item)
        : decodedPart(bytes, {.decoder = decoder, .encoded = range, .isText = isText}, item);
}

// RFC 9051 7.5.2: lines of text are sent with CRLF, however they were encoded.
QByteArray withLineEnds(const QByteArray &text, bool &isAfterCr)
{
    QByteArray out;
    out.reserve(text.size());
    for (const char c : text) {
        if (c == '\n' && !isAfterCr) {
            out += '\r';
        }
        out += c;
        isAfterCr = c == '\r';
    }
    return out;
}

} // namespace

quint64 SectionData::size() const
{
    return kind == Kind::Range ? range.size
        : kind == Kind::Text   ? static_cast<quint64>(text.size())
        : decoding             ? decoding->left
                               : 0;
}

Result<SectionData> findSection(MessageBytes &bytes, const MessageRow &row, const FetchItem &item)
{
    if (item.kind != FetchItem::Kind::Section) {
        return binarySection(bytes, row, item);
    }
    const auto range = locate(bytes, row, item.section);
    if (!range) {
        return range.error();
    }
    if (!*range) {
        return SectionData();
    }
    const auto kind = item.section.kind;
    if (kind == SectionKind::HeaderFields || kind == SectionKind::HeaderFieldsNot) {
        return filteredHeader(bytes, **range, item);
    }
    return rangeOf(**range, item);
}

Result<QByteArray> decodeNext(MessageBytes &bytes, Decoding &decoding, qsizetype wanted)
{
    while (decoding.left > 0 && !decoding.isAtEnd) {
        QByteArray decoded;
        if (decoding.encoded.size > 0) {
            const auto size = static_cast<qsizetype>(
                std::min<quint64>(decoding.encoded.size, static_cast<quint64>(wanted)));
            auto piece = bytes.read(decoding.encoded.offset, size);
            if (!piece) {
                return piece;
            }
            decoded = decoding.decoder.decode(*piece);
            decoding.encoded.offset += static_cast<quint64>(size);
            decoding.encoded.size -= static_cast<quint64>(size);
        } else {
            decoded = decoding.decoder.finish();
            decoding.isAtEnd = true;
        }
        if (decoding.isText) {
            decoded = withLineEnds(decoded, decoding.isAfterCr);
        }
        const auto skipped = std::min(decoding.skip, static_cast<quint64>(decoded.size()));
        decoded =
            decoded.mid(static_cast<qsizetype>(skipped), static_cast<qsizetype>(decoding.left));
        decoding.skip -= skipped;
        decoding.left -= static_cast<quint64>(decoded.size());
        if (!decoded.isEmpty()) {
            return decoded;
        }
    }
    return QByteArray();
}

} // namespace Postnook
