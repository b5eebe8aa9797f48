#include "storage/sqlite/textblock.h"

#include <QtEndian>

#include <zstd.h>

#include <algorithm>

namespace Postnook::Sqlite
{

namespace
{

constexpr qsizetype DigestBytes = 8;
constexpr int CompressionLevel = 3;

// An entry of the directory: id (8), digest (8), size (4), numbers little-endian.
constexpr qsizetype EntryBytes = 8 + DigestBytes + 4;

// What a damaged size may make us reserve; no text can be longer than its message.
constexpr unsigned long long MaxTextsBytes = 1ULL << 31;

Error damaged()
{
    return {ErrorCode::Corrupt, QStringLiteral("a block of search texts is damaged")};
}

Result<QByteArray> decompressed(const QByteArray &bytes, qsizetype size)
{
    QByteArray texts(size, Qt::Uninitialized);
    const auto written = ZSTD_decompress(texts.data(),
                                         static_cast<size_t>(size),
                                         bytes.constData(),
                                         static_cast<size_t>(bytes.size()));
    if (ZSTD_isError(written) != 0U || written != static_cast<size_t>(size)) {
        return damaged();
    }
    return texts;
}

} // namespace

Result<QList<TextBlock::Entry>> TextBlock::entriesFromStored(const QByteArray &directory)
{
    if (directory.size() % EntryBytes != 0) {
        return damaged();
    }
    QList<Entry> entries;
    entries.reserve(directory.size() / EntryBytes);
    for (qsizetype at = 0; at < directory.size(); at += EntryBytes) {
        const char *entry = directory.constData() + at;
        entries.append({ContentId(qFromLittleEndian<qint64>(entry)),
                        QByteArray(entry + 8, DigestBytes),
                        qFromLittleEndian<qint32>(entry + 8 + DigestBytes)});
        const bool isBehind =
            entries.size() == 1 || entries[entries.size() - 2].id < entries.last().id;
        if (entries.last().sizeBytes < 0 || !isBehind) {
            return damaged();
        }
    }
    return entries;
}

Result<TextBlock> TextBlock::fromStored(const QByteArray &directory, const QByteArray &compressed)
{
    auto entries = entriesFromStored(directory);
    if (!entries) {
        return entries.error();
    }
    unsigned long long size = 0;
    for (const Entry &entry : std::as_const(*entries)) {
        size += static_cast<unsigned long long>(entry.sizeBytes);
    }
    if (size > MaxTextsBytes) {
        return damaged();
    }
    auto texts = decompressed(compressed, static_cast<qsizetype>(size));
    if (!texts) {
        return texts.error();
    }
    TextBlock block;
    block.m_entries = std::move(*entries);
    block.m_texts = std::move(*texts);
    return block;
}

void TextBlock::append(ContentId id, const QByteArray &sha256, const QByteArray &text)
{
    m_entries.append({id, sha256.first(DigestBytes), text.size()});
    m_texts.append(text);
}

std::optional<QByteArray> TextBlock::text(ContentId id) const
{
    qsizetype offset = 0;
    for (const Entry &entry : m_entries) {
        if (entry.id == id) {
            return m_texts.mid(offset, entry.sizeBytes);
        }
        offset += entry.sizeBytes;
    }
    return std::nullopt;
}

void TextBlock::remove(ContentId id)
{
    qsizetype offset = 0;
    for (qsizetype i = 0; i < m_entries.size(); ++i) {
        if (m_entries[i].id == id) {
            m_texts.remove(offset, m_entries[i].sizeBytes);
            m_entries.removeAt(i);
            return;
        }
        offset += m_entries[i].sizeBytes;
    }
}

QByteArray TextBlock::directory() const
{
    QByteArray directory(m_entries.size() * EntryBytes, Qt::Uninitialized);
    char *at = directory.data();
    for (const Entry &entry : m_entries) {
        qToLittleEndian(entry.id.value, at);
        std::copy(entry.digest.begin(), entry.digest.end(), at + 8);
        qToLittleEndian(static_cast<qint32>(entry.sizeBytes), at + 8 + DigestBytes);
        at += EntryBytes;
    }
    return directory;
}

QByteArray TextBlock::compressed() const
{
    const auto size = static_cast<size_t>(m_texts.size());
    QByteArray bytes(static_cast<qsizetype>(ZSTD_compressBound(size)), Qt::Uninitialized);
    auto *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, CompressionLevel);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    const auto written = ZSTD_compress2(
        context, bytes.data(), static_cast<size_t>(bytes.size()), m_texts.constData(), size);
    ZSTD_freeCCtx(context);
    bytes.resize(ZSTD_isError(written) != 0U ? 0 : static_cast<qsizetype>(written));
    return bytes;
}

} // namespace Postnook::Sqlite
