#pragma once

#include "core/auth/scram.h"
#include "core/session/command.h"

#include <memory>

namespace Postnook
{

class Login;

// AUTHENTICATE PLAIN and SCRAM-SHA-256 (RFC 9051 6.2.2, RFC 4616, RFC 7677) with an initial
// response (RFC 4959).
class AuthenticateCommand : public Command
{
    Q_OBJECT

public:
    explicit AuthenticateCommand(Session &session);
    ~AuthenticateCommand() override;
    void start(TokenCursor &arguments) override;
    void lineReceived(const QByteArray &line) override;

private:
    enum class Step { Initial, ScramProof, ScramEnd };

    void challenge(const QByteArray &text);
    void onResponse(const QByteArray &response);
    void plain(const QByteArray &response);
    void scramBegin(const QByteArray &response);
    void scramProof(const QByteArray &response);
    void malformed();

    QByteArray m_mechanism;
    Step m_step = Step::Initial;
    Auth::ScramServer m_scram;
    std::unique_ptr<Login> m_login;
};

} // namespace Postnook
