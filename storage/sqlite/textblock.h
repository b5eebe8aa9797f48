#pragma once

#include "storage/result.h"
#include "storage/types.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace Postnook::Sqlite
{

// Search texts of neighbouring contents, compressed together (zstd): mail is much alike, and a text
// by itself is too short for what it repeats to pay. A value.
class TextBlock
{
public:
    // Of this much text a block is full; one text by itself may be longer.
    static constexpr qsizetype FullBytes = 64LL * 1024;

    struct Entry {
        ContentId id;
        QByteArray digest; // the first 8 bytes of the content's SHA-256
        qsizetype sizeBytes = 0;
    };

    // Corrupt when the two do not fit or the compressed bytes are damaged.
    static Result<TextBlock> fromStored(const QByteArray &directory, const QByteArray &compressed);
    // Corrupt.
    static Result<QList<Entry>> entriesFromStored(const QByteArray &directory);

    // In ascending order of ids.
    void append(ContentId id, const QByteArray &sha256, const QByteArray &text);
    std::optional<QByteArray> text(ContentId id) const;
    // Leaves the others where they are.
    void remove(ContentId id);

    const QList<Entry> &entries() const { return m_entries; }
    bool isEmpty() const { return m_entries.isEmpty(); }
    bool isFull() const { return m_texts.size() >= FullBytes; }
    qsizetype sizeBytes() const { return m_texts.size(); }

    QByteArray directory() const;
    QByteArray compressed() const;

private:
    QList<Entry> m_entries; // ascending
    QByteArray m_texts; // one behind the other
};

} // namespace Postnook::Sqlite
