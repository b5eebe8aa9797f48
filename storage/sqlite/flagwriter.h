#pragma once

#include "storage/sqlite/messagewriter.h"

namespace Postnook::Sqlite
{

// One STORE. Messages are changed by ranges, not one by one: system flags by arithmetic, keywords
// by the few sets that occur.
class FlagWriter
{
public:
    FlagWriter(WriteContext &context,
               ChangedMailbox &mailbox,
               FlagChange change,
               const MessageFlags &flags,
               std::optional<ModSeq> unchangedSince);

    Result<StoreResult> store(const UidRanges &uids);

private:
    struct Counts {
        qint64 unseen = 0;
        qint64 deleted = 0;
    };

    qint64 newFlags(qint64 flags) const { return (flags & m_keep) | m_add; }
    Result<void> storeRange(UidRange range);
    Result<void> storeSet(UidRange range, qint64 oldSet, qint64 newSet);
    // The keyword set that takes the place of `oldSet`.
    Result<qint64> newSet(qint64 oldSet);
    Result<QByteArrayList> changedNames(const QByteArrayList &old);

    WriteContext &m_context;
    ChangedMailbox &m_mailbox;
    const FlagChange m_change;
    const QByteArrayList m_keywords; // normalized, as asked for
    qint64 m_keep = 0;
    qint64 m_add = 0;
    const ModSeq m_limit; // messages above are left alone
    QHash<qint64, qint64> m_newSets; // by old set
    StoreResult m_result;
};

} // namespace Postnook::Sqlite
