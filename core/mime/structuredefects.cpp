#include "core/mime/structuredefects.h"

#include "core/mime/boundarydefects.h"
#include "core/mime/headerfields.h"
#include "core/mime/messagescanner.h"
#include "core/mime/partheader.h"
#include "core/mime/transferdecoder.h"

#include <algorithm>

namespace Postnook::Mime
{

namespace
{

using namespace Qt::StringLiterals;

bool keepsOctets(QByteArrayView encoding)
{
    return isSameName(encoding, "7bit") || isSameName(encoding, "8bit")
        || isSameName(encoding, "binary");
}

class PartChecker
{
public:
    PartChecker(QByteArrayView message, const PartTree &tree, DefectList &defects)
        : m_message(message)
        , m_parts(tree.parts())
        , m_defects(defects)
    {
    }

    void check();

private:
    void add(DefectKind kind, quint64 offset, const QString &text)
    {
        m_defects.add(kind, {m_index, offset}, text);
    }

    void checkFields(QByteArrayView header);
    void checkField(QByteArrayView name, const QByteArray &value, quint64 offset);
    void checkEncoding(const PartHeader &header);
    void checkName(const PartHeader &header);
    void checkLimits(const PartHeader &header, int depth);
    void checkSameBoundary();

    QByteArrayView m_message;
    const QList<Part> &m_parts;
    DefectList &m_defects;

