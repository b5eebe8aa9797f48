#include "storage/sqlite/tablepages.h"

#include <QFile>
#include <QSet>
#include <QtEndian>

namespace Postnook::Sqlite
{

namespace
{

constexpr qsizetype HeaderBytes = 100;
constexpr unsigned char TableLeaf = 0x0d;
constexpr qsizetype LeafHeaderBytes = 8;
constexpr quint64 MaxRowBytes = 1'000'000'000; // SQLite's own limit
constexpr qsizetype MaxColumns = 100;

// Big-endian numbers out of bytes that may be too short: then it has failed.
class ByteReader
{
public:
    explicit ByteReader(QByteArrayView bytes)
        : m_bytes(bytes)
    {
    }

    bool hasFailed() const { return m_failed; }
    bool atEnd() const { return m_at >= m_bytes.size(); }
    qsizetype position() const { return m_at; }

    QByteArrayView take(qsizetype count)
    {
        m_failed = m_failed || count < 0 || count > m_bytes.size() - m_at;
        if (m_failed) {
            return {};
        }
        m_at += count;
        return m_bytes.sliced(m_at - count, count);
    }
    quint64 number(qsizetype octets)
    {
        quint64 value = 0;
        for (const char c : take(octets)) {
            value = value << 8 | static_cast<unsigned char>(c);
        }
        return value;
    }
    // Two's complement.
    qint64 integer(qsizetype octets)
    {
        const auto unused = static_cast<int>(64 - octets * 8);
        return static_cast<qint64>(number(octets) << unused) >> unused;
    }
    quint64 varint()
    {
        quint64 value = 0;
        for (int i = 0; i < 8; ++i) {
            const quint64 octet = number(1);
            value = value << 7 | (octet & 0x7f);
            if ((octet & 0x80) == 0) {
                return value;
            }
        }
        return value << 8 | number(1);
    }

private:
    QByteArrayView m_bytes;
    qsizetype m_at = 0;
    bool m_failed = false;
};

using Value = StoredRow::Value;

// The octets that a value of this serial type takes.
qsizetype sizeOf(quint64 type)
{
    constexpr qsizetype sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
    return type < 12 ? sizes[type] : static_cast<qsizetype>((type - 12) / 2);
}

Value valueOf(quint64 type, ByteReader &body)
{
    if (type == 0) {
        return {};
    }
    if (type == 7) {
        body.take(sizeOf(type));
        return {Value::Kind::Real};
    }
    if (type == 8 || type == 9) {
        return {Value::Kind::Integer, type == 9 ? 1 : 0};
    }
    if (type < 12) {
        return {Value::Kind::Integer, body.integer(sizeOf(type))};
    }
    return {type % 2 == 0 ? Value::Kind::Blob : Value::Kind::Text,
            0,
            body.take(sizeOf(type)).toByteArray()};
}

std::optional<QList<Value>> valuesOf(QByteArrayView record)
{
    ByteReader start(record);
    const quint64 headerBytes = start.varint();
    if (start.hasFailed() || headerBytes > static_cast<quint64>(record.size())
        || headerBytes < static_cast<quint64>(start.position())) {
        return std::nullopt;
    }
    ByteReader types(record.first(static_cast<qsizetype>(headerBytes)).sliced(start.position()));
    ByteReader body(record.sliced(static_cast<qsizetype>(headerBytes)));
    QList<Value> values;
    while (!types.atEnd() && !types.hasFailed() && !body.hasFailed()) {
        const quint64 type = types.varint();
        if (type == 10 || type == 11 || type > 2 * MaxRowBytes || values.size() == MaxColumns) {
            return std::nullopt;
        }
        values.append(valueOf(type, body));
    }
    if (types.hasFailed() || body.hasFailed() || !body.atEnd()) {
        return std::nullopt;
    }
    return values;
}

class PageFile
{
public:
    explicit PageFile(const QString &path)
        : m_file(path)
    {
    }

