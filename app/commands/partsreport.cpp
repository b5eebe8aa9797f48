#include "app/commands/partsreport.h"

#include "app/commands/envelopereport.h"
#include "app/terminal/texttable.h"
#include "core/mime/messagescanner.h"
#include "core/mime/messagetext.h"
#include "core/mime/partheader.h"
#include "core/mime/transferdecoder.h"

#include <algorithm>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QByteArrayView bytesOf(QByteArrayView message, const Mime::ByteRange &range)
{
    return message.sliced(static_cast<qsizetype>(range.offset), static_cast<qsizetype>(range.size));
}

// How many octets BINARY[...] gives; nothing where it gives none (RFC 3516 4.2).
QString decodedSize(QByteArrayView message, const Mime::Part &part)
{
    if (part.type != Mime::Part::Type::Leaf || !Mime::TransferDecoder::isKnown(part.encoding)) {
        return u"-"_s;
    }
    Mime::TransferDecoder decoder(part.encoding);
    if (decoder.isIdentity()) {
        return QString::number(part.body.size);
    }
    constexpr qsizetype Piece = 262'144;
    qsizetype size = 0;
    for (auto rest = bytesOf(message, part.body); !rest.isEmpty();) {
        const auto piece = rest.first(std::min(rest.size(), Piece));
        size += decoder.decode(piece).size();
        rest = rest.sliced(piece.size());
    }
    return QString::number(size + decoder.finish().size());
}

// What the columns have no place for.
QString details(QByteArrayView message, const Mime::PartTree &tree, qsizetype index)
{
    constexpr qsizetype MaxName = 200;
    const auto &parts = tree.parts();
    const auto &part = parts[index];
    const auto wholeHeader = bytesOf(message, part.header);
    const auto header =
        wholeHeader.first(std::min<qsizetype>(wholeHeader.size(), Mime::MaxHeaderBytes));
    const bool inDigest = part.parent >= 0 && parts[part.parent].mediaType == "multipart/digest";
    const auto parsed = Mime::parsePartHeader(header, inDigest);

    QStringList words;
    if (part.type == Mime::Part::Type::Leaf || part.encoding != "7bit") {
        words.append(QString::fromUtf8(part.encoding));
    }
    if (!part.charset.isEmpty()) {
        words.append(QString::fromUtf8(part.charset));
    }
    if (!parsed.disposition.isEmpty()) {
        words.append(QString::fromUtf8(parsed.disposition.toLower()));
    }
    if (!part.name.isEmpty()) {
        words.append(u'"' + Mime::decodeHeaderText(part.name).left(MaxName) + u'"');
    }
    if (part.type == Mime::Part::Type::Multipart) {
        words.append(
            u"boundary \"%1\""_s.arg(Mime::decodeHeaderText(parsed.boundary()).left(MaxName)));
    }
    if (part.type == Mime::Part::Type::Message && index + 1 < parts.size()) {
        words.append(shortEnvelope(bytesOf(message, parts[index + 1].header)));
        words.removeAll(QString());
    }
    return words.join(u", "_s);
}

} // namespace

QString partLines(QByteArrayView message,
                  const Mime::PartTree &tree,
                  const QList<Mime::SectionNames> &names)
{
    constexpr int MaxIndents = 20;
    TextTable table(u"lllrrrrrrl"_s);
    table.add({u"section"_s,
               u"type"_s,
               u"header"_s,
               u"at"_s,
               u"octets"_s,
               u"body at"_s,
               u"octets"_s,
               u"lines"_s,
               u"decoded"_s,
               {}});
    QList<int> depths;
    for (qsizetype i = 0; i < tree.parts().size(); ++i) {
        const auto &part = tree.parts().at(i);
        depths.append(part.parent < 0 ? 0 : depths.at(part.parent) + 1);
        table.add({QString(qsizetype(2) * std::min(depths.last(), MaxIndents), u' ')
                       + QString::fromLatin1(names.at(i).body),
                   QString::fromUtf8(part.mediaType),
                   QString::fromLatin1(names.at(i).header),
                   QString::number(part.header.offset),
                   QString::number(part.header.size),
                   QString::number(part.body.offset),
                   QString::number(part.body.size),
                   QString::number(part.bodyLines),
                   decodedSize(message, part),
                   details(message, tree, i)});
    }
    return table.text();
}

} // namespace Postnook
