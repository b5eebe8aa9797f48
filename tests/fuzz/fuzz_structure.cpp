#include "core/mime/bodystructurewriter.h"
#include "core/mime/messagescanner.h"
#include "core/mime/partheader.h"
#include "tests/fuzz/messageparts.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"
#include "tests/grammar/structuregrammar.h"

namespace Postnook::Fuzz
{

using namespace Postnook::Mime;
using Grammar::BodyForm;
using Grammar::Revision;

namespace
{

QByteArray sent(const QByteArray &text)
{
    return QByteArray(text).replace('\0', '\x80');
}

Grammar::ParameterList sent(const Parameters &parameters)
{
    Grammar::ParameterList result;
    for (const auto &parameter : parameters) {
        result.append({sent(parameter.name), sent(parameter.value)});
    }
    return result;
}

Grammar::NString sentNullable(const QByteArray &text)
{
    return text.isNull() ? Grammar::NString() : Grammar::NString(sent(text));
}

// What a client reads is what the header says.
void checkSent(const Grammar::Body &body, const PartHeader &header)
{
    PROPERTY(body.parameters == sent(header.parameters));
    PROPERTY(body.subtype == sent(header.subtype));
    if (!body.isMultipart) {
        PROPERTY(body.type == sent(header.type));
        PROPERTY(body.id == sentNullable(header.id));
        PROPERTY(body.description == sentNullable(header.description));
        PROPERTY(body.encoding == sent(header.encoding));
        PROPERTY(body.md5 == sentNullable(header.md5));
    }
    constexpr int AllItems = 4;
    PROPERTY(body.extensionItems == AllItems);
    PROPERTY(body.disposition.has_value() == !header.disposition.isNull());
    if (body.disposition) {
        PROPERTY(body.disposition->type == sent(header.disposition));
        PROPERTY(body.disposition->parameters == sent(header.dispositionParameters));
    }
    PROPERTY(body.languages.size() == header.languages.size());
    PROPERTY(body.location == sentNullable(header.location));
}

// What clients of IMAP4rev1 get.
void checkReduced(const QByteArray &structure, Grammar::Body expected)
{
    dropGlobalMessages(expected);
    const auto rev1 = bodyStructureFor(ImapVersion::Rev1, structure);
    const auto body = Grammar::parseBody(rev1, BodyForm::Extensible, Revision::Rev1);
    PROPERTY2(body, body.error().text.toUtf8() + '\n' + rev1);
    PROPERTY(*body == expected);

    const auto rev2 = bodyStructureFor(ImapVersion::Rev2, structure);
    const auto rev2Body = Grammar::parseBody(rev2, BodyForm::Extensible, Revision::Rev2);
    PROPERTY2(rev2Body, rev2Body.error().text.toUtf8() + '\n' + rev2);

    dropExtensions(expected);
    const auto reduced = bodyFor(ImapVersion::Rev1, structure);
    const auto shortBody = Grammar::parseBody(reduced, BodyForm::Short, Revision::Rev1);
    PROPERTY2(shortBody, shortBody.error().text.toUtf8() + '\n' + reduced);
    PROPERTY(*shortBody == expected);
}

// A tree of one part with this header, and what the grammar wants in it.
void checkHeader(QByteArrayView data, bool inDigest)
{
    const auto header = parsePartHeader(data, inDigest);
    PROPERTY(header.boundary().size() <= MaxBoundaryBytes);
    PROPERTY(!header.type.isEmpty() && !header.subtype.isEmpty() && !header.encoding.isEmpty());
    Part part;
    part.type = header.partType();
    part.mediaType = header.mediaType();
    part.body.size = 7;
    part.bodyLines = 2;
    PartTree tree;
    tree.append(part);
    QList<PartDescription> descriptions{describePart(header)};
    if (part.type != Part::Type::Leaf) {
        Part child;
        child.mediaType = "text/plain";
        child.parent = 0;
        tree.append(child);
        descriptions.append(describePart({}));
        for (auto &description : descriptions) {
            description.envelope = "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)";
        }
    }
    const auto structure = writeBodyStructure(tree, descriptions);
    const auto body = Grammar::parseBody(structure, BodyForm::Extensible);
    PROPERTY2(body, body.error().text.toUtf8() + '\n' + structure);
    PROPERTY(body->isMultipart == (part.type == Part::Type::Multipart));
    PROPERTY(body->children.size() == tree.parts().size() - 1);
    checkSent(*body, header);
    checkReduced(structure, *body);
}

// Bytes as they may come back from a disk.
void checkStoredTree(QByteArrayView data)
{
    const auto tree = PartTree::fromBytes(data);
    if (!tree) {
        return;
    }
    const auto again = PartTree::fromBytes(tree->toBytes());
    PROPERTY(again);
    PROPERTY(again->parts() == tree->parts());
    for (const auto &number :
         {QList<quint32>{}, {0}, {1}, {2}, {1, 1}, {1, 2}, {2, 1}, {1, 1, 1}, {3, 1, 4, 1}}) {
        const auto index = tree->find(number);
        PROPERTY(index >= -1 && index < tree->parts().size());
        for (const auto kind : {Section::Kind::Whole, Section::Kind::Header, Section::Kind::Text}) {
            PROPERTY(index >= 0 || !tree->locate({number, kind, {}}, 0));
        }
    }
}

void checkStoredStructure(QByteArrayView data)
{
    const auto structure = data.toByteArray();
    PROPERTY(bodyFor(ImapVersion::Rev1, structure).size() <= data.size());
    PROPERTY(bodyStructureFor(ImapVersion::Rev1, structure).size() <= data.size());
    PROPERTY(bodyFor(ImapVersion::Rev2, structure).size() <= 4 * data.size());
    if (const auto body = Grammar::parseBody(structure, BodyForm::Extensible)) {
        checkReduced(structure, *body);
    }
}

} // namespace

void checkStructure(QByteArrayView data)
{
    checkHeader(data, false);
    checkHeader(data, true);
    checkStoredTree(data);
    checkStoredStructure(data);
}

} // namespace Postnook::Fuzz
