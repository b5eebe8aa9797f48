#include "core/mime/bodystructurewriter.h"

#include "core/wire/responsewriter.h"

namespace Postnook::Mime
{

namespace
{

void writeNullable(ResponseWriter &out, const QByteArray &text)
{
    out.nstring(text, text.isNull());
}

void writeParameters(ResponseWriter &out, const Parameters &parameters)
{
    if (parameters.isEmpty()) {
        out.raw("NIL");
        return;
    }
    const char *separator = "(";
    for (const auto &parameter : parameters) {
        out.raw(separator).string(parameter.name).space().string(parameter.value);
        separator = " ";
    }
    out.raw(")");
}

void writeDisposition(ResponseWriter &out, const PartHeader &header)
{
    if (header.disposition.isNull()) {
        out.raw("NIL");
        return;
    }
    out.raw("(").string(header.disposition).space();
    writeParameters(out, header.dispositionParameters);
    out.raw(")");
}

void writeLanguages(ResponseWriter &out, const QByteArrayList &languages)
{
    if (languages.size() < 2) {
        writeNullable(out, languages.value(0));
        return;
    }
    const char *separator = "(";
    for (const auto &language : languages) {
        out.raw(separator).string(language);
        separator = " ";
    }
    out.raw(")");
}

void writeFields(ResponseWriter &out, const PartHeader &header)
{
    out.string(header.type).space().string(header.subtype).space();
    writeParameters(out, header.parameters);
    out.space();
    writeNullable(out, header.id);
    out.space();
    writeNullable(out, header.description);
    out.space().string(header.encoding);
}

class Writer
{
public:
    Writer(QByteArray &out, const PartTree &tree, const QList<PartDescription> &descriptions)
        : m_out(out)
        , m_parts(tree.parts())
        , m_descriptions(descriptions)
    {
    }

    // Writes a part with all below it; gives the index of the next part that is not.
    qsizetype writePart(qsizetype index)
    {
        const auto next = m_parts[index].type == Part::Type::Multipart ? writeMultipart(index)
                                                                       : writeSingle(index);
        m_out.raw(m_descriptions[index].extension).raw(")");
        return next;
    }

private:
    qsizetype writeMultipart(qsizetype index);
    qsizetype writeSingle(qsizetype index);

    ResponseWriter m_out;
    const QList<Part> &m_parts;
    const QList<PartDescription> &m_descriptions;
};

qsizetype Writer::writeMultipart(qsizetype index)
{
    auto next = index + 1;
    m_out.raw("(");
    while (next < m_parts.size() && m_parts[next].parent == index) {
        next = writePart(next);
    }
    m_out.space().raw(m_descriptions[index].fields);
    return next;
}

qsizetype Writer::writeSingle(qsizetype index)
{
    const auto &part = m_parts[index];
    auto next = index + 1;
    m_out.raw("(").raw(m_descriptions[index].fields).space().number(part.body.size);
    if (part.type == Part::Type::Message) {
        m_out.space().raw(m_descriptions[next].envelope).space();
        next = writePart(next);
    }
    if (part.type == Part::Type::Message || part.mediaType.startsWith("text/")) {
        m_out.space().number(part.bodyLines);
    }
    return next;
}

} // namespace

PartDescription describePart(const PartHeader &header)
{
    PartDescription description;
    ResponseWriter fields(description.fields);
    ResponseWriter extension(description.extension);
    extension.space();
    if (header.partType() == Part::Type::Multipart) {
        fields.string(header.subtype);
        writeParameters(extension, header.parameters);
    } else {
        writeFields(fields, header);
        writeNullable(extension, header.md5);
    }
    extension.space();
    writeDisposition(extension, header);
    extension.space();
    writeLanguages(extension, header.languages);
    extension.space();
    writeNullable(extension, header.location);
    return description;
}

QByteArray writeBodyStructure(const PartTree &tree, const QList<PartDescription> &descriptions)
{
    QByteArray result;
    Writer(result, tree, descriptions).writePart(0);
    return result;
}

} // namespace Postnook::Mime
