#include "app/commands/backupcommand.h"

#include "app/commands/transferrun.h"
#include "app/control/backupjson.h"
#include "app/control/knownaccount.h"
#include "app/settings/settings.h"
#include "app/terminal/console.h"

#include <QDir>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr int DefaultKeep = 7; // a week of daily ones

Result<BackupRequest> requestFrom(const CommandLine &line)
{
    BackupRequest request;
    request.folder = QDir::cleanPath(QDir::current().absoluteFilePath(line.arguments.first()));
    request.keep = DefaultKeep;
    request.readsAll = line.has(u"verify"_s);
    if (line.has(u"keep"_s)) {
        bool isNumber = false;
        request.keep = line.options.value(u"keep"_s).toInt(&isNumber);
        if (!isNumber || request.keep < 1) {
            return Error{ErrorCode::Invalid, u"--keep takes a number from 1 on"_s};
        }
    }
    for (const QString &text : line.arguments.mid(1)) {
        const auto name = accountName(text);
        if (!name) {
            return name.error();
        }
        request.accounts.append(*name);
    }
    return request;
}

void printAccount(const AccountBackup &account)
{
    printResult(u"%1: %2 messages, database %3, %4 large messages (%5), of which %6 (%7) were new"_s
                    .arg(account.name)
                    .arg(account.messages)
                    .arg(megabytes(account.databaseBytes))
                    .arg(account.files)
                    .arg(megabytes(account.fileBytes))
                    .arg(account.newFiles)
                    .arg(megabytes(account.newFileBytes)));
    printResult(u"%1: read back: the database is sound, %2 of its message texts are as they came"_s
                    .arg(account.name)
                    .arg(account.textsRead));
}

ExitCode tell(const BackupReport &report, const QString &folder)
{
    ExitCode code = ExitCode::Ok;
    for (const AccountBackup &account : report.accounts) {
        if (account.error) {
            printMessage(
                u"postnook: %1: not backed up: %2"_s.arg(account.name, account.error->text));
            code = code == ExitCode::Ok ? exitCodeFor(*account.error) : code;
        } else {
            printAccount(account);
        }
    }
    for (const QString &note : report.notes) {
        printMessage(u"postnook: "_s + note);
    }
    if (report.generation > 0) {
        printResult(
            u"backup %1 is in %2"_s.arg(report.generation).arg(QDir::toNativeSeparators(folder))
            + (report.dropped > 0 ? u"; %1 older ones were removed"_s.arg(report.dropped)
                                  : QString()));
    } else if (report.accounts.isEmpty()) {
        printMessage(u"postnook: there is no account to be backed up"_s);
        code = ExitCode::NoUser;
    }
    return code;
}

} // namespace

ExitCode runBackup(const CommandLine &line, const Settings &settings)
{
    const auto request = requestFrom(line);
    if (!request) {
        return fail(request.error());
    }
    QJsonObject start = toJson(*request);
    start.insert("command"_L1, u"backup.start"_s);
    const auto report = runTransfer(settings, u"backup"_s, start);
    if (!report && report.error().code == ErrorCode::Cancelled) {
        printMessage(u"postnook: stopped; earlier backups are as they were"_s);
        return ExitCode::TempFail;
    }
    return report ? tell(backupReportFrom(*report), request->folder) : fail(report.error());
}

QString backupDetails()
{
    return uR"(FOLDER is made where it is not there; it belongs on another disk. Without ACCOUNT all accounts are
backed up: mail with flags, dates and mailboxes, deleted messages that can still be brought back,
and passwords (hashed). The server's own certificate and the search index are not: both are made anew.

The command works beside a running server, which goes on serving, and without one. Each account is
saved as it is at one moment. Large messages that an earlier backup has brought there are not copied
again; everything that is written is read again and compared, with --verify also what was there.
When the command succeeds, all of it is on disk. If it is cut short, earlier backups are as they
were, and the next one goes on.

The last 7 backups of each account stay, or as many as --keep says. Only you can read them; they are
not encrypted. `postnook restore FOLDER --list` shows what there is. The settings backup-folder,
backup-every and backup-keep let the server do all this by itself.
)"_s;
}

} // namespace Postnook
