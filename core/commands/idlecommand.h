#pragma once

#include "core/session/command.h"

namespace Postnook
{

class IdleCommand : public Command // RFC 9051 6.3.13, RFC 2177
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
    void lineReceived(const QByteArray &line) override;
    bool isIdle() const override { return m_isIdle; }

private:
    bool m_isIdle = false;
};

} // namespace Postnook
