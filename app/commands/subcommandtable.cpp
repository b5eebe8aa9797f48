#include "app/commands/subcommandtable.h"

#include "app/commands/accountcommand.h"
#include "app/commands/backupcommand.h"
#include "app/commands/certcommand.h"
#include "app/commands/checkcommand.h"
#include "app/commands/compactcommand.h"
#include "app/commands/configcommand.h"
#include "app/commands/configedit.h"
#include "app/commands/delivercommand.h"
#include "app/commands/exportcommand.h"
#include "app/commands/importcommand.h"
#include "app/commands/inspectcommand.h"
#include "app/commands/mirrorcommand.h"
#include "app/commands/reloadcommand.h"
#include "app/commands/restorecommand.h"
#include "app/commands/servecommand.h"
#include "app/commands/sessionscommand.h"
#include "app/commands/settingsfile.h"
#include "app/commands/setupclientcommand.h"
#include "app/commands/statuscommand.h"
#include "app/commands/stopcommand.h"
#include "app/commands/trustcommand.h"
#include "app/commands/undeletecommand.h"
#include "app/control/datafolder.h"
#include "app/terminal/console.h"

#include <QTextStream>

#include <algorithm>
#include <cstdio>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

const SubcommandOption PasswordStdin{
    u"password-stdin"_s, {}, u"reads the password from standard input, one line"_s};
const SubcommandOption PasswordFile{
    u"password-file"_s, u"FILE"_s, u"holds the password there; only you may read it"_s};
const SubcommandOption Iterations{
    u"iterations"_s, u"N"_s, u"rounds of PBKDF2 for the stored credentials"_s};
const SubcommandOption Force{u"force"_s, {}, u"replaces files that are there already"_s};

ExitCode checkConfig(const CommandLine &line)
{
    QTextStream out(stdout);
    QTextStream err(stderr);
    return runConfigCheck(loadSettingsFor(line), out, err);
}

ExitCode showConfig(const CommandLine &line)
{
    QTextStream out(stdout);
    QTextStream err(stderr);
    return runConfigShow(loadSettingsFor(line), line.arguments.value(0), out, err);
}

QString withValue(const SubcommandOption &option)
{
    const QString dashed = dashedName(option);
    return option.valueName.isEmpty() ? dashed : dashed + u' ' + option.valueName;
}

QString twoColumns(const QString &left, const QString &right)
{
    constexpr auto Column = 26;
    // What leaves no room beside it gets a line of its own.
    const QString gap = left.size() < Column ? QString(Column - left.size(), u' ')
                                             : u'\n' + QString(2 + Column, u' ');
    return u"  "_s + left + gap + right + u'\n';
}

QString optionLines(const QList<SubcommandOption> &options)
{
    QString text;
    for (const SubcommandOption &option : options) {
        text += twoColumns(withValue(option), option.summary);
    }
    return text;
}

QString withArgument(const Subcommand &command)
{
    return command.argumentName.isEmpty() ? command.name
                                          : command.name + u' ' + command.argumentName;
}

} // namespace

QString dashedName(const SubcommandOption &option)
{
    return (option.name.size() == 1 ? u"-"_s : u"--"_s) + option.name;
}

