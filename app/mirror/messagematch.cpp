#include "app/mirror/messagematch.h"

#include <QCryptographicHash>
#include <QHash>

namespace Postnook
{

namespace
{

using Key = std::pair<quint64, QByteArray>;

} // namespace

QByteArray traitsDigest(QByteArrayView fields)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(fields.toByteArray().simplified());
    return hash.result();
}

QList<std::pair<Uid, Uid>> matchMessages(const QList<MessageTraits> &remote,
                                         const QList<MessageTraits> &local)
{
    QHash<Key, QList<Uid>> waiting; // the oldest last
    for (auto it = local.rbegin(); it != local.rend(); ++it) {
        waiting[{it->sizeBytes, it->fields}].append(it->uid);
    }
    QList<std::pair<Uid, Uid>> pairs;
    for (const MessageTraits &message : remote) {
        const auto found = waiting.find({message.sizeBytes, message.fields});
        if (found != waiting.end() && !found->isEmpty()) {
            pairs.append({message.uid, found->takeLast()});
        }
    }
    return pairs;
}

} // namespace Postnook
