#include "app/commands/importcommand.h"

#include "app/commands/besideowner.h"
#include "app/commands/commandline.h"
#include "app/commands/importreport.h"
#include "app/control/knownaccount.h"
#include "app/import/accountmailboxes.h"
#include "app/import/importer.h"
#include "app/settings/settings.h"
#include "app/terminal/console.h"
#include "app/terminal/terminal.h"
#include "app/terminal/visibletext.h"

#include <atomic>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

struct ImportRequest {
    QString account;
    MailboxNaming naming;
    QStringList paths;
    ImportMode mode = ImportMode::Store;
};

struct ImportOutcome {
    ImportReport report;
    QSet<MailboxName> existing; // mailboxes, before
    QStringList unusedMaps;
};

ImportOutcome failed(const Error &error)
{
    ImportOutcome outcome;
    outcome.report.failure = error;
    return outcome;
}

// The whole import, in a thread of its own: it waits for files and for the server.
ImportOutcome
import(const QString &controlSocket, const ImportRequest &request, const std::atomic<bool> &stop)
{
    ImportSession session;
    if (const auto opened = session.open(controlSocket, request.account); !opened) {
        return failed(opened.error());
    }
    const auto mailboxes = readAccountMailboxes(session);
    if (!mailboxes) {
        return failed(mailboxes.error());
    }
    MailboxNaming naming = request.naming;
    naming.setSpecialMailboxes(mailboxes->byUse);
    SourceFinder finder(naming);
    for (const QString &path : request.paths) {
        finder.findIn(path);
    }
    MailProgress progress(standardErrorIsTerminal());
    ImportOutcome outcome;
    outcome.report = Importer(session, progress, stop, request.mode).run(finder);
    outcome.existing = mailboxes->names;
    outcome.unusedMaps = naming.unusedMaps();
    session.close();
    return outcome;
}

Result<ImportRequest> requestFrom(const CommandLine &line)
{
    const auto account = accountName(line.arguments.first());
    if (!account) {
        return account.error();
    }
    ImportRequest request{*account, {}, line.arguments.mid(1)};
    request.mode = line.has(u"dry-run"_s) ? ImportMode::DryRun : ImportMode::Store;
    if (line.has(u"mailbox"_s)) {
        const auto naming = MailboxNaming::below(line.options.value(u"mailbox"_s));
        if (!naming) {
            return naming.error();
        }
        request.naming = *naming;
    }
    for (const QString &map : line.values(u"map"_s)) {
        if (const auto added = request.naming.addMap(map); !added) {
            return added.error();
        }
    }
    return request;
}

} // namespace

ExitCode runImport(const CommandLine &line, const Settings &settings)
{
    const auto request = requestFrom(line);
    if (!request) {
        return fail(request.error());
    }
    for (const QString &path : request->paths) {
        if (!QFileInfo::exists(path)) {
            printMessage(u"postnook: there is no file or folder %1%2"_s.arg(
                visible(path),
                path.contains(QChar::ReplacementCharacter)
                    ? u"; if its name is not UTF-8, give it another"_s
                    : QString()));
            return ExitCode::NoInput;
        }
    }
    ImportOutcome outcome;
    const auto ran = runBesideOwner(
        settings, u"import"_s, [&](const QString &controlSocket, const std::atomic<bool> &stop) {
            outcome = import(controlSocket, *request, stop);
        });
    if (!ran) {
        return fail(ran.error());
    }
    const bool hasEnded = !outcome.report.failure && !outcome.report.wasStopped;
    for (const QString &map : hasEnded ? outcome.unusedMaps : QStringList()) {
        printMessage(u"postnook: --map=%1 changed nothing: no mail would go to %2"_s.arg(
            visible(map), visible(map.section(u'=', 0, 0))));
    }
    return request->mode == ImportMode::DryRun ? tellDryRun(outcome.report, outcome.existing)
                                               : tellImport(outcome.report);
}

QString importDetails()
{
    return uR"(A PATH is mail as other programs leave it on the disk:

  an .eml or .emlx file   one message
  an mbox file            of any variant
  a Maildir               with the folders in it
  Apple Mail              a folder NAME.mbox, as Export Mailbox writes it; or all of ~/Library/Mail,
                          for which macOS wants Full Disk Access given to the terminal
  Thunderbird             ~/.thunderbird, a profile, or a folder in its Mail or ImapMail
  Google Takeout          what was in its archive: unpack that first
  any folder              with these in it and below

Where the mail goes:

  .eml, .emlx, a Maildir  INBOX
  an mbox file, NAME.mbox a mailbox of that name, without ".mbox"
  a folder in a PATH      a mailbox of that name, with the folders in it below
  Apple Mail, Thunderbird mailboxes as they have them. What they call Sent Items, Deleted Messages or
                          Archives, say, goes to the account's own Sent, Trash or Archive. Where
                          several of their accounts have mail, each goes below a mailbox of its name
  Google Takeout          a mailbox for each label, with a copy for each that a message has; Archive
                          for what has none. Starred, Unread, Important and categories become flags

With --mailbox=NAME the first goes to NAME, and so does an mbox that is a PATH itself; the others go
below NAME. --map changes names after that: with --map=Work=Old/Job, what would go to Work/2024 goes
to Old/Job/2024. Mailboxes are made and subscribed to as they are needed. Characters that a mailbox
name cannot hold become "_". --dry-run shows where all of it would go.

Each message keeps its flags and its date. Messages that came with an earlier import are left out,
also when they were moved or deleted since; an import that was interrupted goes on where it was. What
is no mail, or cannot be taken, is skipped and told on standard error; where that was mail, or could
not be read, the exit code is 65. Quit the other program first, or what it writes meanwhile is left
for the next import. The command works beside a running server and without one.
)"_s;
}

} // namespace Postnook
