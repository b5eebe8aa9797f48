#pragma once

#include "storage/sqlite/database.h"

#include <array>
#include <map>

namespace Postnook::Sqlite
{

// Table uid_block has a row for each 64 UIDs in a row of a mailbox, with a bit for each: whether
// there is such a message, and whether it has a flag. What is asked of a whole mailbox is asked
// there, and a change of all its messages changes few rows. It says nothing that the messages do
// not, and is written in the transaction that writes them.
struct UidBlock {
    static constexpr size_t Flags = 5;

    ModSeq modSeq; // that of the last change; no message has a higher one
    quint64 present = 0;
    std::array<quint64, Flags> flags = {}; // in the order of SystemFlag's bits
};

// The blocks of one mailbox in the hands of a write job: read when they are first needed, changed
// in memory, written back by flush().
class UidBlocks
{
public:
    UidBlocks(Database &database, MailboxId mailbox)
        : m_database(database)
        , m_mailbox(mailbox)
    {
    }
    Q_DISABLE_COPY_MOVE(UidBlocks)

    // There is this message, and it has these flags (bits of SystemFlag) now.
    Result<void> set(Uid uid, qint64 flags, ModSeq modSeq);
    Result<void> remove(Uid uid);
    Result<void> flush();

private:
    struct Entry {
        UidBlock block;
        bool isStored = false;
        bool isChanged = false;
    };

    Result<Entry *> entryOf(Uid uid);
    Result<Entry> read(qint64 id);
    Result<void> write(qint64 id, const Entry &entry);

    Database &m_database;
    const MailboxId m_mailbox;
    std::map<qint64, Entry> m_entries; // by the id of their row
    std::map<qint64, Entry>::iterator m_last = m_entries.end(); // most often the next one as well
};

// Ascending: those that have just those flags of `mask` that are in `wanted`; all for no mask.
// Corrupt where an index of the blocks leads astray.
Result<QList<Uid>> uidsWithFlags(Database &database,
                                 MailboxId mailbox,
                                 SystemFlags mask,
                                 SystemFlags wanted,
                                 UidRange within = {Uid(0), MaxUid});
Result<std::optional<Uid>> firstUnseenUid(Database &database, MailboxId mailbox);

} // namespace Postnook::Sqlite