const QList<Subcommand> &subcommandTable()
{
    static const QList<Subcommand> table{
        {u"serve"_s,
         {},
         u"runs the server; what happens without a command"_s,
         {{u"background"_s, {}, u"as a service: the log goes to a file or to the journal"_s}},
         runServe,
         serveDetails()},
        {u"stop"_s,
         {},
         u"ends the running server, and waits until it has ended"_s,
         {},
         runStop,
         stopDetails()},
        {u"status"_s,
         {},
         u"tells how it goes: accounts, ports, certificate, connections"_s,
         {},
         runStatus,
         statusDetails()},
        {u"who"_s, {}, u"lists the connections of mail programs"_s, {}, runWho, whoDetails()},
        {u"kick"_s,
         u"ACCOUNT|SESSION"_s,
         u"ends the connections of an account, or one of them"_s,
         {},
         runKick,
         kickDetails()},
        {u"reload"_s,
         {},
         u"has the running server read its settings file again"_s,
         {},
         runReload,
         reloadDetails()},
        {u"account add"_s,
         u"NAME"_s,
         u"makes an account, at once also for a running server"_s,
         {PasswordStdin, PasswordFile, Iterations},
         runAccountAdd,
         accountAddDetails()},
        {u"account list"_s,
         {},
         u"prints the names of the accounts, one a line"_s,
         {},
         runAccountList},
        {u"account passwd"_s,
         u"NAME"_s,
         u"changes the password and ends the account's sessions"_s,
         {PasswordStdin, PasswordFile, Iterations},
         runAccountPasswd,
         accountPasswdDetails()},
        {u"account remove"_s,
         u"NAME"_s,
         u"ends the account; its mail stays for when it is added again"_s,
         {{u"purge"_s, {}, u"deletes its mail too, for good"_s}},
         runAccountRemove,
         accountRemoveDetails()},
        {u"import"_s,
         u"ACCOUNT PATH..."_s,
         u"brings mail in from files and folders; again adds only what is new"_s,
         {{u"mailbox"_s, u"NAME"_s, u"the mailbox it goes to, or above those it goes to"_s},
          {u"map"_s, u"OLD=NEW"_s, u"what would go to OLD or below goes to NEW; again for more"_s},
          {u"dry-run"_s, {}, u"says what would go where and what would be skipped, no more"_s}},
         runImport,
         importDetails()},
        {u"undelete"_s,
         u"ACCOUNT"_s,
         u"lists deleted messages that are still kept, or brings them back"_s,
         {{u"since"_s, u"WHEN"_s, u"only what was deleted since: 3d, 12h, 2026-11-20"_s},
          {u"mailbox"_s, u"NAME"_s, u"only what was in this mailbox"_s},
          {u"search"_s, u"TEXT"_s, u"only what has this in its sender or subject"_s},
          {u"count"_s, {}, u"prints how many there are of each mailbox"_s},
          {u"restore"_s, {}, u"brings them back"_s},
          {u"into"_s, u"NAME"_s, u"with --restore: into this mailbox"_s},
          {u"copies"_s, {}, u"with --restore: also what exists in another mailbox"_s}},
         runUndelete,
         undeleteDetails()},
        {u"mirror"_s,
         u"ACCOUNT"_s,
         u"keeps a copy of an account on another IMAP server"_s,
         {{u"host"_s, u"NAME"_s, u"the other server"_s},
          {u"port"_s, u"N"_s, u"its port; 993, or 143 without TLS from the first octet"_s},
          {u"user"_s, u"NAME"_s, u"the user name there; the account's unless given"_s},
          PasswordFile,
          {u"security"_s,
           u"KIND"_s,
           u"how it is encrypted: tls (the default), starttls, or none"_s},
          {u"ca"_s, u"FILE"_s, u"whose signature on the certificate is trusted (PEM)"_s},
          {u"fingerprint"_s, u"SHA256"_s, u"the only certificate that is trusted"_s},
          {u"mailbox"_s, u"PATTERN"_s, u"only these; may be given several times"_s},
          {u"exclude"_s, u"PATTERN"_s, u"not these; may be given several times"_s},
          {u"below"_s, u"NAME"_s, u"the mailbox that the copies go below"_s},
          {u"delete"_s, {}, u"deletes here what is deleted there from now on"_s},
          {u"dry-run"_s, {}, u"says what it would do, and changes nothing"_s},
          {u"retries"_s, u"N"_s, u"how often a lost connection is tried again; 5 unless given"_s},
          {u"every"_s, u"TIME"_s, u"stays, and does it again each 15m, 2h, ..."_s}},
         runMirror,
         mirrorDetails()},
        {u"backup"_s,
         u"FOLDER [ACCOUNT...]"_s,
         u"saves accounts to a folder, while the server goes on"_s,
         {{u"keep"_s, u"N"_s, u"so many backups of each account stay; 7 without this"_s},
          {u"verify"_s, {}, u"reads also what earlier backups have brought there"_s}},
         runBackup,
         backupDetails()},
        {u"restore"_s,
         u"FOLDER [ACCOUNT...]"_s,
         u"brings accounts back from such a folder"_s,
         {{u"list"_s, {}, u"shows what is in the folder"_s},
          {u"at"_s, u"WHEN"_s, u"the number of a backup, or a time: the newest up to then"_s},
          {u"as"_s, u"NAME"_s, u"restores one account under another name"_s},
          {u"replace"_s, {}, u"in the place of accounts that are there, whose mail is kept"_s},
          {u"verify"_s, {}, u"reads the backup, whether it could be restored, and does no more"_s}},
         runRestore,
         restoreDetails()},
        {u"deliver"_s,
         u"ACCOUNT"_s,
         u"adds the message on standard input; for fetchmail, procmail, Postfix and others"_s,
         {{u"mailbox"_s, u"[NAME]"_s, u"the mailbox it goes to; INBOX without it"_s},
          {u"create"_s, {}, u"makes the mailbox if there is none"_s},
          {u"f"_s, u"[SENDER]"_s, u"taken and not used"_s},
          {u"a"_s, u"[RECIPIENT]"_s, u"taken and not used"_s}},
         runDeliver,
         deliverDetails()},
        {u"export"_s,
         u"ACCOUNT FOLDER"_s,
         u"writes the mail of an account to files, for any mail program"_s,
         {{u"format"_s, u"FORMAT"_s, u"what to write: mbox (the default), maildir or eml"_s},
          {u"mailbox"_s, u"NAME"_s, u"only this mailbox and those below; can be repeated"_s}},
         runExport,
         exportDetails()},
        {u"check"_s,
         u"ACCOUNT..."_s,
         u"looks whether the mail of accounts is as it should be"_s,
         {{u"repair"_s, {}, u"makes a new database of what can be read; the damaged one is kept"_s},
          {u"rescan"_s, {}, u"describes again what an older version has described"_s},
          {u"reindex"_s, {}, u"makes the search index anew"_s},
          {u"sizes"_s, {}, u"prints how far the search index has come, and what room it takes"_s}},
         runCheck,
         checkDetails()},
        {u"compact"_s,
         u"ACCOUNT..."_s,
         u"gives room that is no longer needed back to the disk, now"_s,
         {},
         runCompact,
         compactDetails()},
        {u"inspect"_s,
         u"FILE..."_s,
         u"shows how a message is understood, and what is wrong with it"_s,
         {{u"raw"_s, {}, u"also ENVELOPE and BODYSTRUCTURE as they are sent"_s}},
         runInspect,
         inspectDetails()},
        {u"setup-client"_s,
         u"ACCOUNT"_s,
         u"tells how to set up a mail program, and writes files that do it"_s,
         {{u"full-name"_s, u"NAME"_s, u"yours, as others shall see it"_s},
          {u"email"_s, u"ADDRESS"_s, u"your e-mail address"_s},
          {u"smtp-host"_s, u"HOST"_s, u"your provider's server for outgoing mail"_s},
          {u"smtp-security"_s, u"KIND"_s, u"of that: tls (the default), starttls or none"_s},
          {u"smtp-port"_s, u"PORT"_s, u"of that: 465 with tls, else 587, unless given"_s},
          {u"smtp-user"_s, u"NAME"_s, u"your user name there; your address, unless given"_s},
          {u"host"_s, u"NAME"_s, u"how mail programs reach this server, if not by its own name"_s},
          {u"output"_s, u"FOLDER"_s, u"where the files go; postnook-ACCOUNT unless given"_s},
          Force},
         runSetupClient,
         setupClientDetails()},
        {u"cert show"_s,
         {},
         u"prints the server's certificate: names, dates, fingerprints, files"_s,
         {},
         runCertShow},
        {u"cert renew"_s,
         {},
         u"makes a new certificate now; the running server takes it up"_s,
         {},
         runCertRenew,
         certRenewDetails()},
        {u"cert export"_s,
         u"FILE"_s,
         u"writes the certificate that other devices are to trust"_s,
         {{u"format"_s, u"FORMAT"_s, u"what to write: pem, der or mobileconfig (Apple)"_s}, Force},
         runCertExport,
         certExportDetails()},
        {u"cert trust"_s,
         {},
         u"makes the mail programs of this computer accept the certificate"_s,
         {{u"yes"_s, {}, u"does not ask"_s}, {u"remove"_s, {}, u"takes it back"_s}},
         runCertTrust,
         certTrustDetails()},
        {u"config check"_s,
         {},
         u"prints every setting, its value and where it comes from"_s,
         {},
         checkConfig,
         configCheckDetails()},
        {u"config show"_s,
         u"[KEY]"_s,
         u"prints every setting as it is read, or one with what it is about"_s,
         {},
         showConfig,
         configShowDetails()},
        {u"config set"_s,
         u"KEY=VALUE..."_s,
         u"changes the settings file, and nothing else in it"_s,
         {{u"default"_s, {}, u"gives the keys that are named their defaults back"_s}},
         runConfigSet,
         configSetDetails()},
        {u"config unset"_s,
         u"KEY..."_s,
         u"gives keys their defaults back, as 'config set --default'"_s,
         {},
         runConfigUnset},
    };
    return table;
}

