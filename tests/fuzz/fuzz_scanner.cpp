#include "core/mime/envelopewriter.h"
#include "core/mime/headerfields.h"
#include "core/mime/messagescanner.h"
#include "core/wire/responsewriter.h"
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
    qsizetype unended = 0;
    for (HeaderReader reader(header); reader.next(field);) {
        fields.append(field.whole);
        unended += field.whole.endsWith('\n') ? 0 : 1;
    }
    PROPERTY(unended <= 1);
    PROPERTY(header == fields || header == fields + "\r\n" || header == fields + '\n');

    const QByteArrayList names{"Subject", "from", "CONTENT-TYPE"};
    const auto named = filterHeader(header, names, false);
    const auto others = filterHeader(header, names, true);
    // RFC 9051 6.4.5.1: the empty line is part of each where the header has one.
    const qsizetype emptyLines = header == fields ? 0 : 2;
    PROPERTY(emptyLines == 0 || (named.endsWith("\r\n") && others.endsWith("\r\n")));
    constexpr qsizetype LineEnd = 2;
    PROPERTY(named.size() + others.size() == fields.size() + (emptyLines + unended) * LineEnd);
}

// A client can read what is sent, and reads the same in each form of it.
void checkResponses(const MessageMeta &meta, Grammar::Body &body)
{
    const auto stored = Grammar::parseBody(meta.bodyStructure, Grammar::BodyForm::Extensible);
    PROPERTY2(stored, stored.error().text.toUtf8() + '\n' + meta.bodyStructure);
    body = *stored;

    const QByteArray line = "* 1 FETCH (ENVELOPE " + meta.envelope + " BODYSTRUCTURE "
        + bodyStructureForRev1(meta.bodyStructure) + " BODY "
        + bodyWithoutExtensions(meta.bodyStructure) + ")\r\n";
    const auto response = Grammar::parseFetch(line, Grammar::Revision::Rev1);
    PROPERTY2(response, response.error().text.toUtf8() + '\n' + line);
    PROPERTY(response->items.size() == 3);
    auto sent = body;
    dropGlobalMessages(sent);
    PROPERTY(std::get<Grammar::Body>(response->items[1].value) == sent);
    dropExtensions(sent);
    PROPERTY(std::get<Grammar::Body>(response->items[2].value) == sent);
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
