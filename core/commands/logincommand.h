#pragma once

#include "core/session/command.h"

#include <memory>

namespace Postnook
{

class Login;

class LoginCommand : public Command // RFC 9051 6.2.3
{
    Q_OBJECT

public:
    explicit LoginCommand(Session &session);
    ~LoginCommand() override;
    void start(TokenCursor &arguments) override;

private:
    std::unique_ptr<Login> m_login;
};

} // namespace Postnook
