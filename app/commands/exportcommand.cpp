#include "app/commands/exportcommand.h"

#include "app/commands/besideowner.h"
#include "app/commands/commandline.h"
#include "app/control/knownaccount.h"
#include "app/export/exporter.h"
#include "app/settings/nearestname.h"
#include "app/settings/settings.h"
#include "app/terminal/console.h"
#include "app/terminal/terminal.h"

#include <QDir>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto DefaultFormat = "mbox";

ExportReport exportMail(const QString &controlSocket,
                        const QString &path,
                        const ExportIdentity &identity,
                        const std::atomic<bool> &stop)
{
    ExportSession session;
    if (const auto opened = session.open(controlSocket, identity.account); !opened) {
        ExportReport report;
        report.failure = opened.error();
        return report;
    }
    MailProgress progress(standardErrorIsTerminal());
    ExportReport report = Exporter(session, progress, stop).run(path, identity);
    session.close();
    return report;
}

// What stands in the way of making or filling the folder is no fault of the input.
ExitCode codeFor(const Error &error)
{
    return error.code == ErrorCode::AlreadyExists ? ExitCode::CannotCreate : exitCodeFor(error);
}

ExitCode tell(const ExportReport &report, const QString &path)
{
    for (const QString &note : report.notes) {
        printMessage(u"postnook: "_s + note);
    }
    if (!report.failure || report.mailboxes > 0) {
        QString text = u"exported %1 messages in %2 mailboxes to %3"_s.arg(report.messages)
                           .arg(report.mailboxes)
                           .arg(QDir::toNativeSeparators(path));
        if (report.earlierMailboxes > 0) {
            text += u", beside %1 mailboxes from before"_s.arg(report.earlierMailboxes);
        }
        printResult(text);
    }
    if (report.failure) {
        printMessage(u"postnook: "_s + report.failure->text);
        return codeFor(*report.failure);
    }
    if (report.wasStopped) {
        printMessage(u"postnook: stopped; the same command goes on from here"_s);
        return ExitCode::TempFail;
    }
    return ExitCode::Ok;
}

// Why there is no such format.
QString formatFault(const QString &format)
{
    const QString nearest = nearestName(format, exportFormatNames());
    return u"--format=%1: the formats are %2%3"_s.arg(
        format,
        exportFormatNames().join(u", "),
        nearest.isEmpty() ? QString() : u"; did you mean %1?"_s.arg(nearest));
}

} // namespace

ExitCode runExport(const CommandLine &line, const Settings &settings)
{
    const QString format = line.options.value(u"format"_s, QLatin1String(DefaultFormat)).toLower();
    if (!exportFormat(format)) {
        printMessage(u"postnook: "_s + formatFault(format));
        return ExitCode::Usage;
    }
    const auto account = accountName(line.arguments.first());
    if (!account) {
        return fail(account.error());
    }
    const ExportIdentity identity{*account, format, line.values(u"mailbox"_s)};
    const QString path = line.arguments.at(1);
    ExportReport report;
    const auto ran = runBesideOwner(
        settings, u"export"_s, [&](const QString &controlSocket, const std::atomic<bool> &stop) {
            report = exportMail(controlSocket, path, identity, stop);
        });
    return ran ? tell(report, path) : fail(ran.error());
}

QString exportDetails()
{
    return uR"(FOLDER is made; if it is there it must be empty. Each mailbox becomes

  mbox      a file, Work/Bills.mbox, as Thunderbird, Apple Mail, mutt and most others read it
  maildir   a folder of the Maildir++ that FOLDER becomes, .Work.Bills, as Dovecot, mutt and
            mbsync read it
  eml       a folder, Work/Bills, with a file for each message, named by its number

Every message comes out octet by octet, with its flags and the date it arrived, and 'postnook import'
brings all of that back: in an mbox as header fields in front of each message, which the import
takes off again, else in file names, file times and, in full, the file postnook-messages.tsv of
each folder. Other programs see what their format knows: of an mbox they show line ends of their
own kind, a Maildir has letters for 26 keywords of a mailbox. Subscriptions, notes about mailboxes
and deleted mail are not in it.

With --mailbox=NAME only NAME and the mailboxes below it are exported; it can be given several times.
Nothing is changed in the account. An export that was interrupted goes on when the same command
runs again; mail that came meanwhile to a mailbox that is done is not in it. Characters that file
names cannot hold on every system are written as %3F. The command works beside a running server and
without one.
)"_s;
}

} // namespace Postnook
