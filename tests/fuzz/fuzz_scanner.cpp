#include "core/mime/envelopewriter.h"
#include "core/mime/headerfields.h"
#include "core/mime/messagescanner.h"
#include "core/mime/preview.h"
#include "tests/fuzz/messageparts.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/textchecks.h"
#include "tests/grammar/fetchgrammar.h"
#include "tests/grammar/structuregrammar.h"

#include <algorithm>
#include <functional>
#include <random>
#include <vector>

namespace Postnook::Fuzz
{

using namespace Postnook::Mime;

namespace
{

constexpr qsizetype SmallMessage = 600; // octets; small enough for many scans

MessageMeta scanInPieces(QByteArrayView message, const std::function<qsizetype()> &nextSize)
{
    MessageScanner scanner;
    while (!message.isEmpty()) {
        const auto size = std::min(nextSize(), message.size());
        // A copy of its own, freed at once, so that a view kept too long is noticed.
        const std::vector<char> piece(message.data(), message.data() + size);
        scanner.feed(QByteArrayView(piece.data(), size));
        message = message.sliced(size);
    }
    return scanner.finish();
}

void checkCuts(QByteArrayView message, const MessageMeta &whole)
{
    PROPERTY(scanMessage(message) == whole);
    auto random = randomFor(message);
    for (const qsizetype longest : {8, 1000}) {
        std::uniform_int_distribution<qsizetype> size(0, longest);
        PROPERTY(scanInPieces(message, [&] { return size(random); }) == whole);
    }
    if (message.size() <= SmallMessage) {
        PROPERTY(scanInPieces(message, [] { return 1; }) == whole);
    }
}

// Fields and the empty line are the header, without a rest and nothing twice.
void checkHeader(QByteArrayView header, const MessageMeta &meta)
{
    PROPERTY(static_cast<quint32>(header.size()) == meta.headerSize);
    PROPERTY(writeEnvelope(header) == meta.envelope);
    QByteArray fields;
    HeaderField field;
    HeaderReader reader(header);
    while (reader.next(field)) {
        fields.append(field.whole);
    }
    PROPERTY(header == fields + reader.rest().toByteArray());
    PROPERTY(reader.rest().isEmpty() || reader.rest() == "\r\n" || reader.rest() == "\n");

    const QByteArrayList names{"Subject", "from", "CONTENT-TYPE"};
    const auto named = filterHeader(header, names, false);
    const auto others = filterHeader(header, names, true);
    const qsizetype emptyLine = reader.rest().isEmpty() ? 0 : 2;
    PROPERTY(named.size() + others.size() == fields.size() + 2 * emptyLine);
}

// A client of each dialect can read what is sent, and reads the same in each form of it.
void checkResponses(const MessageMeta &meta, Grammar::Body &body)
{
    using namespace Grammar;
    const auto parsed = parseBody(meta.bodyStructure, BodyForm::Extensible);
    PROPERTY2(parsed, parsed.error().text.toUtf8() + '\n' + meta.bodyStructure);
    body = *parsed;

    const auto line = "* 1 FETCH (ENVELOPE " + meta.envelope + " BODYSTRUCTURE "
        + bodyStructureFor(ImapVersion::Rev1, meta.bodyStructure) + " BODY "
        + bodyFor(ImapVersion::Rev1, meta.bodyStructure) + ")\r\n";
    const auto response = parseFetch(line, Revision::Rev1);
    PROPERTY2(response, response.error().text.toUtf8() + '\n' + line);
    PROPERTY(response->items.size() == 3);
    auto expected = body;
    dropGlobalMessages(expected);
    PROPERTY(std::get<Body>(response->items[1].value) == expected);
    dropExtensions(expected);
    PROPERTY(std::get<Body>(response->items[2].value) == expected);
}

} // namespace

void checkScanner(QByteArrayView data)
{
    const auto meta = scanMessage(data);
    checkCuts(data, meta);

    const auto tree = PartTree::fromBytes(meta.parts);
    PROPERTY(tree);
    PROPERTY(tree->toBytes() == meta.parts);
    PROPERTY(!tree->parts().isEmpty() && tree->parts().size() <= MaxParts);

    const auto preview = previewText(*tree, [data](quint64 offset, quint64 size) {
        const auto from = std::min(static_cast<qsizetype>(offset), data.size());
        return data.sliced(from, std::min(static_cast<qsizetype>(size), data.size() - from))
            .toByteArray();
    });
    PROPERTY(meta.preview == preview); // the scanner keeps all that it reads

    Grammar::Body body;
    checkResponses(meta, body);
    checkParts(data, *tree);
    checkHeader(data.first(static_cast<qsizetype>(tree->parts().first().header.size)), meta);
    const MessageParts parts(data, *tree, body);
    parts.checkStructure();
    parts.checkDelimiters();
    parts.checkSections();
}

} // namespace Postnook::Fuzz
