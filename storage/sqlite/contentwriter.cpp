#include "storage/sqlite/contentwriter.h"

#include "storage/sqlite/contentreaders.h"

namespace Postnook::Sqlite
{

SqliteContentWriter::SqliteContentWriter(std::shared_ptr<ContentStore> store, quint64 sizeHint)
    : m_store(std::move(store))
    , m_sizeHint(sizeHint)
{
}

SqliteContentWriter::~SqliteContentWriter() = default;

Result<void> SqliteContentWriter::write(QByteArrayView chunk)
{
    if (!m_error) {
        m_digest.add(chunk);
        if (auto stored = store(chunk); !stored) {
            m_error = stored.error();
        }
    }
    return m_error ? Result<void>(*m_error) : Result<void>();
}

Result<void> SqliteContentWriter::store(QByteArrayView chunk)
{
    m_sizeBytes += static_cast<quint64>(chunk.size());
    if (!m_file && std::max(m_sizeBytes, m_sizeHint) > MaxBytesInRow) {
        if (auto spilled = spill(); !spilled) {
            return spilled;
        }
    }
    if (m_file) {
        return m_file->write(chunk);
    }
    m_buffer.append(chunk.data(), chunk.size());
    return {};
}

Result<void> SqliteContentWriter::spill()
{
    auto file = m_store->newFile();
    if (!file) {
        return file.error();
    }
    m_file = std::move(*file);
    return m_buffer.isEmpty() ? Result<void>() : m_file->write(std::exchange(m_buffer, {}));
}

Result<StagedContent> SqliteContentWriter::finish()
{
    if (m_error) {
        return *m_error;
    }
    m_error = Error{ErrorCode::Internal, QStringLiteral("content is finished once")};
    if (m_file) {
        if (auto finished = m_file->finish(); !finished) {
            return finished.error();
        }
    }
    auto data = std::make_shared<StagedContent::Data>();
    data->bytes = std::move(m_buffer);
    data->file = std::move(m_file);
    return StagedContent(std::move(data), m_sizeBytes, m_digest.result());
}

Result<std::unique_ptr<ContentReader>> SqliteContentWriter::readBack(const StagedContent &finished)
{
    return openStagedContent(*m_store, finished);
}

} // namespace Postnook::Sqlite
