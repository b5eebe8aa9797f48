#pragma once

#include "storage/sqlite/database.h"
#include "storage/sqlite/salvage.h"

namespace Postnook::Sqlite
{

// Rows of pages that no tree leads to, in a database of their own beside the new one, made when
// first asked for and removed with this.
class LostRows
{
public:
    LostRows(const SalvageParts &parts, Database &damaged, const QString &beside);
    ~LostRows();
    LostRows(const LostRows &) = delete;
    LostRows &operator=(const LostRows &) = delete;

    // Null: they cannot be had, which the log says.
    Database *database();

private:
    Result<void> make();
    Result<void> copyPages();
    void clear() const;

    const SalvageParts &m_parts;
    Database &m_damaged;
    const QString m_pages;
    const QString m_rows;
    std::unique_ptr<Database> m_database;
    bool m_isMade = false;
};

} // namespace Postnook::Sqlite
