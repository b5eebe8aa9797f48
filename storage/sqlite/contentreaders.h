#pragma once

#include "storage/sqlite/contentstore.h"
#include "storage/sqlite/database.h"

struct sqlite3_blob;

namespace Postnook::Sqlite
{

// The rows of content_bytes, for one connection. SQLite's handle on a row is kept for the next one:
// to move it costs a third of what a new one does. Open or kept, it holds the transaction.
class RowContents
{
public:
    explicit RowContents(Database &database)
        : m_database(database)
    {
    }
    ~RowContents() { end(); }
    RowContents(const RowContents &) = delete;
    RowContents &operator=(const RowContents &) = delete;

    // Null when there is no such row; Corrupt when it has another size. Outlives the reader.
    Result<std::unique_ptr<ContentReader>> open(ContentId id, quint64 sizeBytes);
    void end(); // before the transaction ends

private:
    class Reader;
    Result<sqlite3_blob *> handleOn(ContentId id);

    Database &m_database;
    sqlite3_blob *m_spare = nullptr;
};

// Over a content file.
std::unique_ptr<ContentReader> fileContent(std::unique_ptr<OpenFile> file, quint64 sizeBytes);

// Over what no row names yet; keeps it alive.
Result<std::unique_ptr<ContentReader>> openStagedContent(ContentStore &store,
                                                         const StagedContent &content);

} // namespace Postnook::Sqlite
