#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace Postnook
{

// What Thunderbird's prefs.js says of one account.
struct ThunderbirdServer {
    QString folder; // absolute; where its mail lies
    QString name; // as the person knows it
    QString type; // "imap", "pop3", "none" (Local Folders), "rss", "nntp"
};

// In the order of their keys. `profile`: the folder of prefs.js, which places are relative to.
QList<ThunderbirdServer> thunderbirdServers(const QByteArray &prefsJs, const QString &profile);

} // namespace Postnook
