#include "app/setup/mailprofiles.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLatin1StringView>

#include <array>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

struct Place {
    QLatin1StringView program;
    QLatin1StringView folder; // with profiles.ini, below the home folder
};

constexpr std::array Places{
    Place{"Thunderbird"_L1, ".thunderbird"_L1},
    Place{"Thunderbird (snap)"_L1, "snap/thunderbird/common/.thunderbird"_L1},
    Place{"Thunderbird (flatpak)"_L1, ".var/app/org.mozilla.Thunderbird/.thunderbird"_L1},
    Place{"Betterbird (flatpak)"_L1, ".var/app/eu.betterbird.Betterbird/.thunderbird"_L1},
    Place{"SeaMonkey"_L1, ".mozilla/seamonkey"_L1},
};

constexpr auto MaxLineBytes = 4096; // of a file that has short ones

// The folders named by Path= lines, relative ones below `folder`.
QStringList profileFolders(const QString &folder)
{
    QStringList folders;
    QFile file(folder + "/profiles.ini"_L1);
    if (!file.open(QIODevice::ReadOnly)) {
        return folders;
    }
    while (!file.atEnd()) {
        const QString line = QString::fromUtf8(file.readLine(MaxLineBytes)).trimmed();
        if (line.startsWith("Path="_L1)) {
            folders += QDir::cleanPath(QDir(folder).absoluteFilePath(line.section(u'=', 1)));
        }
    }
    folders.removeDuplicates();
    return folders;
}

} // namespace

QList<MailProfile> mailProfiles(const QString &home)
{
    QList<MailProfile> profiles;
    for (const Place &place : Places) {
        const QStringList folders = profileFolders(home + u'/' + place.folder);
        for (const QString &folder : folders) {
            if (QFileInfo::exists(folder + "/cert9.db"_L1)) {
                profiles.append({place.program, folder});
            }
        }
    }
    return profiles;
}

} // namespace Postnook
