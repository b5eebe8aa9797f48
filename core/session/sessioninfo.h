#pragma once

#include <QByteArray>
#include <QString>

namespace Postnook
{

// One session, for people who want to know who is connected. A value.
struct SessionInfo {
    quint64 number = 0; // never used twice while the process runs
    QString account; // empty: not logged in
    QString client; // "Thunderbird 128.4", by its ID; empty: it did not say
    QString clientName; // the same without the version
    QString address; // of the peer, without port
    bool isLocalCommand = false; // a command of this program, over the control socket
    QString tls; // "TLSv1.3"; empty: in the clear
    QString cipher;
    qint64 sinceUtc = 0; // seconds since 1970 when it connected
    QByteArray command; // in progress, upper case; empty: none
    QString mailbox; // selected; empty: none
};

} // namespace Postnook
