#include "app/import/importkey.h"

#include <QCryptographicHash>

namespace Postnook
{

QByteArray importKey(const ImportIdentity &identity)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    // Each part ends where no part can: no path and no name holds a NUL, and hashes have one size.
    for (const QByteArray &part :
         {QByteArray(identity.format), identity.path.toUtf8(), identity.name}) {
        hash.addData(part);
        hash.addData(QByteArray(1, '\0'));
    }
    hash.addData(identity.content);
    hash.addData(QByteArray::number(identity.occurrence));
    return hash.result();
}

QByteArray contentIdentity(QByteArrayView message)
{
    while (!message.isEmpty() && (message.back() == '\n' || message.back() == '\r')) {
        message.chop(1);
    }
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(message);
    return hash.result();
}

} // namespace Postnook
