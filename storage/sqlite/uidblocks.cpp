#include "storage/sqlite/uidblocks.h"

#include "storage/sqlite/mailschema.h"

#include <algorithm>
#include <bit>
#include <iterator>

namespace Postnook::Sqlite
{

namespace
{

constexpr size_t MaxEntries = 4096; // in memory: a quarter of a million messages

constexpr quint64 bitOf(Uid uid)
{
    return 1ULL << (uid.value % UidsPerBlock);
}

// Of the bit in a block.
constexpr Uid uidAt(qint64 block, int bit)
{
    return uidOfRow(block * UidsPerBlock + bit);
}

quint64 bits(const Statement &row, int column)
{
    return static_cast<quint64>(row.integer(column));
}

constexpr Sql AllBlocks("SELECT id, present, seen, answered, flagged, deleted, draft FROM uid_block"
                        " WHERE id BETWEEN ?1 AND ?2 ORDER BY id");

// By the index of one flag, where the few that have it, or have it not, are wanted.
struct IndexedFlag {
    SystemFlag flag;
    bool isWanted;
    Sql blocks;
};
constexpr IndexedFlag IndexedFlags[] = {
    {SystemFlag::Deleted,
     true,
     "SELECT id, present, seen, answered, flagged, deleted, draft FROM uid_block"
     " INDEXED BY uid_block_deleted WHERE deleted <> 0 AND id BETWEEN ?1 AND ?2 ORDER BY id"},
    {SystemFlag::Flagged,
     true,
     "SELECT id, present, seen, answered, flagged, deleted, draft FROM uid_block"
     " INDEXED BY uid_block_flagged WHERE flagged <> 0 AND id BETWEEN ?1 AND ?2 ORDER BY id"},
    {SystemFlag::Answered,
     true,
     "SELECT id, present, seen, answered, flagged, deleted, draft FROM uid_block"
     " INDEXED BY uid_block_answered WHERE answered <> 0 AND id BETWEEN ?1 AND ?2 ORDER BY id"},
    {SystemFlag::Draft,
     true,
     "SELECT id, present, seen, answered, flagged, deleted, draft FROM uid_block"
     " INDEXED BY uid_block_draft WHERE draft <> 0 AND id BETWEEN ?1 AND ?2 ORDER BY id"},
    {SystemFlag::Seen,
     false,
     "SELECT id, present, seen, answered, flagged, deleted, draft FROM uid_block"
     " INDEXED BY uid_block_unseen WHERE present <> seen AND id BETWEEN ?1 AND ?2 ORDER BY id"},
};

// Null: none helps.
const IndexedFlag *indexFor(SystemFlags mask, SystemFlags wanted)
{
    const auto *found = std::find_if(
        std::begin(IndexedFlags), std::end(IndexedFlags), [&](const IndexedFlag &indexed) {
            return mask.testFlag(indexed.flag) && wanted.testFlag(indexed.flag) == indexed.isWanted;
        });
    return found != std::end(IndexedFlags) ? found : nullptr;
}

// Of a row of those statements.
quint64 bitsWithFlags(const Statement &row, SystemFlags mask, SystemFlags wanted)
{
    constexpr int FirstFlag = 2; // column
    quint64 found = bits(row, 1);
    for (size_t i = 0; i < UidBlock::Flags; ++i) {
        const auto flag = static_cast<SystemFlag>(1U << i);
        if (mask.testFlag(flag)) {
            const auto having = bits(row, FirstFlag + static_cast<int>(i));
            found &= wanted.testFlag(flag) ? having : ~having;
        }
    }
    return found;
}

} // namespace

Result<void> UidBlocks::set(Uid uid, qint64 flags, ModSeq modSeq)
{
    const auto entry = entryOf(uid);
    if (!entry) {
        return entry.error();
    }
    (*entry)->isChanged = true;
    auto &block = (*entry)->block;
    block.modSeq = std::max(block.modSeq, modSeq);
    block.present |= bitOf(uid);
    for (size_t i = 0; i < UidBlock::Flags; ++i) {
        const bool has = ((flags >> i) & 1) != 0;
        block.flags[i] = has ? block.flags[i] | bitOf(uid) : block.flags[i] & ~bitOf(uid);
    }
    return {};
}

Result<void> UidBlocks::remove(Uid uid)
{
    const auto entry = entryOf(uid);
    if (!entry) {
        return entry.error();
    }
    (*entry)->isChanged = true;
    auto &block = (*entry)->block;
    block.present &= ~bitOf(uid);
    for (quint64 &flag : block.flags) {
        flag &= ~bitOf(uid);
    }
    return {};
}

Result<void> UidBlocks::flush()
{
    for (auto &[id, entry] : m_entries) {
        if (!entry.isChanged) {
            continue;
        }
        if (auto written = write(id, entry); !written) {
            return written;
        }
        entry.isChanged = false;
        entry.isStored = entry.block.present != 0;
    }
    return {};
}

Result<UidBlocks::Entry *> UidBlocks::entryOf(Uid uid)
{
    const auto id = blockId(m_mailbox, uid);
    if (m_last != m_entries.end() && m_last->first == id) {
        return &m_last->second;
    }
    m_last = m_entries.find(id);
    if (m_last == m_entries.end()) {
        if (m_entries.size() >= MaxEntries) {
            if (auto flushed = flush(); !flushed) {
                return flushed.error();
            }
            m_entries.clear();
        }
        const auto entry = read(id);
        if (!entry) {
            m_last = m_entries.end();
            return entry.error();
        }
        m_last = m_entries.emplace(id, *entry).first;
    }
    return &m_last->second;
}

Result<UidBlocks::Entry> UidBlocks::read(qint64 id)
{
    Entry entry;
    auto row =
        m_database.statement("SELECT modseq, present, seen, answered, flagged, deleted, draft"
                             " FROM uid_block WHERE id = ?1",
                             id);
    if (row.next()) {
        entry.isStored = true;
        entry.block.modSeq = row.number<ModSeq>(0);
        entry.block.present = bits(row, 1);
        for (size_t i = 0; i < UidBlock::Flags; ++i) {
            entry.block.flags[i] = bits(row, static_cast<int>(i) + 2);
        }
    }
    return row.error() ? Result<Entry>(*row.error()) : entry;
}

Result<void> UidBlocks::write(qint64 id, const Entry &entry)
{
    const auto &block = entry.block;
    if (block.present == 0) {
        return entry.isStored ? m_database.run("DELETE FROM uid_block WHERE id = ?1", id)
                              : Result<void>();
    }
    constexpr Sql Insert("INSERT INTO uid_block"
                         " (id, modseq, present, seen, answered, flagged, deleted, draft)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    constexpr Sql Update("UPDATE uid_block SET modseq = ?2, present = ?3, seen = ?4, answered = ?5,"
                         " flagged = ?6, deleted = ?7, draft = ?8 WHERE id = ?1");
    return m_database.run(entry.isStored ? Update : Insert,
                          id,
                          block.modSeq,
                          block.present,
                          block.flags[0],
                          block.flags[1],
                          block.flags[2],
                          block.flags[3],
                          block.flags[4]);
}

Result<QList<Uid>> uidsWithFlags(
    Database &database, MailboxId mailbox, SystemFlags mask, SystemFlags wanted, UidRange within)
{
    QList<Uid> uids;
    const IndexedFlag *index = indexFor(mask, wanted);
    auto rows = database.statement(index != nullptr ? index->blocks : AllBlocks,
                                   blockId(mailbox, within.first),
                                   blockId(mailbox, within.last));
    while (rows.next()) {
        if (index != nullptr && bitsWithFlags(rows, index->flag, wanted) == 0) {
            return Error{ErrorCode::Corrupt, QStringLiteral("an index of flags is damaged")};
        }
        const auto block = rows.integer(0);
        for (auto left = bitsWithFlags(rows, mask, wanted); left != 0; left &= left - 1) {
            const auto uid = uidAt(block, std::countr_zero(left));
            if (uid >= within.first && uid <= within.last) {
                uids.append(uid);
            }
        }
    }
    return rows.error() ? Result<QList<Uid>>(*rows.error()) : Result(std::move(uids));
}

Result<std::optional<Uid>> firstUnseenUid(Database &database, MailboxId mailbox)
{
    std::optional<Uid> first;
    auto row =
        database.statement("SELECT id, present & ~seen FROM uid_block INDEXED BY uid_block_unseen"
                           " WHERE present <> seen AND id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 1",
                           blockId(mailbox, Uid(0)),
                           blockId(mailbox, MaxUid));
    if (row.next()) {
        first = uidAt(row.integer(0), std::countr_zero(bits(row, 1)));
    }
    return row.error() ? Result<std::optional<Uid>>(*row.error()) : first;
}

} // namespace Postnook::Sqlite
