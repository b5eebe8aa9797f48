#include "core/mime/parttree.h"

#include "core/mime/headerfields.h"

#include <QVarLengthArray>

#include <algorithm>

namespace Postnook::Mime
{

namespace
{

constexpr char FormatVersion = 1;
constexpr quint64 AttachmentBit = 0x04; // beside the type; older scanners never set it

// Numbers are written in groups of seven bits, lowest first, the top bit telling that more follow.
void writeNumber(QByteArray &out, quint64 number)
{
    constexpr quint64 More = 0x80;
    while (number >= More) {
        out.append(static_cast<char>((number & (More - 1)) | More));
        number >>= 7;
    }
    out.append(static_cast<char>(number));
}

void writeBytes(QByteArray &out, const QByteArray &bytes)
{
    writeNumber(out, static_cast<quint64>(bytes.size()));
    out.append(bytes);
}

// Reads what the functions above wrote; once something is amiss, ok() stays false.
class Reader
{
public:
    explicit Reader(QByteArrayView bytes)
        : m_rest(bytes)
    {
    }

    bool ok() const { return m_ok; }
    bool atEnd() const { return m_rest.isEmpty(); }

    quint64 number()
    {
        quint64 result = 0;
        for (int shift = 0; shift < 64 && !m_rest.isEmpty(); shift += 7) {
            const auto octet = static_cast<unsigned char>(m_rest.front());
            m_rest = m_rest.sliced(1);
            result |= static_cast<quint64>(octet & 0x7fU) << shift;
            if (octet < 0x80) {
                return result;
            }
        }
        m_ok = false;
        return 0;
    }

