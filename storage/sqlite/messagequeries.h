#pragma once

#include "storage/sqlite/statement.h"
#include "storage/store.h"

namespace Postnook::Sqlite
{

struct RowQueries;

inline SystemFlags systemFlagsOf(qint64 column)
{
    return SystemFlags::fromInt(static_cast<SystemFlags::Int>(column));
}

// How the messages of a mailbox are asked for, so that no more is read than is wanted, and what a
// row of the answer says.
class MessageQuery
{
public:
    MessageQuery(MessageColumns columns, bool includeExpunged);

    // In order of the UIDs, from row ?1 to row ?2 of table message, which bind() leaves to bind.
    Sql sql() const;
    void bind(Statement &rows) const;
    MessageRow row(const Statement &rows) const; // without keywords
    static qint64 keywordSet(const Statement &rows);

private:
    const MessageColumns m_columns;
    const RowQueries &m_queries;
    const bool m_includeExpunged;
};

// All of these give ids of rows, from ?1, the first of the mailbox, to ?2, its last; also of
// messages that are gone but kept.
// With just those flags of mask ?3 that ?4 has: ascending.
Sql queryOfFlags(SystemFlags mask, SystemFlags wanted);
// And their set of keywords, in any order: of those that have keywords; of all.
extern const Sql MessagesWithKeywords;
extern const Sql MessagesAndKeywords;

} // namespace Postnook::Sqlite
