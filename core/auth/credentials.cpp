#include "core/auth/credentials.h"

#include "core/auth/saslprep.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <QtEndian>

namespace Postnook::Auth
{

namespace
{

uchar *bytesOf(QByteArray &array)
{
    return reinterpret_cast<uchar *>(array.data());
}

const uchar *bytesOf(const QByteArray &array)
{
    return reinterpret_cast<const uchar *>(array.constData());
}

bool areIterationsInBounds(int iterations)
{
    return iterations >= MinIterations && iterations <= MaxIterations;
}

// The bytes that are hashed for a password: the same for LOGIN, PLAIN and SCRAM clients.
Result<QByteArray> preparedPassword(const QString &password)
{
    if (password.toUtf8().size() > MaxPasswordBytes) {
        return Error{ErrorCode::Invalid,
                     QStringLiteral("longer than %1 bytes").arg(MaxPasswordBytes)};
    }
    return saslPrep(password).transform([](const QString &prepared) { return prepared.toUtf8(); });
}

// RFC 5802 section 3. Keys are null when libcrypto fails.
ScramCredentials derive(const QByteArray &preparedPassword, const QByteArray &salt, int iterations)
{
    QByteArray saltedPassword(SHA256_DIGEST_LENGTH, Qt::Uninitialized);
    const int done = PKCS5_PBKDF2_HMAC(preparedPassword.constData(),
                                       static_cast<int>(preparedPassword.size()),
                                       bytesOf(salt),
                                       static_cast<int>(salt.size()),
                                       iterations,
                                       EVP_sha256(),
                                       static_cast<int>(saltedPassword.size()),
                                       bytesOf(saltedPassword));
    if (done != 1) {
        return {};
    }
    return {salt,
            iterations,
            sha256(hmacSha256(saltedPassword, "Client Key")),
            hmacSha256(saltedPassword, "Server Key")};
}

} // namespace

QByteArray hmacSha256(const QByteArray &key, const QByteArray &message)
{
    QByteArray out(SHA256_DIGEST_LENGTH, Qt::Uninitialized);
    const uchar *done = HMAC(EVP_sha256(),
                             key.constData(),
                             static_cast<int>(key.size()),
                             bytesOf(message),
                             static_cast<size_t>(message.size()),
                             bytesOf(out),
                             nullptr);
    return done != nullptr ? out : QByteArray();
}

QByteArray sha256(const QByteArray &bytes)
{
    QByteArray out(SHA256_DIGEST_LENGTH, Qt::Uninitialized);
    SHA256(bytesOf(bytes), static_cast<size_t>(bytes.size()), bytesOf(out));
    return out;
}

bool isSameSecret(const QByteArray &a, const QByteArray &b)
{
    return a.size() == b.size() && !a.isEmpty()
        && CRYPTO_memcmp(a.constData(), b.constData(), static_cast<size_t>(a.size())) == 0;
}

Result<ScramCredentials>
deriveCredentials(const QString &password, const QByteArray &salt, int iterations)
{
    if (salt.isEmpty() || !areIterationsInBounds(iterations)) {
        return Error{ErrorCode::Invalid,
                     QStringLiteral("credentials take a salt and %1 to %2 iterations")
                         .arg(MinIterations)
                         .arg(MaxIterations)};
    }
    const auto prepared = preparedPassword(password);
    if (!prepared) {
        return prepared.error();
    }
    auto credentials = derive(*prepared, salt, iterations);
    if (credentials.serverKey.isEmpty()) {
        return Error{ErrorCode::Internal, QStringLiteral("libcrypto could not derive a key")};
    }
    return credentials;
}

bool verifyPassword(const ScramCredentials &credentials, const QString &password)
{
    if (!areIterationsInBounds(credentials.iterations)) {
        return false;
    }
    // A password that nobody can have is hashed as well, as another one, so that the time does not
    // tell it from a wrong one.
    const auto prepared = preparedPassword(password);
    const auto derived =
        derive(prepared.value_or(QByteArray("x")), credentials.salt, credentials.iterations);
    return isSameSecret(derived.storedKey, credentials.storedKey) && prepared;
}

ScramCredentials fakeCredentials(const QByteArray &serverSecret,
                                 const QString &userName,
                                 const QList<int> &iterations)
{
    const QByteArray name = foldName(userName).toUtf8();
    const QByteArray choice = hmacSha256(serverSecret, "iterations of " + name);
    const auto chosen = choice.isEmpty() ? 0 : qFromBigEndian<quint32>(choice.constData());
    // Keys that come from no password: nobody can know the proof that fits them.
    return {hmacSha256(serverSecret, "salt of " + name).left(SaltBytes),
            iterations.at(chosen % iterations.size()),
            hmacSha256(serverSecret, "stored key of " + name),
            hmacSha256(serverSecret, "server key of " + name)};
}

} // namespace Postnook::Auth