    QByteArray bytes()
    {
        const auto size = number();
        if (size > static_cast<quint64>(m_rest.size())) {
            m_ok = false;
            return {};
        }
        const auto result = m_rest.first(static_cast<qsizetype>(size)).toByteArray();
        m_rest = m_rest.sliced(static_cast<qsizetype>(size));
        return result;
    }

private:
    QByteArrayView m_rest;
    bool m_ok = true;
};

// Offsets are written as distances, which are small or 0: the header from that of the part
// before, the body from the end of the header. They wrap, so that any value comes back.
void writePart(QByteArray &out, const Part &part, const Part &before)
{
    writeNumber(out, static_cast<quint64>(part.type) | (part.isAttachment ? AttachmentBit : 0));
    writeNumber(out, static_cast<quint64>(qint64(part.parent) + 1));
    writeNumber(out, part.header.offset - before.header.offset);
    writeNumber(out, part.header.size);
    writeNumber(out, part.body.offset - part.header.offset - part.header.size);
    writeNumber(out, part.body.size);
    writeNumber(out, part.bodyLines);
    for (const auto *text : {&part.mediaType, &part.charset, &part.encoding, &part.name}) {
        writeBytes(out, *text);
    }
}

// nullopt: what was read cannot be part number `index`.
std::optional<Part> readPart(Reader &in, const Part &before, qsizetype index)
{
    Part part;
    const auto kind = in.number();
    const auto type = kind & ~AttachmentBit;
    part.isAttachment = (kind & AttachmentBit) != 0;
    const auto parent = in.number();
    part.header.offset = before.header.offset + in.number();
    part.header.size = in.number();
    part.body.offset = part.header.offset + part.header.size + in.number();
    part.body.size = in.number();
    part.bodyLines = static_cast<quint32>(in.number());
    for (auto *text : {&part.mediaType, &part.charset, &part.encoding, &part.name}) {
        *text = in.bytes();
    }
    const bool parentFits =
        index == 0 ? parent == 0 : parent > 0 && parent <= static_cast<quint64>(index);
    if (!in.ok() || !parentFits || type > static_cast<quint64>(Part::Type::Message)) {
        return std::nullopt;
    }
    part.type = static_cast<Part::Type>(type);
    part.parent = static_cast<qint32>(parent) - 1;
    return part;
}

// The nth (from 1) child of a part, or -1.
qsizetype childAt(const QList<Part> &parts, qsizetype parent, quint32 n)
{
    for (auto i = parent + 1; i < parts.size() && n > 0; ++i) {
        if (parts[i].parent == parent && --n == 0) {
            return i;
        }
    }
    return -1;
}

// Of names of fields: by length first, which tells most of them apart.
bool comesBefore(QByteArrayView a, QByteArrayView b)
{
    return a.size() != b.size() ? a.size() < b.size()
                                : qstrnicmp(a.data(), a.size(), b.data(), b.size()) < 0;
}

} // namespace

QByteArray PartTree::toBytes() const
{
    QByteArray out(1, FormatVersion);
    writeNumber(out, static_cast<quint64>(m_parts.size()));
    Part before;
    for (const auto &part : m_parts) {
        writePart(out, part, before);
        before = part;
    }
    return out;
}

Result<PartTree> PartTree::fromBytes(QByteArrayView stored)
{
    const Error corrupt{ErrorCode::Corrupt, QStringLiteral("The stored part tree cannot be read.")};
    if (!stored.startsWith(FormatVersion)) {
        return corrupt;
    }
    Reader in(stored.sliced(1));
    const auto count = in.number();
    PartTree tree;
    Part before;
    for (quint64 i = 0; i < count; ++i) {
        const auto part = readPart(in, before, tree.m_parts.size());
        if (!part) {
            return corrupt;
        }
        before = *part;
        tree.append(*part);
    }
    if (!in.ok() || !in.atEnd()) {
        return corrupt;
    }
    return tree;
}

qsizetype PartTree::find(const QList<quint32> &numbers) const
{
    if (m_parts.isEmpty()) {
        return -1;
    }
    qsizetype at = 0;
    bool isWholeMessage = true; // `at` stands for a message, not yet for the part that is its body
    for (const auto number : numbers) {
        if (!isWholeMessage && m_parts[at].type == Part::Type::Message) {
            at = childAt(m_parts, at, 1);
            isWholeMessage = true;
        }
        if (at >= 0 && m_parts[at].type == Part::Type::Multipart) {
            at = childAt(m_parts, at, number);
        } else if (!isWholeMessage || number != 1) {
            return -1;
        }
        if (at < 0) {
            return -1;
        }
        isWholeMessage = false;
    }
    return at;
}

std::optional<ByteRange> PartTree::locate(const Section &section, quint64 messageSize) const
{
    const auto index = find(section.part);
    if (index < 0) {
        return std::nullopt;
    }
    const auto &part = m_parts[index];
    const bool isRoot = section.part.isEmpty();
    if (section.kind == Section::Kind::Whole) {
        return isRoot ? ByteRange{0, messageSize} : part.body;
    }
    if (section.kind == Section::Kind::Mime) {
        return isRoot ? std::nullopt : std::make_optional(part.header);
    }
    // HEADER and TEXT are those of a message: the root, or the one in a message part.
    const auto message = isRoot            ? index
        : part.type == Part::Type::Message ? childAt(m_parts, index, 1)
                                           : -1;
    if (message < 0) {
        return std::nullopt;
    }
    return section.kind == Section::Kind::Text ? m_parts[message].body : m_parts[message].header;
}

QByteArray filterHeader(QByteArrayView header, const QByteArrayList &names, bool invert)
{
    constexpr qsizetype Usual = 16;
    QVarLengthArray<QByteArrayView, Usual> wanted(names.begin(), names.end());
    std::sort(wanted.begin(), wanted.end(), comesBefore);
    QByteArray result;
    result.reserve(header.size());
    HeaderField field;
    HeaderReader reader(header);
    while (reader.next(field)) {
        if (std::binary_search(wanted.begin(), wanted.end(), field.name, comesBefore) != invert) {
            result.append(field.whole);
        }
    }
    if (!reader.rest().isEmpty()) {
        result.append("\r\n");
    }
    return result;
}

} // namespace Postnook::Mime
