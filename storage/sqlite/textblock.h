#pragma once

#include "storage/store.h"

#include <QByteArray>
#include <QList>

#include <array>
#include <memory>
#include <optional>

struct ZSTD_DCtx_s; // zstd's ZSTD_DCtx

namespace Postnook::Sqlite
{

// With a checksum (zstd). Pure.
QByteArray compressed(const QByteArray &bytes);

// What decompression works in: to make one takes as long as to use it. Of one thread at a time.
class TextDecompressor
{
public:
    TextDecompressor();

    Result<QByteArray> decompressed(const QByteArray &bytes, qint64 size); // Corrupt

private:
    struct Deleter {
        void operator()(ZSTD_DCtx_s *context) const;
    };
    std::unique_ptr<ZSTD_DCtx_s, Deleter> m_context;
};

// Search texts of neighbouring contents, their heads compressed together and their bodies (zstd):
// mail is much alike, and a text by itself is too short for what it repeats to pay. A value.
class TextBlock
{
public:
    // Of this much text a block is full; one text by itself may be longer.
    static constexpr qsizetype FullBytes = 64LL * 1024;

    struct Entry {
        ContentId id;
        QByteArray digest; // the first 8 bytes of the content's SHA-256
        std::array<qsizetype, TextParts> sizeBytes{}; // by TextPart
    };

    // Which texts it holds; the texts themselves are still to be loaded. Corrupt.
    static Result<TextBlock> fromDirectory(const QByteArray &directory);
    // With all of them. Corrupt.
    static Result<TextBlock>
    fromStored(const QByteArray &directory, const QByteArray &heads, const QByteArray &bodies);
    // Corrupt when they do not fit the directory or are damaged.
    Result<void> load(TextPart part, const QByteArray &compressed, TextDecompressor &with);
    bool isLoaded(TextPart part) const { return m_columns[indexOf(part)].has_value(); }

    // To a block that is empty or loaded whole; in ascending order of ids.
    void append(ContentId id, const QByteArray &sha256, const IndexText &text);
    // Of a part that is loaded; nothing for a content that is not here.
    std::optional<QByteArray> text(ContentId id, TextPart part) const;
    // From a block that is loaded whole; leaves the others where they are.
    void remove(ContentId id);

    const QList<Entry> &entries() const { return m_entries; }
    bool isEmpty() const { return m_entries.isEmpty(); }
    bool isFull() const { return sizeBytes() >= FullBytes; }
    qsizetype sizeBytes() const; // of the texts, both parts

    QByteArray directory() const;
    QByteArray compressed(TextPart part) const; // of a part that is loaded

private:
    static constexpr size_t indexOf(TextPart part) { return static_cast<size_t>(part); }

    QList<Entry> m_entries; // ascending
    // By TextPart, one text behind the other.
    std::array<std::optional<QByteArray>, TextParts> m_columns;
};

} // namespace Postnook::Sqlite
