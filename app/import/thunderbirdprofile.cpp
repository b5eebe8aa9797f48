#include "app/import/thunderbirdprofile.h"

#include "app/import/mailaccounts.h"
#include "app/import/thunderbirdfolders.h"
#include "app/import/thunderbirdprefs.h"

#include <QDir>
#include <QFile>

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr auto PrefsFile = "prefs.js"_L1;
constexpr auto ProfilesFile = "profiles.ini"_L1;
constexpr auto ImapFolder = "ImapMail"_L1;
const QStringList AccountsFolders{u"Mail"_s, ImapFolder};

bool isProfile(const QFileInfo &folder)
{
    const QDir dir(folder.filePath());
    return dir.exists(PrefsFile)
        && std::any_of(AccountsFolders.begin(), AccountsFolders.end(), [&dir](const QString &name) {
               return QFileInfo(dir.filePath(name)).isDir();
           });
}

// Mail or ImapMail: with an account's folder in it.
bool holdsAccounts(const QFileInfo &folder)
{
    const auto entries = foldersIn(folder.filePath());
    return AccountsFolders.contains(folder.fileName())
        && std::any_of(entries.begin(), entries.end(), [](const QFileInfo &entry) {
               return isThunderbirdFolder(entry);
           });
}

// The profiles that profiles.ini names, or that lie where they usually do.
QStringList profilesIn(const QString &folder)
{
    QStringList paths;
    QFile file(QDir(folder).filePath(ProfilesFile));
    if (file.open(QIODevice::ReadOnly)) {
        for (const QByteArray &line : file.readAll().split('\n')) {
            if (line.startsWith("Path=")) {
                // Absolute ones stay what they are.
                paths.append(QDir::cleanPath(QDir(folder).filePath(
                    QDir::fromNativeSeparators(QString::fromUtf8(line.mid(5).trimmed())))));
            }
        }
    }
    for (const QString &place : {folder, QDir(folder).filePath(u"Profiles"_s)}) {
        for (const QFileInfo &entry : foldersIn(place)) {
            paths.append(QDir::cleanPath(entry.filePath()));
        }
    }
    paths.removeDuplicates();
    paths.removeIf([](const QString &path) { return !isProfile(QFileInfo(path)); });
    return paths;
}

MailAccount accountIn(SourceFinder &finder, const QString &folder)
{
    MailAccount account;
    account.name = QFileInfo(folder).fileName();
    const bool isImap = QFileInfo(QFileInfo(folder).path()).fileName() == ImapFolder;
    account.kind =
        account.name == "Local Folders"_L1 ? MailAccount::Kind::Local : MailAccount::Kind::Remote;
    account.mailboxes = thunderbirdMailboxesIn(
        finder, folder, isImap ? ThunderbirdNames::Utf7 : ThunderbirdNames::Plain);
    return account;
}

QStringList accountFoldersIn(SourceFinder &finder, const QString &folder)
{
    QStringList folders;
    for (const QFileInfo &entry : finder.contentsOf(folder)) {
        if (entry.isDir() && !entry.isSymLink()) {
            folders.append(QDir::cleanPath(entry.filePath()));
        }
    }
    return folders;
}

MailAccount::Kind kindOf(const ThunderbirdServer &server)
{
    if (server.type == "none"_L1) {
        return MailAccount::Kind::Local;
    }
    return server.type == "imap"_L1 || server.type == "pop3"_L1 ? MailAccount::Kind::Remote
                                                                : MailAccount::Kind::Other;
}

// First the accounts that the person has, then what is left of those that were.
QList<MailAccount> accountsOf(SourceFinder &finder, const QString &profile)
{
    QFile file(QDir(profile).filePath(PrefsFile));
    const auto servers = file.open(QIODevice::ReadOnly)
        ? thunderbirdServers(file.readAll(), profile)
        : QList<ThunderbirdServer>();
    QList<MailAccount> accounts;
    QStringList seen;
    for (const ThunderbirdServer &server : servers) {
        const QString canonical = QFileInfo(server.folder).canonicalFilePath();
        if (canonical.isEmpty() || seen.contains(canonical) || server.type == "nntp"_L1) {
            continue;
        }
        seen.append(canonical);
        MailAccount account = accountIn(finder, server.folder);
        account.name = server.name.isEmpty() ? account.name : server.name;
        account.kind = kindOf(server);
        accounts.append(account);
    }
    for (const QString &name : AccountsFolders) {
        for (const QString &folder : accountFoldersIn(finder, QDir(profile).filePath(name))) {
            if (!seen.contains(QFileInfo(folder).canonicalFilePath())) {
                MailAccount account = accountIn(finder, folder);
                account.kind = servers.isEmpty() ? account.kind : MailAccount::Kind::Other;
                accounts.append(account);
            }
        }
    }
    return accounts;
}

} // namespace

bool isThunderbird(const QFileInfo &folder)
{
    return isProfile(folder) || isThunderbirdFolder(folder) || holdsAccounts(folder)
        || (QDir(folder.filePath()).exists(ProfilesFile)
            && !profilesIn(folder.filePath()).isEmpty());
}

void findThunderbird(SourceFinder &finder, const SourceFinder::Place &place)
{
    const QString folder = place.folder.filePath();
    QList<MailAccount> accounts;
    if (isProfile(place.folder)) {
        accounts = accountsOf(finder, folder);
    } else if (isThunderbirdFolder(place.folder)) {
        accounts = {accountIn(finder, QDir::cleanPath(folder))};
    } else if (holdsAccounts(place.folder)) {
        for (const QString &account : accountFoldersIn(finder, folder)) {
            accounts.append(accountIn(finder, account));
        }
    } else {
        for (const QString &profile : profilesIn(folder)) {
            accounts += accountsOf(finder, profile);
        }
    }
    addAccounts(finder, place.levels, accounts);
}

} // namespace Postnook
