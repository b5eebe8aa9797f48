#pragma once

#include "core/session/command.h"

namespace Postnook
{

// The commands without work of their own: CAPABILITY, NOOP and CHECK, LOGOUT, UNAUTHENTICATE,
// STARTTLS, NAMESPACE, ID.

class CapabilityCommand : public Command // RFC 9051 6.1.1
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
};

// NOOP (RFC 9051 6.1.2) and CHECK (RFC 3501 6.4.1: every change is on disk before its OK, so
// nothing is left to do): the updates that go before the reply are their whole point.
class NoopCommand : public Command
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
};

class LogoutCommand : public Command // RFC 9051 6.1.3
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
};

class UnauthenticateCommand : public Command // RFC 8437
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
};

class StartTlsCommand : public Command // RFC 9051 6.2.1
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
};

class NamespaceCommand : public Command // RFC 2342: one personal namespace
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
};

class IdCommand : public Command // RFC 2971
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
};

} // namespace Postnook
