#include "core/search/keycache.h"

#include <memory>

namespace Postnook
{

qint64 KeyColumn::sizeBytes() const
{
    constexpr qint64 Allocation = 32; // what a container takes beside its elements
    qint64 bytes = names.sizeBytes();
    bytes += uids.size() * static_cast<qint64>(sizeof(Uid));
    bytes += numbers.size() * static_cast<qint64>(sizeof(qint64));
    for (const ThreadMessage &thread : threads) {
        bytes += static_cast<qint64>(sizeof(ThreadMessage)) + Allocation
            + thread.references.size() * static_cast<qint64>(sizeof(ThreadName));
    }
    return bytes;
}

void KeyColumn::add(Uid uid, const KeyColumn &from, qsizetype at)
{
    uids.append(uid);
    if (!from.threads.isEmpty()) {
        threads.append(from.threads[at]);
    } else {
        numbers.append(from.numbers[at]);
    }
}

KeyColumn merged(const KeyColumn &known, const KeyColumn &found)
{
    if (known.uids.isEmpty()) {
        return found;
    }
    KeyColumn both;
    both.names = found.names;
    both.isLasting = known.isLasting && found.isLasting;
    both.unkept = known.unkept + found.unkept;
    both.isDiskKnown = known.isDiskKnown;
    qsizetype next = 0;
    for (qsizetype i = 0; i < known.uids.size(); ++i) {
        for (; next < found.uids.size() && found.uids[next] < known.uids[i]; ++next) {
            both.add(found.uids[next], found, next);
        }
        both.add(known.uids[i], known, i);
    }
    for (; next < found.uids.size(); ++next) {
        both.add(found.uids[next], found, next);
    }
    return both;
}

KeyCache::KeyCache(qint64 maxBytes)
    : m_columns(maxBytes)
{
}

KeyColumn KeyCache::known(const KeyPlace &place)
{
    const std::lock_guard lock(m_mutex);
    const KeyColumn *column = m_columns.object(place);
    return column != nullptr ? *column : KeyColumn();
}

void KeyCache::keep(const KeyPlace &place, const KeyColumn &column)
{
    auto kept = std::make_unique<KeyColumn>(column);
    const qint64 sizeBytes = column.sizeBytes();
    const std::lock_guard lock(m_mutex);
    m_columns.remove(place); // or others would have to make room for both
    m_columns.insert(place, kept.release(), sizeBytes);
}

void KeyCache::forget(AccountId account)
{
    const std::lock_guard lock(m_mutex);
    const auto places = m_columns.keys();
    for (const KeyPlace &place : places) {
        if (place.account == account) {
            m_columns.remove(place);
        }
    }
}

} // namespace Postnook
