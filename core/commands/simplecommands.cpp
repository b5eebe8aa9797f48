#include "core/commands/simplecommands.h"

#include "core/session/session.h"
#include "core/session/sessionlog.h"
#include "core/session/transport.h"
#include "core/wire/tokencursor.h"

#include <QCoreApplication>

namespace Postnook
{

namespace
{

// RFC 2971 3.3: at most 30 pairs, 30 octets a name, 1024 a value.
constexpr int MaxIdPairs = 30;
constexpr qsizetype MaxIdNameBytes = 30;
constexpr qsizetype MaxIdValueBytes = 1024;

// What the client says of itself, for the log: "name=Thunderbird version=115".
QByteArray parseId(TokenCursor &cursor, ClientName *client)
{
    QByteArray description;
    cursor.expectSpace();
    if (!cursor.tryEnterList()) {
        if (cursor.nstring()) {
            cursor.fail("ID takes NIL or a list");
        }
        cursor.expectEnd();
        return description;
    }
    int pairs = 0;
    while (!cursor.hasFailed() && !cursor.tryChar(')')) {
        if (pairs++ > 0) {
            cursor.expectSpace();
        }
        const QByteArray name = cursor.string();
        cursor.expectSpace();
        const QByteArray value = cursor.nstring().value_or(QByteArray());
        if (pairs > MaxIdPairs || name.size() > MaxIdNameBytes || value.size() > MaxIdValueBytes) {
            cursor.fail("ID is too long");
        }
        noteIdField(name, value, client);
        description += (pairs > 1 ? " " : "") + name + '=' + value;
    }
    cursor.expectEnd();
    return description;
}

} // namespace

void CapabilityCommand::start(TokenCursor &arguments)
{
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    session().send("* CAPABILITY " + session().capabilities() + "\r\n");
    finish(Status::ok("Done"));
}

void NoopCommand::start(TokenCursor &arguments)
{
    arguments.expectEnd();
    if (!failedToParse(arguments)) {
        finish(Status::ok("Done"));
    }
}

void LogoutCommand::start(TokenCursor &arguments)
{
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    session().tellNothingMore(); // behind the BYE
    session().send("* BYE Good-bye\r\n");
    finish(Status::ok("Logged out"), [session = &session()] { session->close(); });
}

void UnauthenticateCommand::start(TokenCursor &arguments)
{
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    session().tellNothingMore(); // without a word of what happened (section 3)
    finish(Status::ok("Not logged in any more"), [session = &session()] { session->logOut(); });
}

void StartTlsCommand::start(TokenCursor &arguments)
{
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    if (!session().transport().canStartTls()) {
        finish(Status::bad("TLS is on already, or this server has no certificate"));
        return;
    }
    finish(Status::ok("Begin TLS now"), [session = &session()] { session->startTls(); });
}

void NamespaceCommand::start(TokenCursor &arguments)
{
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    session().send("* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n");
    finish(Status::ok("Done"));
}

void IdCommand::start(TokenCursor &arguments)
{
    ClientName client;
    const QByteArray description = parseId(arguments, &client);
    if (failedToParse(arguments)) {
        return;
    }
    // NIL says nothing, and takes nothing back that was said before.
    if (client != ClientName()) {
        session().setClient(client);
    }
    qCInfo(lcSession).noquote() << session().logName() << "client:" << description;
    session().send("* ID (\"name\" \"Postnook\" \"version\" \""
                   + QCoreApplication::applicationVersion().toLatin1() + "\")\r\n");
    finish(Status::ok("Done"));
}

} // namespace Postnook
