#include "core/mime/boundarydefects.h"

#include "core/mime/headerfields.h"
#include "core/mime/messagescanner.h"
#include "core/mime/rfc2231.h"

#include <algorithm>

namespace Postnook::Mime
{

namespace
{

using namespace Qt::StringLiterals;

qsizetype endOf(const Part &part)
{
    return static_cast<qsizetype>(part.body.offset + part.body.size);
}

// The line at `begin`, without its end.
QByteArrayView lineAt(QByteArrayView text, qsizetype begin)
{
    const auto end = text.indexOf('\n', begin);
    auto line = text.sliced(begin, (end < 0 ? text.size() : end) - begin);
    if (line.endsWith('\r')) {
        line.chop(1);
    }
    return line;
}

class BoundaryChecker
{
public:
    BoundaryChecker(QByteArrayView message,
                    const QList<Part> &parts,
                    DefectPlace place,
                    DefectList &defects)
        : m_parts(parts)
        , m_part(parts[place.part])
        , m_message(message.first(std::min(message.size(), endOf(m_part))))
        , m_place(place)
        , m_defects(defects)
    {
    }

    void check(const PartHeader &header);

private:
    void add(DefectKind kind, quint64 offset, const QString &text)
    {
        m_defects.add(kind, {m_place.part, offset}, text);
    }

    void addMissing(const PartHeader &header);
    void addNeverThere(const QByteArray &boundary);
    void checkDelimiter(qsizetype childHeader);
    void checkEnd(qsizetype lastChildEnd);
    void addLookalike(qsizetype offset, QByteArrayView line, const QString &whatComesOfIt);
    bool isSynthetic(const Part &child) const
    {
        return child.header.size == 0 && child.header.offset == m_part.body.offset
            && child.body == m_part.body;
    }

    const QList<Part> &m_parts;
    const Part &m_part;
    QByteArrayView m_message; // to the end of the part
    DefectPlace m_place;
    DefectList &m_defects;
    QByteArray m_delimiter; // "--" and the boundary
};

void BoundaryChecker::check(const PartHeader &header)
{
    constexpr qsizetype LongestAllowed = 70;
    const auto boundary = header.boundary();
    if (boundary.isEmpty()) {
        addMissing(header);
        return;
    }
    if (boundary.size() > LongestAllowed) {
        add(DefectKind::BoundaryTooLong,
            m_place.offset,
            u"The boundary has %1 characters, more than 70 (RFC 2046 5.1.1); it works."_s.arg(
                boundary.size()));
    }
    m_delimiter = "--" + boundary;
    qsizetype lastChild = -1;
    for (auto i = m_place.part + 1; i < m_parts.size() && m_parts[i].parent >= m_place.part; ++i) {
        if (m_parts[i].parent != m_place.part) {
            continue;
        }
        if (isSynthetic(m_parts[i])) {
            addNeverThere(boundary);
            return;
        }
        checkDelimiter(static_cast<qsizetype>(m_parts[i].header.offset));
        lastChild = i;
    }
    if (lastChild >= 0 && m_parts.size() < MaxParts) {
        checkEnd(endOf(m_parts[lastChild]));
    }
}

void BoundaryChecker::addMissing(const PartHeader &header)
{
    const auto named = decodedValue(header.parameters, "boundary");
    if (named.size() > MaxBoundaryBytes) {
        add(DefectKind::BoundaryTooLong,
            m_place.offset,
            u"The boundary has %1 characters, more than fit in a line (RFC 2046 5.1.1); the body "
            "is shown as one text/plain part."_s.arg(named.size()));
        return;
    }
    add(DefectKind::BoundaryMissing,
        m_place.offset,
        u"The %1 has no boundary (RFC 2046 5.1.1); its body is shown as one text/plain part."_s.arg(
            QString::fromLatin1(header.mediaType())));
}

void BoundaryChecker::addNeverThere(const QByteArray &boundary)
{
    const auto body = bytesAt(m_message, m_part.body);
    const auto lineStart = body.startsWith("--") ? 0 : body.indexOf("\n--") + 1;
    const bool hasDashes = body.startsWith("--") || lineStart > 0;
    add(DefectKind::BoundaryNeverThere,
        m_place.offset,
        u"The boundary %1 is nowhere in the body (RFC 2046 5.1.1)%2; the body is shown as one "
        "text/plain part."_s.arg(
            excerpt(boundary),
            hasDashes ? u", but a line %1 is, at %2"_s.arg(
                excerpt(lineAt(body, lineStart)),
                QString::number(m_part.body.offset + static_cast<quint64>(lineStart)))
                      : QString()));
}

// The line before the header of a part.
void BoundaryChecker::checkDelimiter(qsizetype childHeader)
{
    if (childHeader < 2 || childHeader > m_message.size()) {
        return;
    }
    const auto bodyStart = static_cast<qsizetype>(m_part.body.offset);
    // Without a line end when the message ends in it.
    const auto lineEnd = m_message[childHeader - 1] == '\n' ? childHeader - 1 : childHeader;
    const auto before = m_message.first(lineEnd).lastIndexOf('\n');
    const auto start = std::max(before + 1, bodyStart);
    const auto line = lineAt(m_message, start);
    if (line.startsWith(m_delimiter) && !trimmed(line.sliced(m_delimiter.size())).isEmpty()) {
        addLookalike(start, line, u"taken for one"_s);
    }
}

// What stands behind the last part.
void BoundaryChecker::checkEnd(qsizetype lastChildEnd)
{
    auto start = std::min(lastChildEnd, m_message.size());
    if (m_message.sliced(start).startsWith("\r\n")) {
        start += 2;
    } else if (m_message.sliced(start).startsWith('\n')) {
        start += 1;
    }
    const auto closing = m_delimiter + "--";
    if (!m_message.sliced(start).startsWith(closing)) {
        add(DefectKind::BoundaryNotClosed,
            static_cast<quint64>(m_message.size()),
            u"The closing delimiter %1 is missing (RFC 2046 5.1.1); the last part ends here."_s.arg(
                excerpt(closing)));
        return;
    }
    const auto line = lineAt(m_message, start);
    if (!trimmed(line.sliced(closing.size())).isEmpty()) {
        addLookalike(start, line, u"taken for the closing one"_s);
    }
    const QByteArray lineStart = '\n' + m_delimiter;
    for (auto at = m_message.indexOf(lineStart, start); at >= 0;
         at = m_message.indexOf(lineStart, at + 1)) {
        addLookalike(at + 1,
                     lineAt(m_message, at + 1),
                     u"it stands behind the closing delimiter and means nothing"_s);
    }
}

void BoundaryChecker::addLookalike(qsizetype offset,
                                   QByteArrayView line,
                                   const QString &whatComesOfIt)
{
    add(DefectKind::BoundaryLookalike,
        static_cast<quint64>(offset),
        u"The line %1 begins like a delimiter of this multipart (RFC 2046 5.1.1); %2."_s.arg(
            excerpt(line), whatComesOfIt));
}

} // namespace

void findBoundaryDefects(QByteArrayView message,
                         const QList<Part> &parts,
                         DefectPlace place,
                         const PartHeader &header,
                         DefectList &defects)
{
    BoundaryChecker(message, parts, place, defects).check(header);
}

} // namespace Postnook::Mime
