#pragma once

#include "storage/result.h"
#include "storage/store.h"

#include <QByteArray>
#include <QString>

namespace Postnook::Auth
{

// The most that Cyrus SASL's SCRAM client takes (its MAX_ITERATIONS_COUNTER): above it, mbsync and
// others cannot log in at all.
constexpr auto DefaultIterations = 65'536;
constexpr auto MinIterations = 4096; // RFC 7677 section 4; clients refuse less
constexpr auto MaxIterations = 10'000'000; // 5 to 8 s of CPU for one login: surely a mistake
constexpr auto SaltBytes = 16; // of a new account; fake salts are as long
constexpr auto MaxPasswordBytes = 1000; // of UTF-8: a bound for the hash, far above any password

// PBKDF2-SHA-256 by libcrypto: 30 to 50 ms of CPU at the default iterations; pool threads only.
// Invalid: a password that saslPrep() refuses or that is too long, an empty salt, iterations out
// of bounds.
Result<ScramCredentials>
deriveCredentials(const QString &password, const QByteArray &salt, int iterations);

// Constant-time comparison of what the password derives to; the same CPU as deriving, also for a
// password that no account can have. Pool threads only.
bool verifyPassword(const ScramCredentials &credentials, const QString &password);

// What an unknown user seems to have: stable for a name in any case, made from the server's
// secret, and right for no password. `iterations` are those of all accounts, at least one: another
// number would tell that there is no such user.
ScramCredentials fakeCredentials(const QByteArray &serverSecret,
                                 const QString &userName,
                                 const QList<int> &iterations);

// RFC 2104 and RFC 6234, 32 bytes each. The HMAC is null when libcrypto fails.
QByteArray hmacSha256(const QByteArray &key, const QByteArray &message);
QByteArray sha256(const QByteArray &bytes);
// Takes the same time wherever the two differ; false for different lengths and for empty ones.
bool isSameSecret(const QByteArray &a, const QByteArray &b);

} // namespace Postnook::Auth
