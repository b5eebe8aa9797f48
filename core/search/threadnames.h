#pragma once

#include <QByteArray>
#include <QHash>

#include <optional>

class QDataStream;

namespace Postnook
{

// Stands for a text that threads compare for equality alone; 0 is the empty one.
using ThreadName = quint32;

// The texts in the order they came in, so that the numbers are small. Of each there is a digest of
// 128 bits (BLAKE2s), which takes less room and cannot be forged. A value; pure.
class ThreadNames
{
public:
    ThreadName of(const QByteArray &text);
    void reserveFor(qsizetype messages); // that are still to come
    qsizetype size() const { return m_names.size(); } // also the highest number
    qint64 sizeBytes() const;

    void write(QDataStream &out) const;
    static std::optional<ThreadNames> read(QDataStream &in); // nullopt: damaged

private:
    struct Digest {
        quint64 first = 0;
        quint64 second = 0;

        friend bool operator==(const Digest &, const Digest &) = default;
        friend size_t qHash(const Digest &digest, size_t seed)
        {
            return static_cast<size_t>(digest.first) ^ seed;
        }
    };

    static Digest digestOf(const QByteArray &text);

    QHash<Digest, ThreadName> m_names;
};

} // namespace Postnook
