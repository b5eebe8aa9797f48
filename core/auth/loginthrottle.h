#pragma once

#include <QHash>
#include <QString>

#include <functional>

namespace Postnook::Auth
{

// Slows down guessing: a failed login of an address and user pair delays the answer to the next
// one by 1 s, doubling to 8 s, forgotten after 15 minutes without a failure or by a success.
// A right password over loopback is never delayed for long: loopback pairs cap at 1 s. Bounded
// memory: at most MaxEntries pairs, the oldest go first. Names are compared as accounts are
// (foldName), so that spelling one another way does not start anew. Event loop thread.
class LoginThrottle
{
public:
    static constexpr auto MaxEntries = 10'000;

    // A clock that never goes back, in milliseconds.
    explicit LoginThrottle(std::function<qint64()> monotonicMs)
        : m_now(std::move(monotonicMs))
    {
    }

    // How long to wait before a login attempt is looked at.
    int delayMs(const QString &address, bool isLoopback, const QString &user) const;
    void noteFailure(const QString &address, const QString &user);
    void noteSuccess(const QString &address, const QString &user);

private:
    struct Entry {
        int failures = 0;
        qint64 lastMs = 0;
    };
    bool isForgotten(const Entry &entry) const;

    std::function<qint64()> m_now;
    QHash<QString, Entry> m_entries;
};

} // namespace Postnook::Auth
