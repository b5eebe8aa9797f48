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

// Ids of rows, from ?1, the first of a mailbox, to ?2, its last, in order: of those that are gone
// but kept and had just those flags of mask ?3 that are in ?4.
constexpr Sql ExpungedWithFlags(
    "SELECT id FROM expunged WHERE id BETWEEN ?1 AND ?2 AND content_id IS NOT NULL"
    " AND flags & ?3 = ?4 ORDER BY id");

// The same with their set of keywords, in any order: of those that have keywords; of all.
constexpr Sql MessagesWithKeywords(
    "SELECT id, keyword_set_id FROM message INDEXED BY message_keywords"
    " WHERE mailbox_id = ?1 >> 32 AND keyword_set_id <> 0 AND id BETWEEN ?1 AND ?2");
constexpr Sql
    MessagesAndKeywords("SELECT id, keyword_set_id FROM message WHERE id BETWEEN ?1 AND ?2");
constexpr Sql ExpungedAndKeywords("SELECT id, keyword_set_id FROM expunged"
                                  " WHERE id BETWEEN ?1 AND ?2 AND content_id IS NOT NULL");

} // namespace Postnook::Sqlite
