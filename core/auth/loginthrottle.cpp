#include "core/auth/loginthrottle.h"

#include "core/auth/saslprep.h"

#include <algorithm>

namespace Postnook::Auth
{

namespace
{

constexpr auto FirstDelayMs = 1000;
constexpr auto MaxDoublings = 3; // 8 s: a guess every 8 s finds nothing, a person can still wait
constexpr auto LoopbackCapMs = 1000;
constexpr auto MemoryMs = 15 * 60 * 1000;
constexpr auto MaxKeyChars = 256; // names may be long as a line: a bound for the memory

QString keyFor(const QString &address, const QString &user)
{
    return (address + QLatin1Char(' ') + foldName(user.left(MaxKeyChars))).left(MaxKeyChars);
}

} // namespace

bool LoginThrottle::isForgotten(const Entry &entry) const
{
    return m_now() - entry.lastMs >= MemoryMs;
}

int LoginThrottle::delayMs(const QString &address, bool isLoopback, const QString &user) const
{
    const auto it = m_entries.constFind(keyFor(address, user));
    if (it == m_entries.cend() || isForgotten(*it)) {
        return 0;
    }
    const int delay = FirstDelayMs << std::min(it->failures - 1, MaxDoublings);
    return isLoopback ? std::min(delay, LoopbackCapMs) : delay;
}

void LoginThrottle::noteFailure(const QString &address, const QString &user)
{
    const QString key = keyFor(address, user);
    if (!m_entries.contains(key) && m_entries.size() >= MaxEntries) {
        // A failure costs the sender a hash and a delay; beside those, this walk is nothing.
        m_entries.erase(std::min_element(
            m_entries.begin(), m_entries.end(), [](const Entry &a, const Entry &b) {
                return a.lastMs < b.lastMs;
            }));
    }
    Entry &entry = m_entries[key];
    if (isForgotten(entry)) {
        entry.failures = 0;
    }
    entry.failures = std::min(entry.failures, MaxDoublings) + 1;
    entry.lastMs = m_now();
}

void LoginThrottle::noteSuccess(const QString &address, const QString &user)
{
    m_entries.remove(keyFor(address, user));
}

} // namespace Postnook::Auth
