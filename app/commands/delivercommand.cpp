#include "app/commands/delivercommand.h"

#include "app/commands/besideowner.h"
#include "app/commands/commandline.h"
#include "app/commands/settingsfile.h"
#include "app/control/datafolder.h"
#include "app/control/knownaccount.h"
#include "app/deliver/delivery.h"
#include "app/deliver/incomingmessage.h"
#include "app/import/mailboxnaming.h"
#include "app/terminal/console.h"

#include <QFile>

#include <cstdio>

#ifdef Q_OS_WIN
#include <fcntl.h>
#include <io.h>
#else
#include <unistd.h>
#endif

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

// How often an owner of the data folder is looked for that stays until the message was sent: that
// of a command may end at any moment.
constexpr auto MaxAttempts = 5;

// What a mail server makes of an exit code: DataError and NoUser send the mail back to its sender,
// TempFail keeps it and tries again. So whatever may pass, a mistake in the settings too, is that.
ExitCode codeFor(const Error &error)
{
    switch (error.code) {
    case ErrorCode::NotFound:
        return ExitCode::NoUser;
    case ErrorCode::Invalid:
    case ErrorCode::TooBig:
        return ExitCode::DataError;
    default:
        return ExitCode::TempFail;
    }
}

ExitCode refuse(ExitCode code, const QString &text)
{
    printMessage(u"postnook: "_s + text);
    return code;
}

struct Target {
    MailboxName mailbox{"INBOX"};
    MissingMailbox missing = MissingMailbox::UseInbox;
    QString note; // why it is INBOX
};

Target targetFrom(const CommandLine &line)
{
    Target target;
    target.missing = line.has(u"create"_s) ? MissingMailbox::Create : MissingMailbox::UseInbox;
    // Empty where a mail server has no detail of the address for it.
    const QString wanted = line.options.value(u"mailbox"_s);
    if (wanted.isEmpty()) {
        return target;
    }
    const auto name = MailboxNaming::below(wanted).and_then(
        [](const MailboxNaming &naming) { return naming.nameFor({}); });
    if (name) {
        target.mailbox = *name;
    } else {
        target.note = name.error().text + u"; the message is in INBOX"_s;
    }
    return target;
}

struct Attempt {
    Result<Delivered> delivered = Error{ErrorCode::Unavailable, u"nothing was tried"_s};
    bool wasSent = false; // as far as can be told
};

Attempt attempt(const Settings &settings,
                const QString &account,
                const Target &target,
                const QByteArray &message)
{
    Attempt result;
    const auto ran = runBesideOwner(
        settings, u"deliver"_s, [&](const QString &controlSocket, const std::atomic<bool> &) {
            LocalImap imap;
            if (const auto opened = imap.open(controlSocket, account); !opened) {
                result.delivered = opened.error();
                return;
            }
            result.wasSent = true;
            result.delivered = deliverMessage(imap, target.mailbox, target.missing, message);
            imap.close();
        });
    if (!ran) {
        result.delivered = ran.error();
        result.wasSent = true; // there is no use in another attempt
    }
    return result;
}

Result<QByteArray> readStandardInput(quint64 maxBytes)
{
#ifdef Q_OS_WIN
    const int handle = _fileno(stdin);
    _setmode(handle, _O_BINARY); // or line ends would change, and Ctrl-Z end it
#else
    const int handle = STDIN_FILENO;
#endif
    QFile input;
    if (!input.open(handle, QIODevice::ReadOnly | QIODevice::Unbuffered)) {
        return Error{ErrorCode::Unavailable,
                     u"standard input cannot be read: %1"_s.arg(input.errorString())};
    }
    return readIncoming(input, maxBytes);
}

} // namespace

ExitCode runDeliver(const CommandLine &line)
{
    const auto settings = usableSettings(loadSettingsFor(line));
    if (!settings) {
        return ExitCode::TempFail;
    }
    const auto account = accountName(line.arguments.first());
    if (!account) {
        return refuse(ExitCode::NoUser, account.error().text);
    }
    const auto message = readStandardInput(settings->imap.maxRequestSize);
    if (!message) {
        return refuse(codeFor(message.error()), message.error().text);
    }
    if (const auto folder = existingDataFolder(settings->dataDir); !folder) {
        return refuse(ExitCode::TempFail, folder.error().text);
    }
    const Target target = targetFrom(line);
    Attempt last;
    for (int i = 0; i < MaxAttempts && !last.wasSent; ++i) {
        last = attempt(*settings, *account, target, *message);
        // That there is no such account is an answer, too.
        last.wasSent = last.wasSent || last.delivered.error().code != ErrorCode::Unavailable;
    }
    if (!last.delivered) {
        const Error &error = last.delivered.error();
        return refuse(codeFor(error), error.text);
    }
    for (const QString &note : {target.note, last.delivered->note}) {
        if (!note.isEmpty()) {
            printMessage(u"postnook: "_s + note);
        }
    }
    return ExitCode::Ok;
}

QString deliverDetails()
{
    return uR"(The message on standard input goes to INBOX, or to the mailbox NAME. If there is none of that name
it goes to INBOX and a line on standard error says so; with --create the mailbox is made. A "From "
line of an mbox in front of the message is taken off, and lines get the ends that mail has;
everything else stays as it is. The command works beside a running server and without one.

Exit codes are those that mail servers understand: 0, the message is on disk; 67, there is no such
account; 65, the message is empty, too large or broken; 64, the command line is wrong; 75, anything
that may pass, so that the message is kept and tried again.

  fetchmail  mda "postnook deliver alice"
  getmail    [destination]  type = MDA_external  path = /usr/bin/postnook
             arguments = ("deliver", "alice")
  mpop       delivery mda "postnook deliver alice"
  procmail   | postnook deliver alice --mailbox=Lists
  Postfix    mailbox_command = /usr/bin/postnook deliver "$USER" --mailbox="$EXTENSION"

-f and -a, which mail servers pass, are taken and not used.
)"_s;
}

} // namespace Postnook
