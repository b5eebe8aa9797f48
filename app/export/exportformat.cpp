#include "app/export/exportformat.h"

#include "app/export/maildirwriter.h"
#include "app/export/mboxwriter.h"

#include <QDir>

#include <algorithm>
#include <array>

namespace Postnook
{

namespace
{

std::unique_ptr<MailboxWriter> makeMbox(const QString &folder, UidValidity)
{
    return std::make_unique<MboxWriter>(QDir(folder).filePath(QLatin1String(MailboxFileName)));
}

std::unique_ptr<MailboxWriter> makeMaildirWriter(const QString &folder, UidValidity uidValidity)
{
    return std::make_unique<MaildirWriter>(folder, uidValidity);
}

std::unique_ptr<MailboxWriter> makeEml(const QString &folder, UidValidity)
{
    return std::make_unique<EmlWriter>(folder);
}

constexpr std::array Formats{
    ExportFormat{"mbox", ExportNames::Style::Folders, ".mbox", "", makeMbox},
    ExportFormat{"maildir", ExportNames::Style::Maildir, "", "cur", makeMaildirWriter},
    ExportFormat{"eml", ExportNames::Style::Folders, "", MessageNotesName, makeEml},
};

} // namespace

const ExportFormat *exportFormat(const QString &name)
{
    const auto it = std::find_if(Formats.begin(), Formats.end(), [&name](const ExportFormat &row) {
        return name == QLatin1String(row.name);
    });
    return it == Formats.end() ? nullptr : &*it;
}

QStringList exportFormatNames()
{
    QStringList names;
    for (const ExportFormat &format : Formats) {
        names.append(QLatin1String(format.name));
    }
    return names;
}

} // namespace Postnook
