#pragma once

#include "storage/sqlite/contentstore.h"
#include "storage/sqlite/database.h"

namespace Postnook::Sqlite
{

// Over a row of content_bytes. Corrupt when the row is missing or has another size.
Result<std::unique_ptr<ContentReader>>
openRowContent(Database &database, ContentId id, quint64 sizeBytes);

// Over a content file.
std::unique_ptr<ContentReader> fileContent(std::unique_ptr<OpenFile> file, quint64 sizeBytes);

// Over what no row names yet; keeps it alive.
Result<std::unique_ptr<ContentReader>> openStagedContent(ContentStore &store,
                                                         const StagedContent &content);

} // namespace Postnook::Sqlite
