#include "core/search/threadnames.h"

#include <QCryptographicHash>
#include <QDataStream>
#include <QIODevice>
#include <QList>
#include <QtEndian>

#include <algorithm>

namespace Postnook
{

ThreadNames::Digest ThreadNames::digestOf(const QByteArray &text)
{
    const QByteArray hash = QCryptographicHash::hash(text, QCryptographicHash::Blake2s_128);
    return {qFromLittleEndian<quint64>(hash.constData()),
            qFromLittleEndian<quint64>(hash.constData() + sizeof(quint64))};
}

ThreadName ThreadNames::of(const QByteArray &text)
{
    if (text.isEmpty()) {
        return 0;
    }
    ThreadName &name = m_names[digestOf(text)];
    if (name == 0) {
        name = static_cast<ThreadName>(m_names.size());
    }
    return name;
}

void ThreadNames::reserveFor(qsizetype messages)
{
    constexpr qsizetype NamesOfMessage = 2; // its own and its subject; others name it again
    m_names.reserve(m_names.size() + NamesOfMessage * messages);
}

qint64 ThreadNames::sizeBytes() const
{
    constexpr qint64 Entry = 40; // of the table, with the room that it leaves
    return m_names.size() * Entry;
}

void ThreadNames::write(QDataStream &out) const
{
    QList<Digest> inOrder(m_names.size());
    for (auto it = m_names.begin(); it != m_names.end(); ++it) {
        inOrder[static_cast<qsizetype>(it.value()) - 1] = it.key();
    }
    out << static_cast<quint32>(inOrder.size());
    for (const Digest &digest : std::as_const(inOrder)) {
        out << digest.first << digest.second;
    }
}

std::optional<ThreadNames> ThreadNames::read(QDataStream &in)
{
    ThreadNames names;
    quint32 count = 0;
    in >> count;
    constexpr qint64 DigestBytes = sizeof(Digest);
    names.m_names.reserve(std::min<qint64>(count, in.device()->bytesAvailable() / DigestBytes));
    for (ThreadName name = 1; name <= count && in.status() == QDataStream::Ok; ++name) {
        Digest digest;
        in >> digest.first >> digest.second;
        names.m_names.insert(digest, name);
    }
    const bool isWhole = in.status() == QDataStream::Ok && names.m_names.size() == count;
    return isWhole ? std::optional(names) : std::nullopt;
}

} // namespace Postnook
