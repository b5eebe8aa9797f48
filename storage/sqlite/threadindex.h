#pragma once

#include "storage/sqlite/database.h"
#include "storage/types.h"

namespace Postnook::Sqlite
{

// How ids are stored in a column: one a line.
QByteArray joinedIds(const QByteArrayList &ids);
QByteArrayList splitIds(QByteArrayView column);

// Which thread a message belongs to, by the Message-IDs that its texts name. Once an id has been
// seen, as a message's own or in its references, it has a thread for good: so a reply that comes
// before its parent is found by it, and no thread of a text ever changes (RFC 8474 5.2). Two
// threads that turn out to be one stay two.
class ThreadIndex
{
public:
    explicit ThreadIndex(Database &database)
        : m_database(database)
    {
    }

    // The thread of a text that has none yet; what it names belongs to that thread from now on.
    Result<ThreadId> join(const MessageMeta &meta, const QByteArray &sha256);
    // Forgets the ids of a thread that no text is in any more.
    Result<void> dropIfUnused(ThreadId thread);

private:
    Result<std::optional<ThreadId>> find(qint64 key);
    Result<std::optional<ThreadId>> findFirst(const QList<qint64> &keys);
    Result<void> record(const QList<qint64> &keys, ThreadId thread);

    Database &m_database;
};

} // namespace Postnook::Sqlite