    Result<void> open()
    {
        if (!m_file.open(QIODevice::ReadOnly)) {
            return Error{ErrorCode::Unavailable, m_file.errorString()};
        }
        const QByteArray header = m_file.read(HeaderBytes);
        ByteReader reader(header);
        reader.take(16);
        const quint64 size = reader.number(2);
        m_pageBytes = static_cast<qsizetype>(size == 1 ? 65536 : size);
        reader.take(2);
        m_usableBytes = m_pageBytes - static_cast<qsizetype>(reader.number(1));
        if (reader.hasFailed() || m_pageBytes < 512 || m_usableBytes < 480) {
            return Error{ErrorCode::Corrupt, QStringLiteral("the file has no header")};
        }
        reader.take(11);
        readFreePages(reader.number(4));
        return {};
    }

    quint64 count() const { return static_cast<quint64>(m_file.size() / m_pageBytes); }
    bool isFree(quint64 page) const { return m_free.contains(page); }

    QByteArray page(quint64 number)
    {
        if (number == 0 || number > count()
            || !m_file.seek(static_cast<qint64>(number - 1) * m_pageBytes)) {
            return {};
        }
        return m_file.read(m_pageBytes).first(m_usableBytes);
    }

    // The row of a leaf's cell, with what lies on other pages.
    std::optional<StoredRow> rowAt(const QByteArray &leaf, qsizetype offset)
    {
        if (offset < LeafHeaderBytes || offset >= leaf.size()) {
            return std::nullopt;
        }
        ByteReader cell(QByteArrayView(leaf).sliced(offset));
        const quint64 bytes = cell.varint();
        const auto key = static_cast<qint64>(cell.varint());
        if (cell.hasFailed() || bytes > MaxRowBytes) {
            return std::nullopt;
        }
        const auto total = static_cast<qsizetype>(bytes);
        const qsizetype here = localBytes(total);
        QByteArray record = cell.take(here).toByteArray();
        for (quint64 next = here < total ? cell.number(4) : 0; record.size() < total;) {
            const QByteArray more = page(next);
            ByteReader reader(more);
            next = reader.number(4);
            const auto left = std::min(total - record.size(), m_usableBytes - 4);
            record += reader.take(left);
            if (reader.hasFailed()) {
                return std::nullopt;
            }
        }
        const auto values = cell.hasFailed() ? std::nullopt : valuesOf(record);
        return values ? std::optional(StoredRow(key, *values)) : std::nullopt;
    }

private:
    qsizetype localBytes(qsizetype total) const
    {
        const qsizetype most = m_usableBytes - 35;
        if (total <= most) {
            return total;
        }
        const qsizetype least = (m_usableBytes - 12) * 32 / 255 - 23;
        const qsizetype fitting = least + (total - least) % (m_usableBytes - 4);
        return fitting <= most ? fitting : least;
    }

    void readFreePages(quint64 trunk)
    {
        while (trunk != 0 && !m_free.contains(trunk)) {
            const QByteArray bytes = page(trunk);
            ByteReader reader(bytes);
            m_free.insert(trunk);
            trunk = reader.number(4);
            for (quint64 left = reader.number(4); left > 0 && !reader.hasFailed(); --left) {
                m_free.insert(reader.number(4));
            }
            if (reader.hasFailed()) {
                return;
            }
        }
    }

    QFile m_file;
    qsizetype m_pageBytes = 0;
    qsizetype m_usableBytes = 0; // of each page
    QSet<quint64> m_free;
};

} // namespace

Result<void> forEachStoredRow(const QString &file,
                              const std::function<Result<void>(const StoredRow &)> &visit)
{
    PageFile pages(file);
    if (auto opened = pages.open(); !opened) {
        return opened;
    }
    for (quint64 number = 2; number <= pages.count(); ++number) {
        if (pages.isFree(number)) {
            continue;
        }
        const QByteArray leaf = pages.page(number);
        ByteReader header(leaf);
        if (header.number(1) != TableLeaf) {
            continue;
        }
        header.take(2);
        const quint64 cells = header.number(2);
        header.take(3);
        for (quint64 i = 0; i < cells && !header.hasFailed(); ++i) {
            if (const auto row = pages.rowAt(leaf, static_cast<qsizetype>(header.number(2)))) {
                if (auto visited = visit(*row); !visited) {
                    return visited;
                }
            }
        }
    }
    return {};
}

} // namespace Postnook::Sqlite
