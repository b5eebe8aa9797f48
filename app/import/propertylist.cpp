#include "app/import/propertylist.h"

#include <QXmlStreamReader>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

using Numbers = QHash<QString, qint64>;

constexpr QByteArrayView BinaryMagic = "bplist00";

std::optional<Numbers> numbersInXml(const QByteArray &plist)
{
    QXmlStreamReader reader(plist);
    if (!reader.readNextStartElement() || reader.name() != "plist"_L1
        || !reader.readNextStartElement() || reader.name() != "dict"_L1) {
        return {};
    }
    Numbers numbers;
    QString key;
    while (reader.readNextStartElement()) {
        if (reader.name() == "key"_L1) {
            key = reader.readElementText();
        } else if (reader.name() == "integer"_L1) {
            bool isNumber = false;
            const qint64 number = reader.readElementText().trimmed().toLongLong(&isNumber);
            if (isNumber) {
                numbers.insert(key, number);
            }
        } else {
            reader.skipCurrentElement();
        }
    }
    return reader.hasError() ? std::nullopt : std::optional(numbers);
}

// Objects that refer to each other by number, a table of where each begins, and a trailer that says
// where the table is. Nothing in it is believed without a look at the bounds.
class BinaryPropertyList
{
public:
    explicit BinaryPropertyList(QByteArrayView bytes)
        : m_bytes(bytes)
    {
    }

    std::optional<Numbers> numbers() const
    {
        const auto trailer = readTrailer();
        const auto top = trailer ? objectAt(*trailer, trailer->top) : std::nullopt;
        if (!top || top->kind != Dictionary || top->count > trailer->objects) {
            return {};
        }
        Numbers numbers;
        for (quint64 i = 0; i < top->count; ++i) {
            // The references of all keys, then those of the values.
            const auto key = textAt(*trailer, referenceAt(*trailer, *top, i));
            const auto value = integerAt(*trailer, referenceAt(*trailer, *top, top->count + i));
            if (key && value) {
                numbers.insert(*key, *value);
            }
        }
        return numbers;
    }

private:
    enum Kind : quint8 { Integer = 0x1, Ascii = 0x5, Utf16 = 0x6, Dictionary = 0xd };

    struct Trailer {
        quint64 offsetBytes = 0; // of one entry of the table
        quint64 referenceBytes = 0;
        quint64 objects = 0;
        quint64 top = 0;
        quint64 table = 0;
    };

    struct Object {
        quint8 kind = 0;
        quint64 count = 0; // of its items; of an integer the power of two that its bytes are
        quint64 data = 0; // where they begin
    };

    // Big endian, of at most eight bytes.
    std::optional<quint64> read(quint64 offset, quint64 bytes) const
    {
        const auto size = static_cast<quint64>(m_bytes.size());
        if (bytes == 0 || bytes > sizeof(quint64) || offset > size || size - offset < bytes) {
            return {};
        }
        quint64 number = 0;
        for (const char byte :
             m_bytes.sliced(static_cast<qsizetype>(offset), static_cast<qsizetype>(bytes))) {
            number = number << 8 | static_cast<quint8>(byte);
        }
        return number;
    }

    std::optional<Trailer> readTrailer() const
    {
        constexpr quint64 TrailerBytes = 32;
        const auto size = static_cast<quint64>(m_bytes.size());
        if (size < TrailerBytes) {
            return {};
        }
        const quint64 at = size - TrailerBytes;
        const Trailer trailer{*read(at + 6, 1),
                              *read(at + 7, 1),
                              *read(at + 8, 8),
                              *read(at + 16, 8),
                              *read(at + 24, 8)};
        // So that no product below can overflow.
        const bool isSane = trailer.offsetBytes <= sizeof(quint64)
            && trailer.referenceBytes <= sizeof(quint64) && trailer.objects <= size
            && trailer.table <= size;
        return isSane ? std::optional(trailer) : std::nullopt;
    }

    std::optional<Object> objectAt(const Trailer &trailer, std::optional<quint64> number) const
    {
        if (!number || *number >= trailer.objects) {
            return {};
        }
        const auto offset =
            read(trailer.table + *number * trailer.offsetBytes, trailer.offsetBytes);
        const auto marker = offset ? read(*offset, 1) : std::nullopt;
        if (!marker) {
            return {};
        }
        constexpr quint64 CountFollows = 0xf;
        Object object{static_cast<quint8>(*marker >> 4), *marker & 0xf, *offset + 1};
        if (object.kind != Integer && object.count == CountFollows) {
            const auto bytes = read(object.data, 1);
            const auto countBytes = bytes ? quint64(1) << (*bytes & 0x7) : 0;
            const auto count = read(object.data + 1, countBytes);
            if (!count) {
                return {};
            }
            object.count = *count;
            object.data += 1 + countBytes;
        }
        return object;
    }

    std::optional<quint64>
    referenceAt(const Trailer &trailer, const Object &object, quint64 index) const
    {
        return read(object.data + index * trailer.referenceBytes, trailer.referenceBytes);
    }

    std::optional<qint64> integerAt(const Trailer &trailer, std::optional<quint64> number) const
    {
        const auto object = objectAt(trailer, number);
        if (!object || object->kind != Integer) {
            return {};
        }
        const auto value = read(object->data, quint64(1) << object->count);
        return value ? std::optional(static_cast<qint64>(*value)) : std::nullopt;
    }

    std::optional<QString> textAt(const Trailer &trailer, std::optional<quint64> number) const
    {
        const auto object = objectAt(trailer, number);
        if (!object || (object->kind != Ascii && object->kind != Utf16)
            || object->count > static_cast<quint64>(m_bytes.size())) {
            return {};
        }
        QString text;
        const quint64 unitBytes = object->kind == Ascii ? 1 : 2;
        for (quint64 i = 0; i < object->count; ++i) {
            const auto unit = read(object->data + i * unitBytes, unitBytes);
            if (!unit) {
                return {};
            }
            text += QChar(static_cast<char16_t>(*unit));
        }
        return text;
    }

    QByteArrayView m_bytes;
};

} // namespace

std::optional<QHash<QString, qint64>> numbersInPropertyList(const QByteArray &plist)
{
    return plist.startsWith(BinaryMagic) ? BinaryPropertyList(plist).numbers()
                                         : numbersInXml(plist);
}

} // namespace Postnook
