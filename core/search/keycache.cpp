#include "core/search/keycache.h"

#include <algorithm>

namespace Postnook
{

qint64 KeyColumn::sizeBytes() const
{
    constexpr qint64 Allocation = 32; // what a container takes beside its elements
    qint64 bytes = names.sizeBytes();
    bytes += uids.size() * static_cast<qint64>(sizeof(Uid));
    bytes += numbers.size() * static_cast<qint64>(sizeof(qint64));
    for (const QByteArray &text : texts) {
        bytes += static_cast<qint64>(sizeof(QByteArray)) + Allocation + text.size();
    }
    for (const ThreadMessage &thread : threads) {
        bytes += static_cast<qint64>(sizeof(ThreadMessage)) + Allocation
            + thread.references.size() * static_cast<qint64>(sizeof(ThreadName));
    }
    return bytes;
}

void KeyColumn::add(Uid uid, const KeyColumn &from, qsizetype at)
{
    uids.append(uid);
    if (!from.texts.isEmpty()) {
        texts.append(from.texts[at]);
    } else if (!from.threads.isEmpty()) {
        threads.append(from.threads[at]);
    } else {
        numbers.append(from.numbers[at]);
    }
}

KeyColumn merged(const KeyColumn &known, const KeyColumn &found)
{
    KeyColumn both;
    both.names = found.names;
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
    : m_maxBytes(maxBytes)
{
}

KeyColumn KeyCache::known(const KeyPlace &place)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_entries.find(place);
    if (found == m_entries.end()) {
        return {};
    }
    found->second.lastUse = ++m_uses;
    return found->second.column;
}

// What was used least recently makes room.
void KeyCache::keep(const KeyPlace &place, const KeyColumn &column)
{
    const qint64 sizeBytes = column.sizeBytes();
    const std::lock_guard lock(m_mutex);
    if (const auto old = m_entries.find(place); old != m_entries.end()) {
        m_bytes -= old->second.sizeBytes;
        m_entries.erase(old);
    }
    if (sizeBytes > m_maxBytes) {
        return;
    }
    m_bytes += sizeBytes;
    m_entries.emplace(place, Entry{column, sizeBytes, ++m_uses});
    while (m_bytes > m_maxBytes) {
        const auto oldest =
            std::min_element(m_entries.begin(), m_entries.end(), [](const auto &a, const auto &b) {
                return a.second.lastUse < b.second.lastUse;
            });
        m_bytes -= oldest->second.sizeBytes;
        m_entries.erase(oldest);
    }
}

void KeyCache::forget(AccountId account)
{
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_entries, [&](const auto &entry) {
        const bool isOfAccount = entry.first.account == account;
        m_bytes -= isOfAccount ? entry.second.sizeBytes : 0;
        return isOfAccount;
    });
}

} // namespace Postnook
