#include "storage/sqlite/threadindex.h"

#include <QCryptographicHash>
#include <QString>
#include <QtEndian>

#include <algorithm>

namespace Postnook::Sqlite
{

namespace
{

// 64 bits of a digest: among a million ids two share a key with a chance of 1 in 30 million, and
// what comes of it is a message in a thread of others. Whoever wants that need but name their ids.
qint64 keyOf(char kind, const QByteArray &text)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArray(1, kind));
    hash.addData(text);
    return qFromBigEndian<qint64>(hash.result().constData());
}

qint64 keyOfId(const QByteArray &messageId)
{
    return keyOf('i', messageId);
}

// RFC 5256 2.1: base subjects compare without regard to case.
qint64 keyOfSubject(const QByteArray &baseSubject)
{
    return keyOf('s', QString::fromUtf8(baseSubject).toCaseFolded().toUtf8());
}

// The message's own id, then its references from the parent up.
QList<qint64> keysOf(const MessageMeta &meta)
{
    QList<qint64> keys;
    if (!meta.messageId.isEmpty()) {
        keys.append(keyOfId(meta.messageId));
    }
    for (auto id = meta.references.crbegin(); id != meta.references.crend(); ++id) {
        keys.append(keyOfId(*id));
    }
    return keys;
}

} // namespace

QByteArray joinedIds(const QByteArrayList &ids)
{
    return ids.join('\n');
}

QByteArrayList splitIds(QByteArrayView column)
{
    return column.isEmpty() ? QByteArrayList() : column.toByteArray().split('\n');
}

Result<ThreadId> ThreadIndex::join(const MessageMeta &meta, const QByteArray &sha256)
{
    const auto keys = keysOf(meta);
    const bool hasSubject = !meta.baseSubject.isEmpty();
    const auto subject = hasSubject ? keyOfSubject(meta.baseSubject) : 0;

    auto found = findFirst(keys);
    if (found && !*found && hasSubject && meta.isReply && meta.references.isEmpty()) {
        found = find(subject);
    }
    if (!found) {
        return found.error();
    }
    // A new thread is named after what began it. So it has the same name when the mail is brought
    // in anew, in another order, and none that meant something else before.
    const auto begins = keys.isEmpty() ? keyOf('c', sha256) : keys.last();
    const auto thread = found->value_or(ThreadId(static_cast<quint64>(begins)));
    if (auto recorded = record(keys, thread); !recorded) {
        return recorded.error();
    }
    if (!*found && hasSubject) {
        const auto newest = m_database.run("INSERT OR REPLACE INTO thread_key (key, thread_id)"
                                           " VALUES (?1, ?2)",
                                           subject,
                                           thread);
        if (!newest) {
            return newest.error();
        }
    }
    return thread;
}

Result<std::optional<ThreadId>> ThreadIndex::find(qint64 key)
{
    return findFirst({key});
}

Result<std::optional<ThreadId>> ThreadIndex::findFirst(const QList<qint64> &keys)
{
    auto row = m_database.statement("SELECT thread_id FROM thread_key WHERE key = ?1");
    for (const auto key : keys) {
        row.restart();
        row.bind(1, key);
        if (row.next()) {
            return std::make_optional(row.number<ThreadId>(0));
        }
        if (row.error()) {
            return *row.error();
        }
    }
    return std::optional<ThreadId>();
}

Result<void> ThreadIndex::record(const QList<qint64> &keys, ThreadId thread)
{
    auto insert = m_database.statement("INSERT INTO thread_key (key, thread_id) VALUES (?1, ?2)"
                                       " ON CONFLICT DO NOTHING");
    for (const auto key : keys) {
        insert.restart();
        insert.bind(1, key);
        insert.bind(2, thread);
        if (auto inserted = insert.run(); !inserted) {
            return inserted;
        }
    }
    return {};
}

Result<void> ThreadIndex::dropIfUnused(ThreadId thread)
{
    return m_database.run("DELETE FROM thread_key WHERE thread_id = ?1"
                          " AND NOT EXISTS (SELECT 1 FROM content WHERE thread_id = ?1)",
                          thread);
}

} // namespace Postnook::Sqlite
