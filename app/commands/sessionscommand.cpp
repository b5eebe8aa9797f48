#include "app/commands/sessionscommand.h"

#include "app/commands/askserver.h"
#include "app/commands/quantities.h"
#include "app/terminal/console.h"
#include "app/terminal/texttable.h"

#include <QJsonArray>
#include <QJsonObject>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QString clientOf(const QJsonObject &session)
{
    const QString client = session.value("client"_L1).toString();
    if (!client.isEmpty()) {
        return client;
    }
    return session.value("isLocalCommand"_L1).toBool() ? u"a command of postnook"_s : u"?"_s;
}

QString encryptionOf(const QJsonObject &session)
{
    const QString tls = session.value("tls"_L1).toString();
    if (!tls.isEmpty()) {
        return tls + u' ' + session.value("cipher"_L1).toString();
    }
    return session.value("isLocalCommand"_L1).toBool() ? u"local"_s : u"not encrypted"_s;
}

QString activityOf(const QJsonObject &session)
{
    const QString command = session.value("command"_L1).toString();
    const QString mailbox = session.value("mailbox"_L1).toString();
    const QString what = command == "IDLE"_L1 ? u"idle"_s
        : command.isEmpty()                   ? u"waits"_s
                                              : command;
    return mailbox.isEmpty() ? what : what + u" in "_s + mailbox;
}

QStringList cellsOf(const QJsonObject &session)
{
    const QString account = session.value("account"_L1).toString();
    return {QString::number(session.value("number"_L1).toInteger()),
            account.isEmpty() ? u"(not logged in)"_s : account,
            clientOf(session),
            session.value("address"_L1).toString(),
            encryptionOf(session),
            timeText(session.value("since"_L1).toInteger()),
            activityOf(session)};
}

} // namespace

ExitCode runWho(const CommandLine &line)
{
    const auto reply = askRunningServer(line, {{u"command"_s, u"sessions.list"_s}});
    if (!reply) {
        return fail(reply.error());
    }
    const auto sessions = reply->value("sessions"_L1).toArray();
    if (sessions.isEmpty()) {
        printMessage(u"Nobody is connected."_s);
        return ExitCode::Ok;
    }
    TextTable table(u"rllllll"_s);
    table.add({u"No"_s,
               u"Account"_s,
               u"Program"_s,
               u"From"_s,
               u"Encryption"_s,
               u"Since"_s,
               u"What it does"_s});
    for (const auto &session : sessions) {
        table.add(cellsOf(session.toObject()));
    }
    printResult(table.text().chopped(1));
    return ExitCode::Ok;
}

QString whoDetails()
{
    return u"One line for each connection to the running server: its number (for 'postnook kick'), "
           u"the\n"
           "account, the mail program by its own word, the address it comes from, how it is\n"
           "encrypted, since when, and what it does: a command, 'idle' while it waits to be told "
           "of\n"
           "new mail, 'waits' between two commands; and the mailbox it has open.\n"_s;
}

ExitCode runKick(const CommandLine &line)
{
    const QString who = line.arguments.first();
    const auto reply =
        askRunningServer(line, {{u"command"_s, u"sessions.kick"_s}, {u"who"_s, who}});
    if (!reply) {
        return fail(reply.error());
    }
    const QString account = reply->value("account"_L1).toString();
    const qint64 ended = reply->value("ended"_L1).toInteger();
    if (ended == 0) {
        return fail({ErrorCode::Unavailable, u"'%1' is not connected"_s.arg(account)});
    }
    printMessage(account.isEmpty()
                     ? u"Session %1 ends."_s.arg(who)
                     : u"%1 of '%2' %3."_s.arg(countText(ended, u"session"_s, u"sessions"_s),
                                               account,
                                               ended == 1 ? u"ends"_s : u"end"_s));
    return ExitCode::Ok;
}

QString kickDetails()
{
    return u"Ends the session of that number (see 'postnook who'), or all sessions of the "
           u"account.\n"
           "A command in progress has five seconds to end. Mail programs connect again by\n"
           "themselves; 'postnook account passwd' keeps them out.\n"
           "Exit code: 0 when there was one, 67 when there is no such account or session, 69 when\n"
           "the account is not connected or no server runs.\n"_s;
}

} // namespace Postnook
