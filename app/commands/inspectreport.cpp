#include "app/commands/inspectreport.h"

#include "app/commands/envelopereport.h"
#include "app/commands/partsreport.h"
#include "app/terminal/texttable.h"
#include "app/terminal/visibletext.h"
#include "core/mime/defects.h"
#include "core/mime/messagescanner.h"
#include "core/mime/sectionnames.h"

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr qsizetype MaxWidth = 100;

QString counted(quint64 count, const QString &one, const QString &many)
{
    return u"%1 %2"_s.arg(QString::number(count), count == 1 ? one : many);
}

QString octets(quint64 count)
{
    return counted(count, u"octet"_s, u"octets"_s);
}

QString block(const QString &title, const QString &lines)
{
    return u'\n' + title + u'\n' + lines;
}

QString previewLines(const QByteArray &preview)
{
    TextTable table(u"l"_s);
    table.add({preview.isEmpty() ? u"(nothing to show)"_s : QString::fromUtf8(preview)});
    return table.text(MaxWidth);
}

QString rawLines(const MessageMeta &meta)
{
    return u"\nENVELOPE\n"_s + visibleOctets(meta.envelope) + u"\n\nBODYSTRUCTURE\n"_s
        + visibleOctets(meta.bodyStructure) + u'\n';
}

QString sectionOf(const Mime::Defect &defect,
                  const Mime::PartTree &tree,
                  const QList<Mime::SectionNames> &names)
{
    if (defect.part < 0) {
        return {};
    }
    const auto &part = tree.parts().at(defect.part);
    const bool inHeader =
        defect.offset < part.header.offset + part.header.size || part.body.size == 0;
    const auto &name = names.at(defect.part);
    return QString::fromLatin1(inHeader ? name.header : name.body);
}

QString defectLines(QByteArrayView message,
                    const Mime::PartTree &tree,
                    const QList<Mime::SectionNames> &names)
{
    const auto defects = Mime::findDefects(message, tree);
    if (defects.isEmpty()) {
        return u"  (none found)\n"_s;
    }
    TextTable table(u"rll"_s);
    table.add({u"offset"_s, u"section"_s, {}});
    for (const auto &defect : defects) {
        QString text = defect.text;
        if (defect.count > 1) {
            text += u" (%1 times%2)"_s.arg(QString::number(defect.count),
                                           defect.inLaterParts ? u", here and in later parts"_s
                                                               : QString());
        }
        table.add({QString::number(defect.offset), sectionOf(defect, tree, names), text});
    }
    return table.text(MaxWidth);
}

} // namespace

QString inspectReport(QByteArrayView message, bool raw)
{
    const auto meta = Mime::scanMessage(message);
    const auto tree = Mime::PartTree::fromBytes(meta.parts).value_or(Mime::PartTree());
    const auto names = Mime::sectionNames(tree);

    auto report = u"%1, header %2, %3\n"_s.arg(
        octets(static_cast<quint64>(message.size())),
        octets(meta.headerSize),
        counted(static_cast<quint64>(tree.parts().size()), u"part"_s, u"parts"_s));
    report += block(u"Envelope"_s, envelopeLines(message.first(meta.headerSize), meta));
    report += block(u"Parts"_s, partLines(message, tree, names));
    report += block(u"Preview"_s, previewLines(meta.preview));
    report += block(u"Defects"_s, defectLines(message, tree, names));
    if (raw) {
        report += rawLines(meta);
    }
    return report;
}

} // namespace Postnook
