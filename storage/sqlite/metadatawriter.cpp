#include "storage/sqlite/metadatawriter.h"

namespace Postnook::Sqlite
{

Result<void> MetadataWriter::set(MailboxId owner,
                                 const QByteArray &entry,
                                 const std::optional<QByteArray> &value)
{
    ChangedMailbox *mailbox = nullptr;
    if (owner != ServerMetadata) {
        const auto opened = m_context.mailboxes.open(owner);
        if (!opened) {
            return opened.error();
        }
        mailbox = *opened;
    }
    if (value && static_cast<quint64>(value->size()) > MaxMetadataValueBytes) {
        return Error{ErrorCode::TooBig, QStringLiteral("the value of an entry is too large")};
    }
    const auto row = find(owner, entry, value);
    if (!row) {
        return row.error();
    }
    const bool changesNothing = *row ? (*row)->isEqual : !value;
    if (changesNothing) {
        return {};
    }
    const auto changed = *row ? change(**row, value) : insert(owner, entry, *value);
    if (!changed) {
        return changed;
    }
    const QByteArray &name = *row ? (*row)->entry : entry;
    if (mailbox != nullptr) {
        mailbox->noteMetadata(name, true);
    } else {
        m_context.mailboxes.noteServerMetadata(name);
    }
    return {};
}

Result<std::optional<MetadataWriter::Row>> MetadataWriter::find(
    MailboxId owner, const QByteArray &entry, const std::optional<QByteArray> &value)
{
    auto found = m_context.database.statement("SELECT id, entry, length(value), value IS ?3"
                                              " FROM metadata WHERE mailbox_id = ?1 AND entry = ?2",
                                              owner,
                                              Text{entry},
                                              value);
    std::optional<Row> row;
    if (found.next()) {
        row = Row{found.integer(0), found.bytes(1), found.integer(2), found.integer(3) != 0};
    }
    if (found.error()) {
        return *found.error();
    }
    return row;
}

Result<void>
MetadataWriter::insert(MailboxId owner, const QByteArray &entry, const QByteArray &value)
{
    {
        auto counted = m_context.database.statement(
            "SELECT count(*) FROM metadata WHERE mailbox_id = ?1", owner);
        if (counted.next() && counted.integer(0) >= MaxMetadataEntries) {
            return Error{ErrorCode::Limit, QStringLiteral("there are too many entries here")};
        }
        if (counted.error()) {
            return *counted.error();
        }
    }
    if (auto fits = count(entry.size() + value.size()); !fits) {
        return fits;
    }
    return m_context.database.run(
        "INSERT INTO metadata (mailbox_id, entry, value) VALUES (?1, ?2, ?3)",
        owner,
        Text{entry},
        value);
}

Result<void> MetadataWriter::change(const Row &row, const std::optional<QByteArray> &value)
{
    if (!value) {
        if (auto counted = count(-(row.entry.size() + row.valueBytes)); !counted) {
            return counted;
        }
        return m_context.database.run("DELETE FROM metadata WHERE id = ?1", row.id);
    }
    if (auto fits = count(value->size() - row.valueBytes); !fits) {
        return fits;
    }
    return m_context.database.run("UPDATE metadata SET value = ?2 WHERE id = ?1", row.id, *value);
}

Result<void> MetadataWriter::count(qint64 bytes)
{
    auto counted = m_context.database.statement("UPDATE counter SET value = value + ?1"
                                                " WHERE name = 'metadata_bytes' RETURNING value",
                                                bytes);
    const bool isTooMuch =
        counted.next() && bytes > 0 && counted.integer(0) > static_cast<qint64>(MaxMetadataBytes);
    if (auto ended = counted.run(); !ended) {
        return ended;
    }
    if (isTooMuch) {
        return Error{ErrorCode::Limit, QStringLiteral("the account has too much metadata")};
    }
    return {};
}

Result<qint64> MetadataWriter::bytesOf(MailboxId owner)
{
    auto sum = m_context.database.statement(
        "SELECT coalesce(sum(length(entry) + length(value)), 0) FROM metadata"
        " WHERE mailbox_id = ?1",
        owner);
    const qint64 bytes = sum.next() ? sum.integer(0) : 0;
    return sum.error() ? Result<qint64>(*sum.error()) : Result<qint64>(bytes);
}

Result<void> MetadataWriter::copyAll(MailboxId from, MailboxId to)
{
    const auto copied = bytesOf(from).and_then([this](qint64 bytes) { return count(bytes); });
    if (!copied) {
        return copied;
    }
    const auto mailbox = m_context.mailboxes.open(to);
    if (!mailbox) {
        return mailbox.error();
    }
    if (auto inserted = m_context.database.run("INSERT INTO metadata (mailbox_id, entry, value)"
                                               " SELECT ?2, entry, value FROM metadata"
                                               " WHERE mailbox_id = ?1 ORDER BY entry",
                                               from,
                                               to);
        !inserted) {
        return inserted;
    }
    const auto entries = m_context.reader.metadataEntries(to);
    if (!entries) {
        return entries.error();
    }
    for (const MetadataEntry &entry : *entries) {
        (*mailbox)->noteMetadata(entry.name, false);
    }
    return {};
}

Result<void> MetadataWriter::removeAll(MailboxId owner)
{
    const auto removed = bytesOf(owner).and_then([this](qint64 bytes) { return count(-bytes); });
    if (!removed) {
        return removed;
    }
    return m_context.database.run("DELETE FROM metadata WHERE mailbox_id = ?1", owner);
}

} // namespace Postnook::Sqlite
