#include "tests/fuzz/messageparts.h"

#include "core/mime/headerfields.h"
#include "core/mime/messagescanner.h"
#include "core/mime/partheader.h"
#include "tests/fuzz/property.h"

#include <algorithm>

namespace Postnook::Fuzz
{

using namespace Postnook::Mime;

namespace
{

quint64 endOf(const Part &part)
{
    return part.body.offset + part.body.size;
}

QByteArrayView withoutBlanksAtEnd(QByteArrayView line)
{
    while (!line.isEmpty() && isBlankOrLineEnd(line.back())) {
        line.chop(1);
    }
    return line;
}

} // namespace

void dropGlobalMessages(Grammar::Body &body)
{
    if (isSameName(body.type, "message") && isSameName(body.subtype, "global")) {
        body.envelope.reset();
        body.children.clear();
        body.lines.reset();
    }
    for (auto &child : body.children) {
        dropGlobalMessages(child);
    }
}

void dropExtensions(Grammar::Body &body)
{
    if (body.isMultipart) {
        body.parameters.clear();
    }
    body.extensionItems = 0;
    body.md5.reset();
    body.disposition.reset();
    body.languages.clear();
    body.location.reset();
    for (auto &child : body.children) {
        dropExtensions(child);
    }
}

void checkParts(QByteArrayView message, const PartTree &tree)
{
    const auto &parts = tree.parts();
    QList<quint64> free; // where the next child may begin
    QList<int> depths;
    for (const auto &part : parts) {
        const auto end = endOf(part);
        PROPERTY(part.body.offset == part.header.offset + part.header.size);
        PROPERTY(part.header.offset <= part.body.offset && part.body.offset <= end);
        PROPERTY(end <= static_cast<quint64>(message.size()));
        const auto body = message.sliced(static_cast<qsizetype>(part.body.offset),
                                         static_cast<qsizetype>(part.body.size));
        PROPERTY(part.bodyLines == std::count(body.begin(), body.end(), '\n'));
        PROPERTY((part.parent < 0) == free.isEmpty());
        PROPERTY(part.parent < free.size());
        if (part.parent < 0) {
            PROPERTY(part.header.offset == 0 && end == static_cast<quint64>(message.size()));
        } else {
            const auto &parent = parts[part.parent];
            PROPERTY(parent.type != Part::Type::Leaf);
            PROPERTY(part.header.offset >= free[part.parent] && end <= endOf(parent));
            PROPERTY(parent.type == Part::Type::Multipart
                     || (part.header.offset == parent.body.offset && end == endOf(parent)));
            free[part.parent] = end;
        }
        free.append(part.body.offset);
        depths.append(part.parent < 0 ? 1 : depths[part.parent] + 1);
        PROPERTY(depths.last() <= MaxDepth);
    }
}

MessageParts::MessageParts(QByteArrayView message, const PartTree &tree, const Grammar::Body &body)
    : m_message(message)
    , m_tree(tree)
    , m_parts(tree.parts())
    , m_nodes(m_parts.size())
{
    for (qsizetype i = 1; i < m_parts.size(); ++i) {
        m_nodes[m_parts[i].parent].children.append(i);
    }
    pair(0, body, 1);
}

// Finds the body of each part; where the two trees differ, parts stay without one.
void MessageParts::pair(qsizetype index, const Grammar::Body &body, qsizetype depth)
{
    m_nodes[index].body = &body;
    m_nodes[index].depth = depth;
    const auto &children = m_nodes[index].children;
    for (qsizetype i = 0; i < std::min(children.size(), body.children.size()); ++i) {
        pair(children[i], body.children[i], depth + 1);
    }
}

QByteArrayView MessageParts::bytes(quint64 from, quint64 to) const
{
    return m_message.sliced(static_cast<qsizetype>(from), static_cast<qsizetype>(to - from));
}

void MessageParts::checkStructure() const
{
    for (qsizetype i = 0; i < m_parts.size(); ++i) {
        const auto &part = m_parts[i];
        const auto &node = m_nodes[i];
        PROPERTY(node.body);
        const auto &body = *node.body;
        PROPERTY(body.children.size() == node.children.size());
        PROPERTY(body.isMultipart == (part.type == Part::Type::Multipart));
        PROPERTY(!body.isMultipart || !node.children.isEmpty());
        PROPERTY(body.envelope.has_value() == (part.type == Part::Type::Message));
        PROPERTY(!body.envelope || node.children.size() == 1);
        if (!body.isMultipart) {
            PROPERTY(body.octets == part.body.size);
            PROPERTY(!body.lines || *body.lines == part.bodyLines);
        }
        const auto type = (body.isMultipart ? "multipart" : body.type) + '/' + body.subtype;
        PROPERTY(type.toLower() == part.mediaType);
    }
}

// "--" and the boundary; empty when there is none that counts.
QByteArray MessageParts::delimiter(qsizetype index) const
{
    const auto &part = m_parts[index];
    const auto boundary =
        parsePartHeader(bytes(part.header.offset, part.body.offset), false).boundary();
    return boundary.isEmpty() ? QByteArray() : "--" + boundary;
}

// Its one part stands for its whole body.
bool MessageParts::hasNoDelimiter(qsizetype index) const
{
    const auto &children = m_nodes[index].children;
    if (m_parts[index].type != Part::Type::Multipart) {
        return false;
    }
    const auto &first = m_parts[children.first()];
    return children.size() == 1 && first.header.size == 0 && first.body == m_parts[index].body;
}

bool MessageParts::isAtLimit(qsizetype index) const
{
    return m_nodes[index].depth >= MaxDepth || m_parts.size() >= MaxParts;
}

void MessageParts::checkDelimiters() const
{
    QList<Delimiters> around(m_parts.size()); // of the multiparts around a part, outermost first
    for (qsizetype i = 0; i < m_parts.size(); ++i) {
        PROPERTY(m_nodes[i].body);
        const auto parent = m_parts[i].parent;
        if (parent >= 0) {
            around[i] = around[parent];
            if (m_parts[parent].type == Part::Type::Multipart && !hasNoDelimiter(parent)) {
                PROPERTY(!delimiter(parent).isEmpty());
                around[i].append(delimiter(parent));
            }
        }
        checkPartLines(i, around[i]);
        if (m_parts[i].type == Part::Type::Multipart && !hasNoDelimiter(i)) {
            checkMultipart(i, around[i]);
        }
    }
}

void MessageParts::checkPartLines(qsizetype index, const Delimiters &outer) const
{
    const auto &part = m_parts[index];
    if (m_parts.size() >= MaxParts) {
        return; // the last part has all that is left
    }
    checkLines(bytes(part.header.offset, part.body.offset), outer, false);
    if (part.type == Part::Type::Leaf) {
        const bool isWholeBody = part.parent >= 0 && hasNoDelimiter(part.parent);
        checkLines(bytes(part.body.offset, endOf(part)),
                   outer,
                   isAtLimit(index),
                   isWholeBody ? delimiter(part.parent) : QByteArray());
    }
}

// No line is one of the delimiters. `ended`: of a multipart that ends before it began, whose end
// is in its one part.
void MessageParts::checkLines(QByteArrayView lines,
                              const Delimiters &delimiters,
                              bool onlyExact,
                              const QByteArray &ended) const
{
    while (!lines.isEmpty()) {
        const auto lineEnd = lines.indexOf('\n');
        const auto line = lineEnd < 0 ? lines : lines.first(lineEnd + 1);
        lines = lines.sliced(line.size());
        if (!line.startsWith("--")) {
            continue;
        }
        const auto text = withoutBlanksAtEnd(line);
        if (!ended.isEmpty() && (text == ended || text.startsWith(ended + "--"))) {
            continue;
        }
        for (const auto &delimiter : delimiters) {
            PROPERTY2(onlyExact || !text.startsWith(delimiter), delimiter);
            PROPERTY2(text != delimiter && text != delimiter + "--", delimiter);
        }
    }
}

void MessageParts::checkMultipart(qsizetype index, const Delimiters &outer) const
{
    const auto &part = m_parts[index];
    const auto &children = m_nodes[index].children;
    const auto own = delimiter(index);
    const auto first = m_parts[children.first()].header.offset;

    // The preamble: up to the line that starts the first part.
    const auto before = bytes(part.body.offset, first);
    const auto lastLine = before.chopped(before.endsWith('\n') ? 1 : 0).lastIndexOf('\n') + 1;
    checkLines(before.first(lastLine), outer + Delimiters{own}, false);
    PROPERTY2(before.sliced(lastLine).startsWith(own), own);

    for (qsizetype i = 0; i < children.size(); ++i) {
        const bool isLast = i + 1 == children.size();
        const auto next = isLast ? endOf(part) : m_parts[children[i + 1]].header.offset;
        checkBetween(index, endOf(m_parts[children[i]]), next, isLast);
    }
    // The epilogue: no delimiter of those around, but maybe some of its own.
    auto rest = bytes(endOf(m_parts[children.last()]), endOf(part));
    if (!rest.isEmpty()) {
        rest = rest.sliced(rest.indexOf("--"));
        const auto lineEnd = rest.indexOf('\n');
        checkLines(rest.sliced(lineEnd < 0 ? rest.size() : lineEnd + 1), outer, true);
    }
}

// From the end of a part to the next one, or to the end of its parent: the line end that belongs
// to the delimiter, and the delimiter.
void MessageParts::checkBetween(qsizetype index, quint64 from, quint64 to, bool isLast) const
{
    auto text = bytes(from, to);
    if (isLast && text.isEmpty()) {
        return; // it has no end of its own
    }
    const auto before = bytes(m_parts[index].body.offset, from);
    if (text.startsWith("\r\n")) {
        text = text.sliced(2);
    } else if (text.startsWith('\n')) {
        PROPERTY(!before.endsWith('\r'));
        text = text.sliced(1);
    } else {
        PROPERTY(before.isEmpty() || before.endsWith('\n'));
    }
    PROPERTY(text.startsWith("--"));
    const auto own = delimiter(index) + (isLast ? "--" : "");
    PROPERTY2(text.startsWith(own), own);
    if (!isLast) {
        const auto lineEnd = text.indexOf('\n');
        const bool endsMessage = to == static_cast<quint64>(m_message.size());
        PROPERTY(lineEnd == text.size() - 1 || (lineEnd < 0 && endsMessage));
    }
}

void MessageParts::checkSections() const
{
    const auto size = static_cast<quint64>(m_message.size());
    const auto all = m_tree.locate({}, size);
    PROPERTY(all && *all == (ByteRange{0, size}));
    checkMessageSections(0, {});
    checkAbsent({0});
}

// The part `index` is a message, its own header and body the sections of `number`.
void MessageParts::checkMessageSections(qsizetype index, const Number &number) const
{
    const auto &part = m_parts[index];
    const auto size = static_cast<quint64>(m_message.size());
    using Kind = Section::Kind;
    const auto whole = m_tree.locate({number, Kind::Whole, {}}, size);
    const auto header = m_tree.locate({number, Kind::Header, {}}, size);
    const auto text = m_tree.locate({number, Kind::Text, {}}, size);
    PROPERTY(whole && header && text);
    PROPERTY(*header == part.header && *text == part.body);
    PROPERTY(whole->offset == header->offset && whole->size == header->size + text->size);
    PROPERTY(header->offset + header->size == text->offset);
    PROPERTY(m_tree.locate({number, Kind::HeaderFields, {"a"}}, size) == header);
    PROPERTY(m_tree.locate({number, Kind::HeaderFieldsNot, {"a"}}, size) == header);

    if (part.type == Part::Type::Multipart) {
        const auto &children = m_nodes[index].children;
        for (qsizetype i = 0; i < children.size(); ++i) {
            checkPartSections(children[i], number + Number{static_cast<quint32>(i + 1)});
        }
        checkAbsent(number + Number{static_cast<quint32>(children.size() + 1)});
    } else {
        checkPartSections(index, number + Number{1});
        checkAbsent(number + Number{2});
    }
}

void MessageParts::checkPartSections(qsizetype index, const Number &number) const
{
    constexpr qsizetype Enough = 300; // parts; finding one takes as many steps as there are
    if (index > Enough && index + Enough < m_parts.size()) {
        return;
    }
    const auto &part = m_parts[index];
    const auto &children = m_nodes[index].children;
    const auto size = static_cast<quint64>(m_message.size());
    using Kind = Section::Kind;
    PROPERTY(m_tree.find(number) == index);
    const auto whole = m_tree.locate({number, Kind::Whole, {}}, size);
    const auto mime = m_tree.locate({number, Kind::Mime, {}}, size);
    PROPERTY(whole && *whole == part.body);
    PROPERTY(mime && mime->offset + mime->size == whole->offset);

    if (part.type == Part::Type::Message) {
        checkMessageSections(children.first(), number);
        return;
    }
    for (const auto kind : {Kind::Header, Kind::Text, Kind::HeaderFields}) {
        PROPERTY(!m_tree.locate({number, kind, {}}, size));
    }
    for (qsizetype i = 0; i < children.size(); ++i) {
        checkPartSections(children[i], number + Number{static_cast<quint32>(i + 1)});
    }
    checkAbsent(number + Number{static_cast<quint32>(children.size() + 1)});
}

void MessageParts::checkAbsent(const Number &number) const
{
    PROPERTY(m_tree.find(number) < 0);
    for (const auto kind : {Section::Kind::Whole, Section::Kind::Mime, Section::Kind::Header}) {
        PROPERTY(!m_tree.locate({number, kind, {}}, static_cast<quint64>(m_message.size())));
    }
}

} // namespace Postnook::Fuzz
