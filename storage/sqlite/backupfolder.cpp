#include "storage/sqlite/backupfolder.h"

#include "storage/folders.h"
#include "storage/sqlite/contentstore.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace Postnook::Sqlite
{

namespace
{

using namespace Qt::StringLiterals;

constexpr qsizetype MostOfFile = 64LL * 1024 * 1024; // a manifest has some 300 bytes an account
constexpr auto NewSuffix = ".new"_L1;
constexpr auto LabelName = "postnook-backup.json"_L1;

QString native(const QString &path)
{
    return QDir::toNativeSeparators(path);
}

// What a first backup that was cut short has made aside.
bool holdsOtherThings(const QString &path)
{
    auto names =
        QDir(path).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    for (const auto &own :
         {LabelName + NewSuffix, u"generations"_s, u"databases"_s, u"content"_s}) {
        names.removeOne(own);
    }
    return !names.isEmpty();
}

} // namespace

BackupFolder::BackupFolder(QString path, std::shared_ptr<ContentFiles> files)
    : m_path(std::move(path))
    , m_files(std::move(files))
{
}

Result<void> BackupFolder::checkPlace(const QString &dataDir) const
{
    const auto place = realPath(m_path);
    if (isBelow(place, realPath(dataDir))) {
        return Error{ErrorCode::Invalid,
                     u"The backup folder %1 lies in the data folder %2: what takes the one would "
                     "take the other along. Name a folder elsewhere, best on another disk."_s.arg(
                         native(m_path), native(dataDir))};
    }
    const QFileInfo info(m_path);
    if (info.exists() && !info.isDir()) {
        return Error{ErrorCode::Invalid, u"%1 is a file, not a folder."_s.arg(native(m_path))};
    }
    if (!info.exists() && !QFileInfo(info.path()).isDir()) {
        return Error{ErrorCode::Unavailable,
                     u"There is no folder %1 to make the backup folder %2 in. Is its disk "
                     "connected?"_s.arg(native(info.path()), info.fileName())};
    }
    return {};
}

Result<BackupOwner> BackupFolder::owner() const
{
    const auto label = readFile(labelPath());
    if (!label) {
        return label.error();
    }
    auto owner = ownerFrom(*label);
    if (!owner) {
        return Error{owner.error().code,
                     u"The file %1 says whose the backup folder is. %2"_s.arg(native(labelPath()),
                                                                              owner.error().text)};
    }
    return owner;
}

Result<void>
BackupFolder::openFor(const QString &dataDir, const BackupOwner &owner, Missing missing) const
{
    if (auto placed = checkPlace(dataDir); !placed) {
        return placed;
    }
    const auto found = this->owner();
    if (found && found->dataFolder != owner.dataFolder) {
        return Error{ErrorCode::Invalid,
                     u"%1 holds the backups of another data folder (%2). Name another folder for "
                     "those of %3."_s.arg(native(m_path), found->place, native(dataDir))};
    }
    if (!found && found.error().code != ErrorCode::NotFound) {
        return found.error();
    }
    const bool isThere = found.has_value();
    if (!isThere && missing == Missing::IsAnError) {
        return Error{
            ErrorCode::Unavailable,
            u"The backups are no longer in %1. Is its disk connected?"_s.arg(native(m_path))};
    }
    if (!isThere && holdsOtherThings(m_path)) {
        return Error{ErrorCode::Invalid,
                     u"The folder %1 holds something else. Name an empty or a new one, such as "
                     "%2."_s.arg(native(m_path), native(m_path + "/postnook-backup"_L1))};
    }
    auto made = makeFolder(m_path);
    if (made && !isThere) {
        made = writeFile(labelPath(), labelOf(owner));
    }
    for (const auto &name : {"/generations"_L1, "/databases"_L1, "/content"_L1}) {
        made = made.and_then([&] { return makeFolder(m_path + name); });
    }
    return made.and_then([this] { return m_files->remove(newDatabasePath()); });
}

Result<void> BackupFolder::open() const
{
    const auto found = owner();
    if (!found && found.error().code == ErrorCode::NotFound) {
        return Error{ErrorCode::NotFound,
                     u"There is no backup of Postnook in %1."_s.arg(native(m_path))};
    }
    return found.transform([](const BackupOwner &) {});
}

Result<QList<BackupGeneration>> BackupFolder::generations() const
{
    const auto names = m_files->list(m_path + "/generations"_L1);
    if (!names) {
        return names.error();
    }
    QList<BackupGeneration> generations;
    for (const auto &name : *names) {
        bool isNumber = false;
        const int number = name.endsWith(".json"_L1) ? name.chopped(5).toInt(&isNumber) : 0;
        if (!isNumber || number <= 0) {
            continue;
        }
        const auto path = generationPath(number);
        const auto read =
            readFile(path).and_then([](const QByteArray &bytes) { return generationFrom(bytes); });
        BackupGeneration generation = read.value_or(BackupGeneration());
        generation.number = number;
        if (!read) {
            generation.error =
                Error{read.error().code,
                      u"The file %1 describes a backup. %2"_s.arg(native(path), read.error().text)};
        }
        generations.append(generation);
    }
    std::sort(generations.begin(), generations.end(), [](const auto &a, const auto &b) {
        return a.number > b.number;
    });
    return generations;
}

int BackupFolder::nextNumber(const QList<BackupGeneration> &generations)
{
    return generations.isEmpty() ? 1 : generations.first().number + 1;
}

QString BackupFolder::labelPath() const
{
    return m_path + u'/' + LabelName;
}

QString BackupFolder::generationPath(int number) const
{
    return u"%1/generations/%2.json"_s.arg(m_path).arg(number, 6, 10, QLatin1Char('0'));
}

Result<void> BackupFolder::add(const BackupGeneration &generation) const
{
    return writeFile(generationPath(generation.number), manifestOf(generation));
}

Result<void> BackupFolder::drop(int number) const
{
    return m_files->remove(generationPath(number)).and_then([this] {
        return m_files->syncFolder(m_path + "/generations"_L1);
    });
}

QString BackupFolder::databasePath(const QByteArray &sha256) const
{
    return u"%1/%2.db"_s.arg(databasesFolder(), QString::fromLatin1(sha256.toHex()));
}

Result<void> BackupFolder::keepNewDatabase(const QByteArray &sha256) const
{
    return m_files->rename(newDatabasePath(), databasePath(sha256)).and_then([this] {
        return m_files->syncFolder(databasesFolder());
    });
}

QString BackupFolder::contentFolder(AccountId account) const
{
    return u"%1/content/%2"_s.arg(m_path).arg(account.value);
}

Result<void> BackupFolder::makeFolderOf(AccountId account, const QString &contentName) const
{
    const auto folder = contentFolder(account);
    const auto path = contentPath(folder, contentName);
    const auto second = path.left(path.lastIndexOf(u'/'));
    return makeFolder(folder)
        .and_then([&] { return makeFolder(second.left(second.lastIndexOf(u'/'))); })
        .and_then([&] { return makeFolder(second); });
}

// Synced also when it was there: an earlier process may have died between the two steps.
Result<void> BackupFolder::makeFolder(const QString &path) const
{
    const auto made = m_files->makeFolder(path);
    return made ? m_files->syncFolder(path.left(path.lastIndexOf(u'/'))) : made.error();
}

Result<QByteArray> BackupFolder::readFile(const QString &path) const
{
    const auto file = m_files->open(path);
    return file ? (*file)->read(0, MostOfFile) : file.error();
}

Result<void> BackupFolder::writeFile(const QString &path, const QByteArray &bytes) const
{
    const QString fresh = path + NewSuffix;
    if (auto removed = m_files->remove(fresh); !removed) {
        return removed;
    }
    auto file = m_files->create(fresh);
    if (!file) {
        return file.error();
    }
    auto written = (*file)->write(bytes).and_then([&] { return (*file)->sync(); });
    file->reset();
    return written.and_then([&] { return m_files->rename(fresh, path); }).and_then([&] {
        return m_files->syncFolder(path.left(path.lastIndexOf(u'/')));
    });
}

} // namespace Postnook::Sqlite
