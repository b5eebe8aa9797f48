#include "app/commands/mirrorcommand.h"

#include "app/commands/besideowner.h"
#include "app/commands/commandline.h"
#include "app/commands/mirroroptions.h"
#include "app/commands/mirrorresult.h"
#include "app/mirror/mirror.h"
#include "app/server/stopsignals.h"
#include "app/settings/settings.h"
#include "app/terminal/console.h"
#include "app/terminal/terminal.h"

#include <QCoreApplication>
#include <QThread>
#include <QTimer>

#include <chrono>

#include <openssl/crypto.h>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr unsigned long StopCheckMs = 200;

bool waitUnlessStopped(int seconds, const std::atomic<bool> &stop)
{
    const QDeadlineTimer deadline{std::chrono::seconds(seconds)};
    while (!stop && !deadline.hasExpired()) {
        QThread::msleep(StopCheckMs);
    }
    return !stop;
}

Result<MirrorReport> mirrorOnce(const Settings &settings, const MirrorRequest &request)
{
    MirrorReport report;
    const auto work = [&](const QString &controlSocket, const std::atomic<bool> &stop) {
        MirrorProgress progress(standardErrorIsTerminal());
        report = Mirror(
                     request,
                     progress,
                     stop,
                     [&stop](int seconds) { return waitUnlessStopped(seconds, stop); },
                     [](const QString &line) { printMessage(u"postnook: "_s + line); })
                     .run(controlSocket);
        // By itself it frees what it keeps for this thread when QThread::wait() has returned,
        // beside the end of the process.
        OPENSSL_thread_stop();
    };
    const auto ran = runBesideOwner(settings, u"mirror"_s, work);
    return ran ? Result<MirrorReport>(report) : Result<MirrorReport>(ran.error());
}

// Whether the time came, and not the person's Ctrl-C.
bool waitForNext(int seconds)
{
    const StopSignals signals;
    bool isStopped = false;
    QObject::connect(&signals, &StopSignals::stopRequested, qApp, [&isStopped] {
        isStopped = true;
        QCoreApplication::quit();
    });
    QTimer timer;
    timer.setTimerType(Qt::VeryCoarseTimer);
    timer.setSingleShot(true);
    QObject::connect(&timer, &QTimer::timeout, qApp, &QCoreApplication::quit);
    timer.start(std::chrono::seconds(seconds));
    QCoreApplication::exec();
    return !isStopped;
}

bool mayHelpLater(ExitCode code)
{
    return code == ExitCode::Ok || code == ExitCode::TempFail || code == ExitCode::IoError;
}

} // namespace

ExitCode runMirror(const CommandLine &line, const Settings &settings)
{
    const auto options = mirrorOptionsFrom(line);
    if (!options) {
        printMessage(u"postnook: "_s + options.error().text);
        return options.error().code == ErrorCode::Invalid ? ExitCode::Usage
                                                          : exitCodeFor(options.error());
    }
    for (;;) {
        const auto report = mirrorOnce(settings, options->request);
        const ExitCode code = report ? tellMirrorReport(*report, options->request.mode.isDryRun)
                                     : fail(report.error());
        const bool wasStopped = report && report->wasStopped;
        if (options->everySeconds == 0 || wasStopped || !mayHelpLater(code)) {
            return code;
        }
        if (!waitForNext(options->everySeconds)) {
            return ExitCode::Ok;
        }
    }
}

QString mirrorDetails()
{
    return uR"(Keeps a copy of the mailboxes of an account on another IMAP server: for moving, for a second
home of your mail, or until the old account is given up. Nothing is ever changed over there.

The first run fetches all messages with their flags and dates; every further one what is new, and
what was marked otherwise. Flags that you change in the copy stay until they change over there. What
is deleted over there stays in the copy, unless --delete is given: then what is deleted there from
then on is deleted here as well, and a mailbox that is gone with it. What you delete in the copy does
not come back. The command can be stopped or killed at any moment and run again: it goes on where it
was, and nothing comes twice.

Mailboxes are made and subscribed to as they are there; Sent, Drafts, Trash, Junk and Archive go to
yours. With --below=NAME all go below NAME. A copy that you rename stays the copy. PATTERN is a name,
with * for any characters and % for any within a level; give the option as often as you like.

The connection is encrypted, and the server's certificate checked against those your system trusts,
those in --ca=FILE, or by --fingerprint alone. The password is asked for, or read from a file that
only you can read (chmod 600): its first line.

With --every=15m (s, m, h) the command stays and does it again and again, under systemd for example:

  [Service]
  ExecStart=postnook mirror alice --host=imap.example.org --password-file=%h/.old-mail --every=15m
  Restart=on-failure
  RestartSec=5min

or as a line of your crontab, without --every:

  */15 * * * *  postnook mirror alice --host=imap.example.org --password-file=$HOME/.old-mail

Exit codes: 0 all is as over there; 75 it could not be finished, and the same command goes on; 77 the
login was refused, or others can read the password file; 69 the server's certificate is not trusted,
or it does not speak IMAP; 67 there is no such account here; 65 some messages or mailboxes could not
be taken. The command works beside a running server and without one.
)"_s;
}

} // namespace Postnook
