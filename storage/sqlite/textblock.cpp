#include "storage/sqlite/textblock.h"

#include <QtEndian>

#include <zstd.h>

#include <algorithm>
#include <numeric>

namespace Postnook::Sqlite
{

namespace
{

constexpr qsizetype DigestBytes = 8;
constexpr int CompressionLevel = 3;

// An entry of the directory: id (8), digest (8), size of each part (4), numbers little-endian.
constexpr qsizetype SizeBytes = 4;
constexpr qsizetype EntryBytes = 8 + DigestBytes + TextParts * SizeBytes;
constexpr std::array<TextPart, TextParts> AllParts{TextPart::Head, TextPart::Body};

// What a damaged size may make us reserve; no text can be longer than its message.
constexpr qint64 MaxTextsBytes = 1LL << 31;

Error damaged()
{
    return {ErrorCode::Corrupt, QStringLiteral("a block of search texts is damaged")};
}

} // namespace

QByteArray compressed(const QByteArray &bytes)
{
    const auto size = static_cast<size_t>(bytes.size());
    QByteArray smaller(static_cast<qsizetype>(ZSTD_compressBound(size)), Qt::Uninitialized);
    auto *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, CompressionLevel);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    const auto written = ZSTD_compress2(
        context, smaller.data(), static_cast<size_t>(smaller.size()), bytes.constData(), size);
    ZSTD_freeCCtx(context);
    smaller.resize(ZSTD_isError(written) != 0U ? 0 : static_cast<qsizetype>(written));
    return smaller;
}

void TextDecompressor::Deleter::operator()(ZSTD_DCtx_s *context) const
{
    ZSTD_freeDCtx(context);
}

TextDecompressor::TextDecompressor()
    : m_context(ZSTD_createDCtx())
{
}

Result<QByteArray> TextDecompressor::decompressed(const QByteArray &bytes, qint64 size)
{
    if (size < 0 || size > MaxTextsBytes) {
        return damaged();
    }
    QByteArray texts(static_cast<qsizetype>(size), Qt::Uninitialized);
    const auto written = ZSTD_decompressDCtx(m_context.get(),
                                             texts.data(),
                                             static_cast<size_t>(size),
                                             bytes.constData(),
                                             static_cast<size_t>(bytes.size()));
    if (ZSTD_isError(written) != 0U || written != static_cast<size_t>(size)) {
        return damaged();
    }
    return texts;
}

Result<TextBlock> TextBlock::fromDirectory(const QByteArray &directory)
{
    if (directory.size() % EntryBytes != 0) {
        return damaged();
    }
    TextBlock block;
    block.m_entries.reserve(directory.size() / EntryBytes);
    for (qsizetype at = 0; at < directory.size(); at += EntryBytes) {
        const char *stored = directory.constData() + at;
        Entry entry{
            ContentId(qFromLittleEndian<qint64>(stored)), QByteArray(stored + 8, DigestBytes), {}};
        for (size_t part = 0; part < TextParts; ++part) {
            const auto offset = 8 + DigestBytes + static_cast<qsizetype>(part) * SizeBytes;
            entry.sizeBytes[part] = qFromLittleEndian<qint32>(stored + offset);
            if (entry.sizeBytes[part] < 0) {
                return damaged();
            }
        }
        if (!block.isEmpty() && entry.id <= block.m_entries.last().id) {
            return damaged();
        }
        block.m_entries.append(entry);
    }
    return block;
}

Result<TextBlock> TextBlock::fromStored(const QByteArray &directory,
                                        const QByteArray &heads,
                                        const QByteArray &bodies)
{
    auto block = fromDirectory(directory);
    if (!block) {
        return block;
    }
    TextDecompressor decompressor;
    const auto loaded = block->load(TextPart::Head, heads, decompressor).and_then([&] {
        return block->load(TextPart::Body, bodies, decompressor);
    });
    return loaded ? block : loaded.error();
}

Result<void> TextBlock::load(TextPart part, const QByteArray &compressed, TextDecompressor &with)
{
    qint64 size = 0;
    for (const Entry &entry : std::as_const(m_entries)) {
        size += entry.sizeBytes[indexOf(part)];
    }
    auto texts = with.decompressed(compressed, size);
    if (!texts) {
        return texts.error();
    }
    m_columns[indexOf(part)] = std::move(*texts);
    return {};
}

void TextBlock::append(ContentId id, const QByteArray &sha256, const IndexText &text)
{
    m_entries.append({id, sha256.first(DigestBytes), {text.head.size(), text.body.size()}});
    for (const TextPart part : AllParts) {
        auto &column = m_columns[indexOf(part)];
        column = column.value_or(QByteArray()) + text.part(part);
    }
}

std::optional<QByteArray> TextBlock::text(ContentId id, TextPart part) const
{
    qsizetype offset = 0;
    for (const Entry &entry : m_entries) {
        const auto size = entry.sizeBytes[indexOf(part)];
        if (entry.id == id) {
            return m_columns[indexOf(part)]->mid(offset, size);
        }
        offset += size;
    }
    return std::nullopt;
}

void TextBlock::remove(ContentId id)
{
    std::array<qsizetype, TextParts> offsets{};
    for (qsizetype i = 0; i < m_entries.size(); ++i) {
        const auto sizes = m_entries[i].sizeBytes;
        if (m_entries[i].id == id) {
            for (const TextPart part : AllParts) {
                const auto index = indexOf(part);
                m_columns[index]->remove(offsets[index], sizes[index]);
            }
            m_entries.removeAt(i);
            return;
        }
        for (size_t index = 0; index < TextParts; ++index) {
            offsets[index] += sizes[index];
        }
    }
}

qsizetype TextBlock::sizeBytes() const
{
    qsizetype size = 0;
    for (const Entry &entry : m_entries) {
        size += std::accumulate(entry.sizeBytes.begin(), entry.sizeBytes.end(), qsizetype(0));
    }
    return size;
}

QByteArray TextBlock::directory() const
{
    QByteArray directory(m_entries.size() * EntryBytes, Qt::Uninitialized);
    char *at = directory.data();
    for (const Entry &entry : m_entries) {
        qToLittleEndian(entry.id.value, at);
        at = std::copy(entry.digest.begin(), entry.digest.end(), at + 8);
        for (const qsizetype size : entry.sizeBytes) {
            qToLittleEndian(static_cast<qint32>(size), at);
            at += SizeBytes;
        }
    }
    return directory;
}

QByteArray TextBlock::compressed(TextPart part) const
{
    return Sqlite::compressed(m_columns[indexOf(part)].value_or(QByteArray()));
}

} // namespace Postnook::Sqlite
