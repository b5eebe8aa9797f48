#pragma once

#include "storage/sqlite/contentstore.h"
#include "storage/sqlite/sha256.h"

namespace Postnook::Sqlite
{

// The ContentWriter of this engine: a buffer up to MaxBytesInRow, a spool file beyond.
class SqliteContentWriter : public ContentWriter
{
public:
    SqliteContentWriter(std::shared_ptr<ContentStore> store, quint64 sizeHint);
    ~SqliteContentWriter() override;

    Result<void> write(QByteArrayView chunk) override;
    Result<StagedContent> finish() override;
    Result<std::unique_ptr<ContentReader>> readBack(const StagedContent &finished) override;

private:
    Result<void> store(QByteArrayView chunk);
    Result<void> spill();

    std::shared_ptr<ContentStore> m_store;
    Sha256 m_digest;
    quint64 m_sizeHint;
    quint64 m_sizeBytes = 0;
    QByteArray m_buffer;
    std::unique_ptr<SpoolFile> m_file;
    std::optional<Error> m_error; // after which every call fails
};

} // namespace Postnook::Sqlite
