#include "core/commands/logincommand.h"

#include "core/commands/login.h"
#include "core/wire/tokencursor.h"

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
    m_login->withPassword(QString::fromUtf8(user), QString::fromUtf8(password));
}

} // namespace Postnook
