#include "storage/sqlite/flagwriter.h"

#include "storage/sqlite/mailschema.h"

#include <algorithm>
#include <limits>

namespace Postnook::Sqlite
{

namespace
{

constexpr auto Seen = static_cast<qint64>(SystemFlag::Seen);
constexpr auto Deleted = static_cast<qint64>(SystemFlag::Deleted);
constexpr auto NoLimit = ModSeq(std::numeric_limits<qint64>::max());

// A column that is named in SET has its indexes written, changed or not.
constexpr Sql StoreFlags("UPDATE message SET flags = (flags & ?3) | ?4, modseq = ?5"
                         " WHERE id BETWEEN ?1 AND ?2 AND keyword_set_id = ?6 AND modseq <= ?7"
                         " AND flags <> ((flags & ?3) | ?4)");
constexpr Sql StoreFlagsAndSet(
    "UPDATE message SET flags = (flags & ?3) | ?4, modseq = ?5, keyword_set_id = ?8"
    " WHERE id BETWEEN ?1 AND ?2 AND keyword_set_id = ?6 AND modseq <= ?7");

} // namespace

FlagWriter::FlagWriter(WriteContext &context,
                       ChangedMailbox &mailbox,
                       FlagChange change,
                       const MessageFlags &flags,
                       std::optional<ModSeq> unchangedSince)
    : m_context(context)
    , m_mailbox(mailbox)
    , m_change(change)
    , m_keywords(normalizedKeywords(flags.keywords))
    , m_limit(std::min(unchangedSince.value_or(NoLimit), NoLimit))
{
    const auto bits = static_cast<qint64>(flags.system.toInt());
    switch (change) {
    case FlagChange::Replace:
        m_add = bits;
        break;
    case FlagChange::Add:
        m_keep = ~qint64(0);
        m_add = bits;
        break;
    case FlagChange::Remove:
        m_keep = ~bits;
        break;
    }
}

Result<StoreResult> FlagWriter::store(const UidRanges &uids)
{
    for (const auto &range : uids) {
        if (auto stored = storeRange(range); !stored) {
            return stored.error();
        }
    }
    m_result.modSeq = m_mailbox.info.highestModSeq;
    return m_result;
}

Result<void> FlagWriter::storeRange(UidRange range)
{
    Counts delta;
    struct SetChange {
        qint64 newSet = 0;
        bool isChange = false; // of any message that has it
    };
    QHash<qint64, SetChange> setChanges; // for each keyword set that occurs
    auto rows = m_context.database.statement("SELECT id, flags, keyword_set_id, modseq FROM message"
                                             " WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
                                             rowId(m_mailbox.info.id, range.first),
                                             rowId(m_mailbox.info.id, range.last));
    while (rows.next()) {
        if (rows.number<ModSeq>(3) > m_limit) {
            m_result.unchangedSince.append(uidOfRow(rows.integer(0)));
            continue;
        }
        const auto before = rows.integer(1);
        const auto after = newFlags(before);
        const auto oldSet = rows.integer(2);
        const auto replacement = newSet(oldSet);
        if (!replacement) {
            return replacement.error();
        }
        auto &change = setChanges[oldSet];
        change.newSet = *replacement;
        if (before == after && *replacement == oldSet) {
            continue;
        }
        change.isChange = true;
        const auto uid = uidOfRow(rows.integer(0));
        if (auto set = m_mailbox.blocks.set(uid, after, m_mailbox.newModSeq()); !set) {
            return set;
        }
        delta.unseen += (before & Seen) - (after & Seen);
        delta.deleted += (after & Deleted) - (before & Deleted);
    }
    if (rows.error()) {
        return *rows.error();
    }
    for (auto it = setChanges.cbegin(); it != setChanges.cend(); ++it) {
        if (it->isChange) {
            if (auto stored = storeSet(range, it.key(), it->newSet); !stored) {
                return stored;
            }
        }
    }
    if (delta.unseen != 0) { // one STORE only sets it or only takes it away
        m_mailbox.changes |= MailboxChange::SeenChanged;
    }
    auto &info = m_mailbox.info;
    info.unseen = static_cast<quint32>(info.unseen + delta.unseen / Seen);
    info.deleted = static_cast<quint32>(info.deleted + delta.deleted / Deleted);
    return {};
}

Result<void> FlagWriter::storeSet(UidRange range, qint64 oldSet, qint64 newSet)
{
    m_mailbox.changes |= MailboxChange::FlagsChanged;
    // Every change is idempotent, so messages that get a set whose turn is still to come are met
    // again without harm.
    auto update = m_context.database.statement(oldSet == newSet ? StoreFlags : StoreFlagsAndSet,
                                               rowId(m_mailbox.info.id, range.first),
                                               rowId(m_mailbox.info.id, range.last),
                                               m_keep,
                                               m_add,
                                               m_mailbox.newModSeq(),
                                               oldSet,
                                               m_limit);
    if (oldSet != newSet) {
        update.bind(8, newSet);
    }
    return update.run();
}

Result<qint64> FlagWriter::newSet(qint64 oldSet)
{
    if (m_change != FlagChange::Replace && m_keywords.isEmpty()) {
        return oldSet;
    }
    if (const auto known = m_newSets.constFind(oldSet); known != m_newSets.constEnd()) {
        return *known;
    }
    auto &sets = m_context.reader.keywordSets();
    const auto old = sets.names(oldSet);
    if (!old) {
        return old.error();
    }
    const auto names = changedNames(*old);
    if (!names) {
        return names.error();
    }
    const auto id = sets.idOf(*names);
    if (id) {
        m_newSets.insert(oldSet, *id);
    }
    return id;
}

Result<QByteArrayList> FlagWriter::changedNames(const QByteArrayList &old)
{
    if (m_change == FlagChange::Remove) {
        auto names = old;
        names.removeIf(
            [this](const QByteArray &name) { return containsKeyword(m_keywords, name); });
        return names;
    }
    const auto spelled = m_context.keywords.record(m_mailbox.info.id, m_keywords);
    if (!spelled || m_change == FlagChange::Replace) {
        return spelled;
    }
    return normalizedKeywords(old + *spelled);
}

} // namespace Postnook::Sqlite
