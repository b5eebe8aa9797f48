#include "storage/sqlite/contentwriter.h"

#include "storage/sqlite/contentreaders.h"

#include <openssl/evp.h>

namespace Postnook::Sqlite
{

namespace
{

constexpr int Sha256Bytes = 32;

} // namespace

void SqliteContentWriter::DigestDeleter::operator()(EVP_MD_CTX *context) const
{
    EVP_MD_CTX_free(context);
}

SqliteContentWriter::SqliteContentWriter(std::shared_ptr<ContentStore> store, quint64 sizeHint)
    : m_store(std::move(store))
    , m_digest(EVP_MD_CTX_new())
    , m_sizeHint(sizeHint)
{
    if (!m_digest || EVP_DigestInit_ex(m_digest.get(), EVP_sha256(), nullptr) != 1) {
        m_error = Error{ErrorCode::Internal, QStringLiteral("SHA-256 is not to be had")};
    }
}

SqliteContentWriter::~SqliteContentWriter() = default;

Result<void> SqliteContentWriter::write(QByteArrayView chunk)
{
    if (!m_error) {
        EVP_DigestUpdate(m_digest.get(), chunk.data(), static_cast<size_t>(chunk.size()));
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
    QByteArray sha256(Sha256Bytes, Qt::Uninitialized);
    if (EVP_DigestFinal_ex(
            m_digest.get(), reinterpret_cast<unsigned char *>(sha256.data()), nullptr)
        != 1) {
        return Error{ErrorCode::Internal, QStringLiteral("SHA-256 failed")};
    }
    auto data = std::make_shared<StagedContent::Data>();
    data->bytes = std::move(m_buffer);
    data->file = std::move(m_file);
    return StagedContent(std::move(data), m_sizeBytes, std::move(sha256));
}

Result<std::unique_ptr<ContentReader>> SqliteContentWriter::readBack(const StagedContent &finished)
{
    return openStagedContent(*m_store, finished);
}

} // namespace Postnook::Sqlite
