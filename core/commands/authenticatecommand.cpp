#include "core/commands/authenticatecommand.h"

#include "core/commands/login.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

namespace
{

constexpr int NonceBytes = 18; // 24 printable characters

// As accounts are looked for.
bool isSameUser(const QString &a, const QString &b)
{
    const auto folded = [](const QString &name) {
        return Auth::foldName(Auth::saslPrep(name).value_or(name));
    };
    return folded(a) == folded(b);
}

} // namespace

AuthenticateCommand::AuthenticateCommand(Session &session)
    : Command(session)
{
}

AuthenticateCommand::~AuthenticateCommand() = default;

void AuthenticateCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    m_mechanism = arguments.atom().toUpper();
    std::optional<QByteArray> initial;
    if (arguments.trySpace()) {
        initial = arguments.word().toByteArray();
    }
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    if (m_mechanism != "PLAIN" && m_mechanism != "SCRAM-SHA-256") {
        finish(Status::no("This mechanism is not offered", "CANNOT"));
        return;
    }
    m_login = std::make_unique<Login>(
        session(), m_mechanism, [this](const Status &status, std::function<void()> after) {
            finish(status, std::move(after));
        });
    if (!initial) {
        challenge({});
    } else {
        lineReceived(*initial == "=" ? QByteArray() : *initial);
    }
}

void AuthenticateCommand::challenge(const QByteArray &text)
{
    session().send("+ " + text.toBase64() + "\r\n");
    session().expectLine(true);
}

void AuthenticateCommand::lineReceived(const QByteArray &line)
{
    session().expectLine(false);
    if (line == "*") {
        finish(Status::bad("Cancelled"));
        return;
    }
    const auto response = Auth::decodeSaslLine(line);
    if (!response) {
        finish(Status::bad("That is no base64"));
        return;
    }
    onResponse(*response);
}

void AuthenticateCommand::onResponse(const QByteArray &response)
{
    switch (m_step) {
    case Step::Initial:
        m_mechanism == "PLAIN" ? plain(response) : scramBegin(response);
        return;
    case Step::ScramProof:
        scramProof(response);
        return;
    case Step::ScramEnd:
        // RFC 5802 section 5: the client has seen the server's signature and says nothing more.
        response.isEmpty() ? m_login->succeed() : malformed();
        return;
    }
}

void AuthenticateCommand::malformed()
{
    finish(Status::bad("The response is malformed"));
}

void AuthenticateCommand::plain(const QByteArray &response)
{
    const auto plain = Auth::parsePlain(response);
    if (!plain) {
        malformed();
        return;
    }
    if (!plain->authzid.isEmpty() && !isSameUser(plain->authzid, plain->authcid)) {
        m_login->forAnother();
    }
    m_login->withPassword(plain->authcid, plain->password);
}

void AuthenticateCommand::scramBegin(const QByteArray &response)
{
    const auto user = m_scram.begin(response);
    if (!user) {
        malformed();
        return;
    }
    if (m_scram.isForAnother()) {
        m_login->forAnother();
    }
    m_login->findCredentials(*user, [this](const ScramCredentials &credentials) {
        m_step = Step::ScramProof;
        challenge(m_scram.challenge(credentials, options().randomBytes(NonceBytes).toBase64()));
        session().resumeInput();
    });
}

void AuthenticateCommand::scramProof(const QByteArray &response)
{
    const auto signature = m_scram.finish(response);
    if (signature) {
        m_step = Step::ScramEnd;
        challenge(*signature);
    } else if (signature.error().code == ErrorCode::NotPermitted) {
        m_login->fail(QStringLiteral("wrong password"));
    } else {
        malformed();
    }
}

} // namespace Postnook
