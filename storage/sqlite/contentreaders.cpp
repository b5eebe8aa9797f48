#include "storage/sqlite/contentreaders.h"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace Postnook::Sqlite
{

namespace
{

// How many bytes a read of `maxBytes` from `offset` gives.
qsizetype available(quint64 sizeBytes, quint64 offset, qsizetype maxBytes)
{
    if (offset >= sizeBytes || maxBytes <= 0) {
        return 0;
    }
    return static_cast<qsizetype>(std::min(sizeBytes - offset, static_cast<quint64>(maxBytes)));
}

Error damaged(const QString &what)
{
    return {ErrorCode::Corrupt, QStringLiteral("stored message is damaged: ") + what};
}

class StagedReader : public ContentReader
{
public:
    explicit StagedReader(StagedContent content)
        : m_content(std::move(content))
    {
    }

    quint64 sizeBytes() const override { return m_content.sizeBytes(); }

    Result<QByteArray> read(quint64 offset, qsizetype maxBytes) override
    {
        return m_content.data()->bytes.mid(static_cast<qsizetype>(offset),
                                           available(sizeBytes(), offset, maxBytes));
    }

private:
    StagedContent m_content;
};

class FileReader : public ContentReader
{
public:
    FileReader(std::unique_ptr<OpenFile> file, quint64 sizeBytes, StagedContent staged = {})
        : m_staged(std::move(staged))
        , m_file(std::move(file))
        , m_sizeBytes(sizeBytes)
    {
    }

    quint64 sizeBytes() const override { return m_sizeBytes; }

    Result<QByteArray> read(quint64 offset, qsizetype maxBytes) override
    {
        const auto wanted = available(m_sizeBytes, offset, maxBytes);
        if (wanted == 0) {
            return QByteArray();
        }
        auto bytes = m_file->read(offset, wanted);
        if (bytes && bytes->size() < wanted) {
            return damaged(QStringLiteral("its file is too short"));
        }
        return bytes;
    }

private:
    StagedContent m_staged; // the file goes with it
    std::unique_ptr<OpenFile> m_file;
    quint64 m_sizeBytes;
};

} // namespace

class RowContents::Reader : public ContentReader
{
public:
    Reader(RowContents &rows, sqlite3_blob *blob, quint64 sizeBytes)
        : m_rows(rows)
        , m_blob(blob)
        , m_sizeBytes(sizeBytes)
    {
    }
    ~Reader() override
    {
        sqlite3_blob_close(m_rows.m_spare);
        m_rows.m_spare = m_blob;
    }
    Reader(const Reader &) = delete;
    Reader &operator=(const Reader &) = delete;

    quint64 sizeBytes() const override { return m_sizeBytes; }

    Result<QByteArray> read(quint64 offset, qsizetype maxBytes) override
    {
        QByteArray bytes(available(m_sizeBytes, offset, maxBytes), Qt::Uninitialized);
        if (bytes.isEmpty()) {
            return bytes;
        }
        const int code = sqlite3_blob_read(
            m_blob, bytes.data(), static_cast<int>(bytes.size()), static_cast<int>(offset));
        if (code != SQLITE_OK) {
            return m_rows.m_database.errorFor(code, "read content_bytes");
        }
        return bytes;
    }

private:
    RowContents &m_rows;
    sqlite3_blob *m_blob;
    quint64 m_sizeBytes;
};

Result<sqlite3_blob *> RowContents::handleOn(ContentId id)
{
    auto *blob = std::exchange(m_spare, nullptr);
    const int code = blob != nullptr
        ? sqlite3_blob_reopen(blob, id.value)
        : sqlite3_blob_open(
            m_database.handle(), "main", "content_bytes", "bytes", id.value, 0, &blob);
    if (code == SQLITE_OK) {
        return blob;
    }
    sqlite3_blob_close(blob);
    if (code == SQLITE_ERROR) { // SQLite's answer to "no such row"
        return nullptr;
    }
    return m_database.errorFor(code, "open content_bytes");
}

Result<std::unique_ptr<ContentReader>> RowContents::open(ContentId id, quint64 sizeBytes)
{
    const auto blob = handleOn(id);
    if (!blob) {
        return blob.error();
    }
    if (*blob == nullptr) {
        return std::unique_ptr<ContentReader>();
    }
    auto reader = std::make_unique<Reader>(*this, *blob, sizeBytes);
    if (static_cast<quint64>(sqlite3_blob_bytes(*blob)) != sizeBytes) {
        return damaged(QStringLiteral("content %1 has another size").arg(id.value));
    }
    return std::unique_ptr<ContentReader>(std::move(reader));
}

void RowContents::end()
{
    sqlite3_blob_close(std::exchange(m_spare, nullptr));
}

std::unique_ptr<ContentReader> fileContent(std::unique_ptr<OpenFile> file, quint64 sizeBytes)
{
    return std::make_unique<FileReader>(std::move(file), sizeBytes);
}

Result<std::unique_ptr<ContentReader>> openStagedContent(ContentStore &store,
                                                         const StagedContent &content)
{
    if (content.isNull()) {
        return Error{ErrorCode::Invalid, QStringLiteral("no content is staged")};
    }
    if (!content.data()->file) {
        return std::unique_ptr<ContentReader>(std::make_unique<StagedReader>(content));
    }
    auto file = store.open(content.data()->file->name());
    if (!file) {
        return file.error();
    }
    return std::unique_ptr<ContentReader>(
        std::make_unique<FileReader>(std::move(*file), content.sizeBytes(), content));
}

} // namespace Postnook::Sqlite
