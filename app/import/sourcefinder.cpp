#include "app/import/sourcefinder.h"

#include "app/import/messagenotes.h"
#include "app/import/sourceformats.h"

#include <QDir>

#include <filesystem>
#include <map>
#include <system_error>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

QString whyForeign(const QFileInfo &file)
{
    static const QStringList archives{
        u"zip"_s, u"tgz"_s, u"gz"_s, u"bz2"_s, u"xz"_s, u"7z"_s, u"rar"_s, u"tar"_s};
    if (file.size() == 0) {
        return u"it is empty"_s;
    }
    return archives.contains(file.suffix().toLower())
        ? u"it is an archive; unpack it, and import what is in it"_s
        : u"it is no mail file"_s;
}

// Formats look at the names of folders, and "." or "Work.mbox/" has none.
QFileInfo wholePath(const QString &path)
{
    const QFileInfo info(path);
    const QFileInfo whole(QDir::cleanPath(info.absoluteFilePath()));
    return whole == info ? whole : QFileInfo(info.canonicalFilePath()); // "link/.."
}

// Names that are no text, as other systems and older programs gave them, have no QString.
QStringList namesWithoutText(const QString &folder)
{
    QStringList names;
    std::error_code error;
    std::filesystem::directory_iterator entries(QFileInfo(folder).filesystemFilePath(), error);
    for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
        const QFileInfo entry(entries->path());
        if (entry.filesystemFilePath() != entries->path()) {
            names.append(entry.filePath());
        }
    }
    names.sort();
    return names;
}

} // namespace

void SourceFinder::findIn(const QString &path)
{
    const QFileInfo info = wholePath(path);
    if (info.isDir()) {
        visitFolder({info, {}, true});
    } else {
        visitFile(info);
    }
}

void SourceFinder::visitFile(const QFileInfo &file)
{
    if (!whyUnreadable(file).isEmpty()) {
        return skipUnreadable(file);
    }
    for (const SourceFormat &format : sourceFormats()) {
        if (format.takesFile && format.takesFile(file, true)) {
            return format.findFiles(*this, {QFileInfo(file.path()), {}, true}, {file.fileName()});
        }
    }
    passOver(file.filePath(), whyForeign(file));
}

void SourceFinder::visitFolder(const Place &place)
{
    const QString canonical = place.folder.canonicalFilePath();
    if (m_seenFolders.contains(canonical)) {
        return passOver(place.folder.filePath(), u"it is the folder %1 once more"_s.arg(canonical));
    }
    m_seenFolders.insert(canonical);
    if (place.folder.fileName() == QLatin1String(UnfinishedExportName)) {
        return skip(place.folder.filePath(),
                    u"an export has not got further; run 'postnook export' again to end it"_s);
    }
    if (!whyUnreadable(place.folder).isEmpty()) {
        return skipUnreadable(place.folder);
    }
    for (const SourceFormat &format : sourceFormats()) {
        if (format.takesFolder && format.takesFolder(place.folder)) {
            return format.findInFolder(*this, place);
        }
    }
    visitPlainFolder(place);
}

void SourceFinder::visitPlainFolder(const Place &place)
{
    std::map<const SourceFormat *, QStringList> files;
    QFileInfoList folders;
    for (const QFileInfo &entry : contentsOf(place.folder.filePath())) {
        if (entry.isDir()) {
            folders.append(entry);
            continue;
        }
        if (isExportFile(entry.fileName())) {
            continue; // it says of the mail what the mail cannot say itself
        }
        if (!whyUnreadable(entry).isEmpty()) {
            skipUnreadable(entry);
            continue;
        }
        const SourceFormat *taker = nullptr;
        for (const SourceFormat &format : sourceFormats()) {
            if (!taker && format.takesFile && format.takesFile(entry, false)) {
                taker = &format;
            }
        }
        if (taker) {
            files[taker].append(entry.fileName());
        } else {
            passOver(entry.filePath(), whyForeign(entry));
        }
    }
    for (const auto &[format, names] : files) {
        format->findFiles(*this, {place.folder, place.levels, false}, names);
    }
    for (const QFileInfo &folder : std::as_const(folders)) {
        visitFolder({folder, place.levels + QStringList{folder.fileName()}, false});
    }
}

void SourceFinder::skip(const QString &path, const QString &reason)
{
    m_skipped.append(ImportItem::skipped(path, reason));
}

void SourceFinder::passOver(const QString &path, const QString &reason)
{
    m_skipped.append(ImportItem::passedOver(path, reason));
}

void SourceFinder::skipUnreadable(const QFileInfo &entry)
{
    const bool isThere = entry.isFile() || entry.isDir();
    isThere ? skip(entry.filePath(), whyUnreadable(entry))
            : passOver(entry.filePath(), whyUnreadable(entry));
}

QFileInfoList SourceFinder::contentsOf(const QString &folder)
{
    const QFileInfo info(folder);
    if (!info.isDir()) {
        return {};
    }
    if (!whyUnreadable(info).isEmpty()) {
        skipUnreadable(info);
        return {};
    }
    for (const QString &path : namesWithoutText(folder)) {
        skip(path, u"its name is not UTF-8; give it another, and import again"_s);
    }
    return entriesOf(folder);
}

std::optional<MailboxName> SourceFinder::mailboxFor(const QString &path, const QStringList &levels)
{
    return checked(path, m_naming.nameFor(levels));
}

std::optional<MailboxName> SourceFinder::usualMailboxFor(const QString &path,
                                                         const QStringList &levels)
{
    return checked(path, m_naming.usualNameFor(levels));
}

std::optional<MailboxName> SourceFinder::checked(const QString &path,
                                                 const Result<MailboxName> &name)
{
    if (!name) {
        skip(path, name.error().text);
        return {};
    }
    return *name;
}

QFileInfoList entriesOf(const QString &folder)
{
    return QDir(folder).entryInfoList(
        QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot, QDir::Name);
}

QFileInfoList foldersIn(const QString &folder)
{
    return QDir(folder).entryInfoList(QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
}

QString whyUnreadable(const QFileInfo &file)
{
    if (!file.exists()) {
        return file.isSymLink() ? u"it is a link to nothing"_s : u"it is gone"_s;
    }
    if (file.isDir()) {
        return file.isReadable() && file.isExecutable() ? QString()
                                                        : u"the folder cannot be read"_s;
    }
    // Opening a pipe or a device would wait, or worse.
    if (!file.isFile()) {
        return u"it is no regular file"_s;
    }
    return file.isReadable() ? QString() : u"it cannot be read: permission denied"_s;
}

} // namespace Postnook
