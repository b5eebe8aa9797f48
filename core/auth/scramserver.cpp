#include "core/auth/scramserver.h"

#include "core/auth/credentials.h"
#include "core/auth/saslmessage.h"
#include "core/auth/saslprep.h"

#include <algorithm>

namespace Postnook::Auth
{

namespace
{

Error malformed(const char *what)
{
    return {ErrorCode::Invalid, QStringLiteral("SCRAM: ") + QLatin1String(what)};
}

Error wrong(const char *what)
{
    return {ErrorCode::NotPermitted, QStringLiteral("SCRAM: ") + QLatin1String(what)};
}

// Reads "a=value" elements (RFC 5802 section 7) from the left.
class AttributeReader
{
public:
    explicit AttributeReader(QByteArrayView text)
        : m_rest(text)
    {
    }

    bool atEnd() const { return m_atEnd; }
    QByteArrayView next() // up to the next comma
    {
        const auto comma = m_rest.indexOf(',');
        const auto element = comma < 0 ? m_rest : m_rest.first(comma);
        m_atEnd = comma < 0;
        m_rest = comma < 0 ? QByteArrayView() : m_rest.sliced(comma + 1);
        return element;
    }
    QByteArrayView rest() const { return m_rest; }

private:
    QByteArrayView m_rest;
    bool m_atEnd = false;
};

// The value of an element named `name`; null when it is another one or has no value.
QByteArrayView valueOf(QByteArrayView element, char name)
{
    const bool fits = element.size() > 2 && element[0] == name && element[1] == '=';
    return fits ? element.sliced(2) : QByteArrayView();
}

// attr-val. An unknown extension is passed over, but "m=" is one that must be understood.
bool isHarmlessExtension(QByteArrayView element)
{
    const auto isAlpha = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return element.size() > 2 && isAlpha(element[0]) && element[1] == '=' && element[0] != 'm';
}

// saslname: "=2C" is a comma, "=3D" an equals sign, any other '=' is a fault. Null on a fault.
QByteArray unescapeName(QByteArrayView escaped)
{
    QByteArray name;
    for (qsizetype i = 0; i < escaped.size(); ++i) {
        if (escaped[i] != '=') {
            name.append(escaped[i]);
            continue;
        }
        const auto code = escaped.sliced(i).first(std::min<qsizetype>(3, escaped.size() - i));
        if (code != "=2C" && code != "=3D") {
            return {};
        }
        name.append(code == "=2C" ? ',' : '=');
        i += 2;
    }
    return name;
}

Result<QString> userName(QByteArrayView escaped)
{
    const QByteArray name = unescapeName(escaped);
    if (name.isEmpty() || name.size() > MaxPasswordBytes) {
        return malformed("no usable name");
    }
    return saslPrep(QString::fromUtf8(name));
}

bool isNonce(QByteArrayView text)
{
    const auto isPrintable = [](char c) { return c > 0x20 && c < 0x7f && c != ','; };
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), isPrintable);
}

QByteArray exclusiveOr(QByteArray a, const QByteArray &b)
{
    for (qsizetype i = 0; i < a.size() && i < b.size(); ++i) {
        a[i] = static_cast<char>(a[i] ^ b[i]);
    }
    return a;
}

} // namespace

Result<QString> ScramServer::begin(QByteArrayView clientFirst)
{
    if (m_step != Step::Begin) {
        return malformed("out of order");
    }
    m_step = Step::Over;
    if (!clientFirst.isValidUtf8() || clientFirst.contains('\0')) {
        return malformed("not UTF-8");
    }

    AttributeReader reader(clientFirst);
    const auto binding = reader.next();
    if (binding.startsWith("p=")) {
        return malformed("channel binding is not supported");
    }
    const auto authzid = reader.next();
    if ((binding != "n" && binding != "y") || reader.atEnd()) {
        return malformed("no GS2 header");
    }
    m_gs2Header = binding.toByteArray() + ',' + authzid.toByteArray() + ',';
    m_clientFirstBare = reader.rest().toByteArray();

    auto user = userName(valueOf(reader.next(), 'n'));
    if (!user) {
        return user;
    }
    if (!authzid.isEmpty()) {
        const auto other = userName(valueOf(authzid, 'a'));
        if (!other) {
            return other;
        }
        m_isForAnother = foldName(*other) != foldName(*user);
    }
    m_nonce = valueOf(reader.next(), 'r').toByteArray();
    if (!isNonce(m_nonce)) {
        return malformed("no nonce");
    }
    while (!reader.atEnd()) {
        if (!isHarmlessExtension(reader.next())) {
            return malformed("an extension that is not supported");
        }
    }
    m_step = Step::Challenge;
    return user;
}

QByteArray ScramServer::challenge(const ScramCredentials &credentials, const QByteArray &nonce)
{
    Q_ASSERT_X(
        m_step == Step::Challenge && isNonce(nonce), "ScramServer", "challenge out of order");
    m_step = m_step == Step::Challenge ? Step::Finish : Step::Over;
    m_credentials = credentials;
    m_nonce += nonce;
    m_serverFirst = "r=" + m_nonce + ",s=" + credentials.salt.toBase64()
        + ",i=" + QByteArray::number(credentials.iterations);
    return m_serverFirst;
}

Result<QByteArray> ScramServer::finish(QByteArrayView clientFinal)
{
    if (m_step != Step::Finish) {
        return malformed("out of order");
    }
    m_step = Step::Over;

    AttributeReader reader(clientFinal);
    const auto binding = valueOf(reader.next(), 'c');
    const auto nonce = valueOf(reader.next(), 'r');
    auto last = reader.next();
    while (!reader.atEnd()) {
        if (!isHarmlessExtension(last)) {
            return malformed("an extension that is not supported");
        }
        last = reader.next();
    }
    const auto proof = decodeSaslLine(valueOf(last, 'p'));
    if (binding.isEmpty() || nonce.isEmpty() || !proof
        || proof->size() != m_credentials.storedKey.size()) {
        return malformed("no binding, nonce or proof");
    }
    if (binding != m_gs2Header.toBase64()) {
        return wrong("the channel binding is not that of the first message");
    }
    if (nonce != m_nonce) {
        return wrong("the nonce is not the one that was sent");
    }

    // RFC 5802 section 3: the proof is ClientKey XOR ClientSignature.
    const auto withoutProof = clientFinal.chopped(last.size() + 1);
    const QByteArray authMessage =
        m_clientFirstBare + ',' + m_serverFirst + ',' + withoutProof.toByteArray();
    const QByteArray clientKey =
        exclusiveOr(*proof, hmacSha256(m_credentials.storedKey, authMessage));
    if (!isSameSecret(sha256(clientKey), m_credentials.storedKey)) {
        return wrong("the proof is not right");
    }
    return "v=" + hmacSha256(m_credentials.serverKey, authMessage).toBase64();
}

} // namespace Postnook::Auth
