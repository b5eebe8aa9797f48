#include "core/mime/partheader.h"

#include "core/mime/headerfields.h"
#include "core/mime/rfc2231.h"

#include <array>
#include <utility>

namespace Postnook::Mime
{

namespace
{

constexpr QByteArrayView TSpecials = "()<>@,;:\\\"/[]?=";

// Unfolded values of the fields "Content-...".
struct Fields {
    QByteArrayList types;
    QByteArrayList encodings;
    QByteArray id;
    QByteArray description;
    QByteArray md5;
    QByteArray disposition;
    QByteArray language;
    QByteArray location;
};

constexpr std::array<std::pair<QByteArrayView, QByteArray Fields::*>, 6> FieldNames{{
    {"id", &Fields::id},
    {"description", &Fields::description},
    {"md5", &Fields::md5},
    {"disposition", &Fields::disposition},
    {"language", &Fields::language},
    {"location", &Fields::location},
}};

Fields readFields(QByteArrayView header)
{
    constexpr QByteArrayView Prefix = "content-";
    Fields fields;
    HeaderField field;
    for (HeaderReader reader(header); reader.next(field);) {
        if (field.name.size() <= Prefix.size()
            || !isSameName(field.name.first(Prefix.size()), Prefix)) {
            continue;
        }
        const auto name = field.name.sliced(Prefix.size());
        if (isSameName(name, "type")) {
            fields.types.append(unfolded(field.value));
        } else if (isSameName(name, "transfer-encoding")) {
            fields.encodings.append(unfolded(field.value));
        }
        for (const auto &[known, target] : FieldNames) {
            if (isSameName(name, known) && (fields.*target).isEmpty()) {
                fields.*target = unfolded(field.value);
            }
        }
    }
    return fields;
}

QByteArray nullWhenEmpty(const QByteArray &value)
{
    return value.isEmpty() ? QByteArray() : value;
}

QByteArray readToken(FieldCursor &cursor)
{
    cursor.skipCfws();
    return cursor.run(TSpecials).toByteArray();
}

// Empty when it is no token (RFC 2045 6.1): "quoted printable" says as little as nothing.
QByteArray readEncoding(const QByteArray &value)
{
    FieldCursor cursor(value);
    const auto token = readToken(cursor);
    cursor.skipCfws();
    return cursor.atEnd() || cursor.at(';') ? token : QByteArray();
}

// The first word that is no comment.
QByteArray withoutComments(const QByteArray &value)
{
    FieldCursor cursor(value);
    cursor.skipCfws();
    return nullWhenEmpty(cursor.run("(").toByteArray());
}

// RFC 2557 4.4.2: blanks in a folded URI are none of its own.
QByteArray withoutBlanks(const QByteArray &value)
{
    QByteArray text;
    for (const char c : value) {
        if (!isBlankOrLineEnd(c)) {
            text.append(c);
        }
    }
    return nullWhenEmpty(text);
}

Parameter defaultCharset()
{
    return {QByteArrayLiteral("charset"), QByteArrayLiteral("us-ascii")};
}

void setDefaultType(PartHeader &header, bool inDigest)
{
    if (inDigest) {
        header.type = "message";
        header.subtype = "rfc822";
    } else {
        header.parameters = {defaultCharset()};
    }
}

// False: it cannot be read.
bool readMediaType(PartHeader &header, const QByteArray &value)
{
    FieldCursor cursor(value);
    const auto type = readToken(cursor);
    cursor.skipCfws();
    const auto subtype = cursor.accept('/') ? readToken(cursor) : QByteArray();
    const bool isBareText = subtype.isEmpty() && isSameName(type, "text"); // sendmail of old
    if (type.isEmpty() || (subtype.isEmpty() && !isBareText)) {
        return false;
    }
    header.type = type;
    header.subtype = isBareText ? QByteArray("plain") : subtype;
    header.parameters = parseParameters(cursor);
    return true;
}

void readContentType(PartHeader &header, const QByteArrayList &values)
{
    for (const auto &value : values) {
        if (readMediaType(header, value)) {
            break;
        }
    }
    header.hasOwnCharset = !decodedValue(header.parameters, "charset").isNull();
    // RFC 2046 4.1.2 and RFC 6657 3: a default for text/plain only.
    if (header.mediaType() == "text/plain" && !header.hasOwnCharset) {
        header.parameters.append(defaultCharset());
    }
}

void readDisposition(PartHeader &header, const QByteArray &value)
{
    FieldCursor cursor(value);
    header.disposition = nullWhenEmpty(readToken(cursor));
    if (!header.disposition.isNull()) {
        header.dispositionParameters = parseParameters(cursor);
    }
}

// RFC 3282 2: tags between commas. Of what is more than a tag, the first word.
QByteArrayList readLanguages(const QByteArray &value)
{
    QByteArrayList languages;
    FieldCursor cursor(value);
    do {
        cursor.skipCfws();
        if (const auto tag = cursor.run(",;\"("); !tag.isEmpty()) {
            languages.append(tag.toByteArray());
        }
        cursor.skipCfws();
        while (!cursor.atEnd() && !cursor.at(',') && !cursor.at(';')) {
            cursor.advance();
        }
    } while (cursor.accept(','));
    return languages;
}

} // namespace

Part::Type PartHeader::partType() const
{
    if (isSameName(type, "multipart")) {
        return Part::Type::Multipart;
    }
    const bool isMessage = isSameName(type, "message")
        && (isSameName(subtype, "rfc822") || isSameName(subtype, "global"));
    return isMessage ? Part::Type::Message : Part::Type::Leaf;
}

QByteArray PartHeader::charset() const
{
    return hasOwnCharset ? decodedValue(parameters, "charset") : QByteArray();
}

QByteArray PartHeader::attachmentName() const
{
    const auto name = decodedValue(dispositionParameters, "filename");
    return name.isEmpty() ? decodedValue(parameters, "name") : name;
}

QByteArray PartHeader::boundary() const
{
    auto boundary = decodedValue(parameters, "boundary");
    while (!boundary.isEmpty() && isBlankOrLineEnd(boundary.back())) {
        boundary.chop(1);
    }
    return boundary.size() <= MaxBoundaryBytes ? boundary : QByteArray();
}

void PartHeader::setOpaque()
{
    type = "application";
    subtype = "octet-stream";
}

bool isReadableContentType(const QByteArray &value)
{
    PartHeader header;
    return readMediaType(header, value);
}

bool isReadableTransferEncoding(const QByteArray &value)
{
    return !readEncoding(value).isEmpty();
}

PartHeader parsePartHeader(QByteArrayView header, bool inDigest)
{
    const auto fields = readFields(header);
    PartHeader result;
    if (fields.types.isEmpty()) {
        setDefaultType(result, inDigest);
    } else {
        readContentType(result, fields.types);
    }
    for (const auto &value : fields.encodings) {
        if (const auto encoding = readEncoding(value); !encoding.isEmpty()) {
            result.encoding = encoding;
            break;
        }
    }
    readDisposition(result, fields.disposition);
    result.languages = readLanguages(fields.language);
    result.id = nullWhenEmpty(fields.id);
    result.description = nullWhenEmpty(fields.description);
    result.md5 = withoutComments(fields.md5);
    result.location = withoutBlanks(fields.location);
    return result;
}

} // namespace Postnook::Mime
