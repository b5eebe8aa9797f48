#include "core/auth/scram.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace Postnook::Fuzz
{

namespace
{

void checkPlain(QByteArrayView data)
{
    const auto plain = Auth::parsePlain(data);
    if (!plain) {
        return;
    }
    PROPERTY(!plain->authcid.isEmpty() && !plain->password.isEmpty());
    PROPERTY(plain->authzid.toUtf8() + '\0' + plain->authcid.toUtf8() + '\0'
                 + plain->password.toUtf8()
             == data);
}

void checkLine(QByteArrayView data)
{
    if (const auto decoded = Auth::decodeSaslLine(data)) {
        PROPERTY(decoded->toBase64() == data);
    }
}

// The first line is the client's first message, the second its last.
void checkScram(QByteArrayView data)
{
    static const auto credentials = *Auth::deriveCredentials(
        QStringLiteral("secret"), QByteArray(Auth::SaltBytes, 's'), Auth::MinIterations);
    const auto end = std::max<qsizetype>(data.indexOf('\n'), 0);
    Auth::ScramServer server;
    const auto name = server.begin(data.first(end));
    if (!name) {
        return;
    }
    PROPERTY(!name->isEmpty());
    const auto challenge = server.challenge(credentials, "nonce");
    PROPERTY(challenge.startsWith("r=") && challenge.contains("nonce,s="));
    // Nobody proves by chance that they know the password.
    PROPERTY(!server.finish(data.sliced(std::min(end + 1, data.size()))));
    PROPERTY(!server.finish(data)); // it is over
}

void checkPrep(QByteArrayView data)
{
    const auto text = QString::fromUtf8(data);
    if (const auto prepared = Auth::saslPrep(text)) {
        const auto again = Auth::saslPrep(*prepared);
        PROPERTY(again && *again == *prepared);
    }
    const auto folded = Auth::foldName(text);
    PROPERTY(Auth::foldName(folded) == folded);
}

} // namespace

void checkSasl(QByteArrayView data)
{
    checkPlain(data);
    checkLine(data);
    checkScram(data);
    checkPrep(data);
}

} // namespace Postnook::Fuzz
