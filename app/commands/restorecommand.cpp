#include "app/commands/restorecommand.h"

#include "app/commands/settingsfile.h"
#include "app/commands/transferrun.h"
#include "app/control/backupjson.h"
#include "app/control/datafolder.h"
#include "app/control/knownaccount.h"
#include "app/terminal/console.h"

#include <QDir>

#include <algorithm>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QString localTime(const QDateTime &time)
{
    return time.toLocalTime().toString(u"yyyy-MM-dd HH:mm"_s);
}

ExitCode failWithoutBackup(const Error &error)
{
    const ExitCode code = fail(error);
    return error.code == ErrorCode::NotFound ? ExitCode::NoInput : code;
}

ExitCode list(const QString &folder)
{
    const auto generations = Backups::generationsIn(folder);
    if (!generations) {
        return failWithoutBackup(generations.error());
    }
    ExitCode code = ExitCode::Ok;
    for (const BackupGeneration &generation : *generations) {
        if (generation.error) {
            printMessage(
                u"postnook: backup %1: %2"_s.arg(generation.number).arg(generation.error->text));
            code = ExitCode::DataError;
            continue;
        }
        QStringList accounts;
        for (const BackedUpAccount &account : generation.accounts) {
            accounts.append(u"%1 (%2 messages, %3)"_s.arg(account.name)
                                .arg(account.messages)
                                .arg(megabytes(account.databaseBytes + account.fileBytes)));
        }
        printResult(u"%1  %2  %3"_s.arg(generation.number, 4)
                        .arg(localTime(generation.at), accounts.join(u", "_s)));
    }
    return code;
}

Result<RestoreRequest> requestFrom(const CommandLine &line, const QString &folder)
{
    RestoreRequest request;
    request.folder = folder;
    request.replaces = line.has(u"replace"_s);
    request.onlyReads = line.has(u"verify"_s);
    for (const QString &text : line.arguments.mid(1)) {
        const auto name = accountName(text);
        if (!name) {
            return name.error();
        }
        request.accounts.append(*name);
    }
    if (line.has(u"at"_s)) {
        const auto time = backupTimeFrom(line.options.value(u"at"_s));
        if (!time) {
            return time.error();
        }
        request.generation = time->generation;
        request.at = time->at;
    }
    if (line.has(u"as"_s)) {
        const auto name = newAccountName(line.options.value(u"as"_s));
        if (!name) {
            return name.error();
        }
        if (request.accounts.size() != 1) {
            return Error{ErrorCode::Invalid, u"--as needs one ACCOUNT that gets the name"_s};
        }
        request.as = *name;
    }
    return request;
}

void tell(const RestoredAccount &account, bool onlyReads)
{
    const QString backup = u"backup %1 of %2"_s.arg(account.generation).arg(localTime(account.at));
    const QString size =
        u"%1 messages in %2 mailboxes"_s.arg(account.messages).arg(account.mailboxes);
    if (onlyReads) {
        printResult(u"%1: %2 is whole: %3"_s.arg(account.backedUpName, backup, size));
        return;
    }
    printResult(u"%1: restored from %2: %3"_s.arg(account.name, backup, size));
    printResult(account.keepsPassword
                    ? u"%1: the password is the one it had"_s.arg(account.name)
                    : u"%1: the password is that of the backup"_s.arg(account.name));
    if (account.replaced) {
        printResult(
            u"%1: what was there is kept in %2 as the removed account %3; `postnook "
            "account add %3` opens it, `postnook account remove %3 --purge` deletes it"_s.arg(
                account.name, QDir::toNativeSeparators(account.keptFolder), account.keptAs));
    }
    printResult(u"%1: mail programs will download its mail again"_s.arg(account.name));
}

ExitCode restore(const Settings &settings, const RestoreRequest &request)
{
    QJsonObject start = toJson(request);
    start.insert("command"_L1, u"restore.start"_s);
    const auto reply = runTransfer(settings, u"restore"_s, start);
    if (!reply && reply.error().code == ErrorCode::Cancelled) {
        printMessage(u"postnook: stopped; nothing was changed"_s);
        return ExitCode::TempFail;
    }
    if (!reply) {
        return fail(reply.error());
    }
    const auto report = restoreReportFrom(*reply);
    for (const RestoredAccount &account : report.accounts) {
        tell(account, request.onlyReads);
    }
    return ExitCode::Ok;
}

} // namespace

Result<BackupTime> backupTimeFrom(const QString &text)
{
    bool isNumber = false;
    if (const int number = text.toInt(&isNumber); isNumber && number > 0) {
        return BackupTime{number, {}};
    }
    const QString spaced = text.simplified().replace(u'T', u' ');
    if (const auto day = QDate::fromString(spaced, u"yyyy-MM-dd"_s); day.isValid()) {
        return BackupTime{0, day.endOfDay()};
    }
    for (const auto &form : {u"yyyy-MM-dd HH:mm:ss"_s, u"yyyy-MM-dd HH:mm"_s}) {
        if (const auto time = QDateTime::fromString(spaced, form); time.isValid()) {
            return BackupTime{0, form.endsWith(u's') ? time : time.addSecs(59)};
        }
    }
    return Error{ErrorCode::Invalid,
                 u"--at takes the number of a backup, or a time such as 2026-11-24 or "
                 "\"2026-11-24 02:00\", and not '%1'"_s.arg(text)};
}

ExitCode runRestore(const CommandLine &line)
{
    const QString folder =
        QDir::cleanPath(QDir::current().absoluteFilePath(line.arguments.first()));
    if (line.has(u"list"_s)) {
        return list(folder);
    }
    const auto request = requestFrom(line, folder);
    if (!request) {
        return fail(request.error());
    }
    const auto settings = usableSettings(loadSettingsFor(line));
    if (!settings) {
        return ExitCode::Config;
    }
    if (const auto there = Backups::generationsIn(folder); !there) { // before a data folder is made
        return failWithoutBackup(there.error());
    }
    const auto dataFolder = request->onlyReads ? existingDataFolder(settings->dataDir)
                                               : ensureDataFolder(settings->dataDir);
    return dataFolder ? restore(*settings, *request) : fail(dataFolder.error());
}

QString restoreDetails()
{
    return uR"(FOLDER is one that `postnook backup` has filled. Without ACCOUNT all accounts that it has are restored,
each as in the newest backup with it, with their passwords; also on a new computer, where the data
folder is made. --at takes the number of a backup, or a time: then it is the newest up to that.

An account that is there is left alone, unless --replace is given: then the backup takes its place,
its password stays, and the mail it had until now is kept as a removed account under another name,
which the command tells. --as=NAME restores an account beside the others.

Everything is read and compared before anything is changed, and all accounts change in one step: what
is cut short has changed nothing. Mail programs will download the mail of a restored account again.
--list shows what there is; --verify reads a backup to its end and changes nothing.
)"_s;
}

} // namespace Postnook
