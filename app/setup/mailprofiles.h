#pragma once

#include <QList>
#include <QString>

namespace Postnook
{

// The profile of a mail program that keeps its own list of authorities in an NSS database.
struct MailProfile {
    QString program; // "Thunderbird"
    QString folder;

    friend bool operator==(const MailProfile &, const MailProfile &) = default;
};

// Those of Thunderbird, Betterbird and SeaMonkey below a home folder on Linux, those installed as
// snap or flatpak too, as their profiles.ini names them. Only profiles that have such a database:
// the others were never used. Firefox reads no mail, so it is left alone.
QList<MailProfile> mailProfiles(const QString &home);

} // namespace Postnook
