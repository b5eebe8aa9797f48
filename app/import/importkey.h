#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace Postnook
{

// What makes a message of a source the same one the next time the source is read.
struct ImportIdentity {
    const char *format = ""; // "mbox"
    QString path; // canonical, of the file or folder
    QByteArray name; // of the message within it, where it has one
    QByteArray content; // what contentIdentity() gives
    int occurrence = 1; // the how-manieth such message of the source
};

// 32 bytes.
QByteArray importKey(const ImportIdentity &identity);

// The SHA-256 of the message without the line ends at its end, which come and go when a mailbox
// file grows.
QByteArray contentIdentity(QByteArrayView message);

} // namespace Postnook
