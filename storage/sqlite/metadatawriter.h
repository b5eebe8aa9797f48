#pragma once

#include "storage/sqlite/messagewriter.h"

namespace Postnook::Sqlite
{

// The operations of WriteTxn on metadata (RFC 5464), and what becomes of it with its mailbox.
class MetadataWriter
{
public:
    explicit MetadataWriter(WriteContext &context)
        : m_context(context)
    {
    }

    Result<void>
    set(MailboxId owner, const QByteArray &entry, const std::optional<QByteArray> &value);
    // `to` has none yet. Limit.
    Result<void> copyAll(MailboxId from, MailboxId to);
    Result<void> removeAll(MailboxId owner);

private:
    struct Row {
        qint64 id = 0;
        QByteArray entry; // as stored
        qint64 valueBytes = 0;
        bool isEqual = false; // has the value that is to be set
    };

    Result<std::optional<Row>>
    find(MailboxId owner, const QByteArray &entry, const std::optional<QByteArray> &value);
    Result<void> insert(MailboxId owner, const QByteArray &entry, const QByteArray &value);
    Result<void> change(const Row &row, const std::optional<QByteArray> &value);
    Result<qint64> bytesOf(MailboxId owner);
    // Counts bytes that come (or go); Limit.
    Result<void> count(qint64 bytes);

    WriteContext &m_context;
};

} // namespace Postnook::Sqlite
