#include "core/commands/logincommand.h"

#include "core/auth/credentials.h"
#include "core/commands/login.h"
#include "core/wire/tokencursor.h"

#include <algorithm>

namespace Postnook
{

LoginCommand::LoginCommand(Session &session)
    : Command(session)
{
}

LoginCommand::~LoginCommand() = default;

void LoginCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    const QByteArray user = arguments.astring();
    arguments.expectSpace();
    const QByteArray password = arguments.astring();
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    m_login = std::make_unique<Login>(
        session(), "LOGIN", [this](const Status &status, std::function<void()> after) {
            finish(status, std::move(after));
        });
    // As AUTHENTICATE has it. What is longer is no account's and nobody's password, and gets the
    // answer of a wrong one, as late.
    const bool isTooLong = std::max(user.size(), password.size()) > Auth::MaxPasswordBytes;
    m_login->withPassword(QString::fromUtf8(user.left(Auth::MaxPasswordBytes)),
                          isTooLong ? QString() : QString::fromUtf8(password));
}

} // namespace Postnook