    QByteArrayList m_boundaries; // by part; empty where there is none
    qsizetype m_index = 0; // of the current part
    quint64 m_typeAt = 0; // where its fields begin; its header when there is none
    quint64 m_encodingAt = 0;
    bool m_hasType = false;
    bool m_hasVersion = false;
};

void PartChecker::check()
{
    QList<int> depths;
    for (m_index = 0; m_index < m_parts.size(); ++m_index) {
        const auto &part = m_parts[m_index];
        depths.append(part.parent < 0 ? 1 : depths[part.parent] + 1);
        const auto whole = bytesAt(m_message, part.header);
        const auto header = whole.first(std::min<qsizetype>(whole.size(), MaxHeaderBytes));
        const bool inDigest =
            part.parent >= 0 && m_parts[part.parent].mediaType == "multipart/digest";
        const auto parsed = parsePartHeader(header, inDigest);
        checkFields(header);
        checkEncoding(parsed);
        checkName(parsed);
        checkLimits(parsed, depths.last());
        m_boundaries.append(part.type == Part::Type::Multipart ? parsed.boundary() : QByteArray());
        if (part.type == Part::Type::Multipart) {
            checkSameBoundary();
            findBoundaryDefects(m_message, m_parts, {m_index, m_typeAt}, parsed, m_defects);
        }
    }
    if (m_parts.size() >= MaxParts) {
        m_index = m_parts.size() - 1;
        add(DefectKind::TooManyParts,
            m_parts.last().header.offset,
            u"This is part number %1, the last that is looked for: it runs to the end of the "
            "message."_s.arg(MaxParts));
    }
}

void PartChecker::checkFields(QByteArrayView header)
{
    const auto start = m_parts[m_index].header.offset;
    m_typeAt = start;
    m_encodingAt = start;
    m_hasType = false;
    m_hasVersion = false;
    HeaderField field;
    for (HeaderReader reader(header); reader.next(field);) {
        checkField(field.name,
                   unfolded(field.value),
                   start + static_cast<quint64>(field.whole.data() - header.data()));
    }
    const auto parent = m_parts[m_index].parent;
    const bool isMessage = parent < 0 || m_parts[parent].type == Part::Type::Message;
    if (isMessage && m_hasType && !m_hasVersion) {
        add(DefectKind::NoMimeVersion,
            m_typeAt,
            u"Content-Type without MIME-Version (RFC 2045 4); it counts all the same."_s);
    }
}

void PartChecker::checkField(QByteArrayView name, const QByteArray &value, quint64 offset)
{
    if (isSameName(name, "mime-version")) {
        m_hasVersion = true;
    } else if (isSameName(name, "content-type")) {
        m_typeAt = m_hasType ? m_typeAt : offset;
        m_hasType = true;
        if (!isReadableContentType(value)) {
            add(DefectKind::UnreadableType,
                offset,
                u"Content-Type: %1 is no media type (RFC 2045 5.1); passed over, and without "
                "another the part is text/plain (RFC 2045 5.2)."_s.arg(excerpt(value)));
        }
    } else if (isSameName(name, "content-transfer-encoding")) {
        m_encodingAt = offset;
        if (!isReadableTransferEncoding(value)) {
            add(DefectKind::UnreadableEncoding,
                offset,
                u"Content-Transfer-Encoding: %1 is no encoding (RFC 2045 6.1); passed over, and "
                "without another the part is 7bit."_s.arg(excerpt(value)));
        }
    }
}

void PartChecker::checkEncoding(const PartHeader &header)
{
    const auto type = header.partType();
    const bool isRfc822 = type == Part::Type::Message && isSameName(header.subtype, "rfc822");
    if ((type == Part::Type::Multipart || isRfc822) && !keepsOctets(header.encoding)) {
        add(DefectKind::ForbiddenEncoding,
            m_encodingAt,
            u"A %1 must not be in %2 (%3); it is read as if it were not."_s.arg(
                QString::fromLatin1(header.mediaType()),
                excerpt(header.encoding),
                isRfc822 ? u"RFC 2046 5.2.1"_s : u"RFC 2045 6.4"_s));
    } else if (!TransferDecoder::isKnown(header.encoding)) {
        add(DefectKind::UnknownEncoding,
            m_encodingAt,
            u"The encoding %1 is unknown (RFC 2045 6.1); shown as it stands, and BINARY answers "
            "UNKNOWN-CTE."_s.arg(excerpt(header.encoding)));
    }
}

void PartChecker::checkName(const PartHeader &header)
{
    const auto name = header.attachmentName();
    const auto start = name.indexOf("=?");
    if (start >= 0 && name.indexOf("?=", start) > 0) {
        add(DefectKind::EncodedName,
            m_parts[m_index].header.offset,
            u"The file name %1 is an encoded word (RFC 2047 5 (3); RFC 2231 4 is for names); "
            "BODYSTRUCTURE passes it on, search decodes it."_s.arg(excerpt(name)));
    }
}

void PartChecker::checkLimits(const PartHeader &header, int depth)
{
    if (header.partType() == Part::Type::Leaf || m_parts[m_index].type != Part::Type::Leaf) {
        return;
    }
    const auto shown =
        u"a %1 that is not looked into; it is shown as application/octet-stream."_s.arg(
            QString::fromLatin1(header.mediaType()));
    if (depth >= MaxDepth) {
        add(DefectKind::TooDeep, m_typeAt, u"Parts are nested %1 deep: "_s.arg(MaxDepth) + shown);
    } else {
        add(DefectKind::TooManyParts,
            m_typeAt,
            u"There are %1 parts before the end: "_s.arg(m_parts.size()) + shown);
    }
}

void PartChecker::checkSameBoundary()
{
    const auto &boundary = m_boundaries.last();
    for (auto above = m_parts[m_index].parent; above >= 0; above = m_parts[above].parent) {
        if (!boundary.isEmpty() && m_boundaries[above] == boundary) {
            add(DefectKind::BoundaryLookalike,
                m_typeAt,
                u"The boundary %1 is that of a multipart around this one too (RFC 2046 5.1.1); its "
                "delimiters belong to this one until it is closed."_s.arg(excerpt(boundary)));
            return;
        }
    }
}

} // namespace

void findStructureDefects(QByteArrayView message, const PartTree &tree, DefectList &defects)
{
    PartChecker(message, tree, defects).check();
}

} // namespace Postnook::Mime