const Subcommand &defaultSubcommand()
{
    return subcommandTable().first();
}

const QList<SubcommandOption> &commonOptions()
{
    static const QList<SubcommandOption> options{
        {u"config"_s, u"FILE"_s, u"the settings file, instead of the usual one"_s},
        {u"help"_s,
         {},
         u"prints this, or the help of the command before it; so does 'help COMMAND'"_s},
        {u"version"_s, {}, u"prints the version"_s},
    };
    return options;
}

ExitCode runCommand(const CommandLine &line)
{
    const CommandFunction &run = line.command->run;
    if (const auto *runAlone = std::get_if<0>(&run)) {
        return (*runAlone)(line);
    }
    const auto settings = usableSettings(loadSettingsFor(line));
    if (!settings) {
        return ExitCode::Config;
    }
    const auto folder = existingDataFolder(settings->dataDir);
    return folder ? std::get<1>(run)(line, *settings) : fail(folder.error());
}

QString helpText(const QStringList &words)
{
    QList<Subcommand> shown;
    std::copy_if(subcommandTable().begin(),
                 subcommandTable().end(),
                 std::back_inserter(shown),
                 [&words](const Subcommand &command) {
                     const QStringList name = command.name.split(u' ');
                     const auto length = std::min(name.size(), words.size());
                     return name.first(length) == words.first(length);
                 });
    if (shown.isEmpty()) {
        shown = subcommandTable();
    }
    QString text;
    QString details;
    if (shown.size() == 1) {
        const Subcommand &command = shown.first();
        text = u"Usage: postnook [OPTIONS] %1\n\n%2\n\nOptions:\n"_s.arg(
            withArgument(command),
            command.summary.left(1).toUpper() + command.summary.mid(1) + u'.');
        text += optionLines(command.options);
        details = command.details;
    } else {
        text = u"Usage: postnook [OPTIONS] COMMAND\n\nA personal mail server.\n\nCommands:\n"_s;
        for (const Subcommand &command : std::as_const(shown)) {
            text += twoColumns(withArgument(command), command.summary);
        }
        text += u"\nOptions:\n"_s;
    }
    text += optionLines(commonOptions());
    text +=
        twoColumns(u"--KEY=VALUE"_s, u"any setting, stronger than the file; see 'config check'"_s);
    if (!details.isEmpty()) {
        text += u'\n' + details;
    }
    return text.chopped(1);
}

} // namespace Postnook
