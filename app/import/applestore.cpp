#include "app/import/applestore.h"

#include "app/import/applemailbox.h"
#include "app/import/mailaccounts.h"

#include <QDir>
#include <QRegularExpression>
#include <QUuid>

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr auto LocalFolder = "Mailboxes"_L1; // "On My Mac"
constexpr auto DataFolder = "MailData"_L1; // indexes, rules, signatures

// 10 of "V10"; 0 for another name.
int versionOf(const QFileInfo &folder)
{
    static const QRegularExpression pattern(u"^V(\\d{1,3})$"_s);
    const auto match = pattern.match(folder.fileName());
    return match.hasMatch() ? match.captured(1).toInt() : 0;
}

// Of the versions in a folder, the newest last.
QFileInfoList versionsIn(const QString &folder)
{
    QFileInfoList versions = foldersIn(folder);
    versions.removeIf([](const QFileInfo &entry) { return versionOf(entry) == 0; });
    std::sort(versions.begin(), versions.end(), [](const QFileInfo &a, const QFileInfo &b) {
        return versionOf(a) < versionOf(b);
    });
    return versions;
}

// "ann@mail.example.org" of "IMAP-ann@mail.example.org", as it was up to V2. Later ones have
// numbers that only another database knows the names of.
QString accountName(const QString &folderName)
{
    constexpr qsizetype ShownDigits = 8;
    static const QRegularExpression pattern(u"^[A-Za-z]+-(.+@.+)$"_s);
    const auto match = pattern.match(folderName);
    if (match.hasMatch()) {
        return match.captured(1);
    }
    return QUuid::fromString(folderName).isNull() ? folderName
                                                  : u"Account "_s + folderName.first(ShownDigits);
}

bool isAccountFolder(const QFileInfo &entry)
{
    static const QRegularExpression pattern(u"^(IMAP|POP|EWS|Exchange|Mac|AosImap)-.+@.+"_s);
    return pattern.match(entry.fileName()).hasMatch()
        || !QUuid::fromString(entry.fileName()).isNull();
}

bool holdsAccounts(const QString &folder)
{
    const auto entries = foldersIn(folder);
    const bool hasData = std::any_of(entries.begin(), entries.end(), [](const QFileInfo &entry) {
        return entry.fileName() == DataFolder || entry.fileName() == LocalFolder;
    });
    return hasData && std::any_of(entries.begin(), entries.end(), [](const QFileInfo &entry) {
               return isAccountFolder(entry) || entry.fileName() == LocalFolder;
           });
}

void findAccounts(SourceFinder &finder, const QString &folder, const QStringList &levels)
{
    QList<MailAccount> accounts;
    for (const QFileInfo &entry : finder.contentsOf(folder)) {
        if (!entry.isDir() || entry.isSymLink() || entry.fileName() == DataFolder) {
            continue;
        }
        const bool isLocal = entry.fileName() == LocalFolder;
        MailAccount account;
        account.name = isLocal ? u"On My Mac"_s : accountName(entry.fileName());
        account.kind = isLocal       ? MailAccount::Kind::Local
            : isAccountFolder(entry) ? MailAccount::Kind::Remote
                                     : MailAccount::Kind::Other;
        account.mailboxes = appleMailboxesIn(finder, entry.filePath(), {});
        accounts.append(account);
    }
    addAccounts(finder, levels, accounts);
}

} // namespace

bool isAppleStore(const QFileInfo &folder)
{
    const auto versions = versionsIn(folder.filePath());
    return holdsAccounts(folder.filePath())
        || std::any_of(versions.begin(), versions.end(), [](const QFileInfo &version) {
               return holdsAccounts(version.filePath());
           });
}

void findAppleStore(SourceFinder &finder, const SourceFinder::Place &place)
{
    auto versions = versionsIn(place.folder.filePath());
    versions.removeIf([](const QFileInfo &version) { return !holdsAccounts(version.filePath()); });
    if (versions.isEmpty()) {
        return findAccounts(finder, place.folder.filePath(), place.levels);
    }
    const QFileInfo newest = versions.takeLast();
    for (const QFileInfo &version : std::as_const(versions)) {
        finder.passOver(version.filePath(),
                        u"it is what an older version of Mail left behind; %1 is the newest"_s.arg(
                            newest.fileName()));
    }
    findAccounts(finder, newest.filePath(), place.levels);
}

} // namespace Postnook
