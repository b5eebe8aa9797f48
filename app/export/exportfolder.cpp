#include "app/export/exportfolder.h"

#include "app/control/datafolder.h"
#include "app/export/maildirwriter.h"
#include "app/import/messagenotes.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr auto LockName = "postnook-export.lock";

QString shown(const QString &path)
{
    return QDir::toNativeSeparators(path);
}

QJsonObject toJson(const PlannedMailbox &mailbox)
{
    QJsonObject object{{u"mailbox"_s, QString::fromUtf8(mailbox.name.utf8)},
                       {u"path"_s, mailbox.path}};
    if (mailbox.isShortened) {
        object.insert("shortened"_L1, true);
    }
    return object;
}

PlannedMailbox plannedFrom(const QJsonObject &object)
{
    return {MailboxName(object.value("mailbox"_L1).toString().toUtf8()),
            object.value("path"_L1).toString(),
            object.value("shortened"_L1).toBool()};
}

ExportIdentity identityFrom(const QJsonObject &marker)
{
    ExportIdentity identity{
        marker.value("account"_L1).toString(), marker.value("format"_L1).toString(), {}};
    const auto wanted = marker.value("wanted"_L1).toArray();
    for (const auto &name : wanted) {
        identity.mailboxes.append(name.toString());
    }
    return identity;
}

Result<void> rename(const QString &from, const QString &to)
{
    QFile file(from);
    return file.rename(to) ? Result<void>() : exportError(to, file.errorString());
}

} // namespace

ExportFolder::ExportFolder(QString path, ExportIdentity identity, const ExportFormat &format)
    : m_path(std::move(path))
    , m_identity(std::move(identity))
    , m_format(format)
    , m_lock(QDir(m_path).filePath(QLatin1String(LockName)))
{
    m_lock.setStaleLockTime(0);
}

Result<std::unique_ptr<ExportFolder>> ExportFolder::open(const QString &path,
                                                         const ExportIdentity &identity)
{
    if (const auto made = ensureDataFolder(path); !made) {
        return made.error();
    }
    const QDir dir(path);
    auto entries =
        dir.entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    entries.removeOne(QLatin1String(LockName));
    std::unique_ptr<ExportFolder> folder(
        new ExportFolder(dir.absolutePath(), identity, *exportFormat(identity.format)));
    QFile marker(dir.filePath(QLatin1String(ExportMarkerName)));
    if (!entries.isEmpty() && !marker.open(QIODevice::ReadOnly)) {
        return Error{ErrorCode::AlreadyExists,
                     u"the folder %1 is not empty; name a new or an empty one"_s.arg(shown(path))};
    }
    if (!folder->m_lock.tryLock(0)) {
        const bool isLocked = folder->m_lock.error() == QLockFile::LockFailedError;
        return isLocked
            ? Error{ErrorCode::Busy, u"another export to %1 is running"_s.arg(shown(path))}
            : exportError(path, qt_error_string());
    }
    if (marker.isOpen()) {
        if (const auto taken = folder->takeUp(marker.readAll()); !taken) {
            return taken.error();
        }
    }
    return folder;
}

Result<void> ExportFolder::takeUp(const QByteArray &marker)
{
    const QJsonObject object = QJsonDocument::fromJson(marker).object();
    const QString ended = object.value("ended"_L1).toString();
    if (!ended.isEmpty()) {
        return Error{ErrorCode::AlreadyExists,
                     u"the folder %1 holds the export of %2 already; name another one"_s.arg(
                         shown(m_path), ended)};
    }
    if (identityFrom(object) != m_identity) {
        return Error{ErrorCode::AlreadyExists,
                     u"the folder %1 holds an export of something else that has not ended; name "
                     "another one"_s.arg(shown(m_path))};
    }
    const auto mailboxes = object.value("mailboxes"_L1).toArray();
    for (const auto &mailbox : mailboxes) {
        m_plan.append(plannedFrom(mailbox.toObject()));
    }
    return {};
}

Result<void> ExportFolder::setPlan(const QList<PlannedMailbox> &plan)
{
    m_plan = plan;
    return writeMarker(false);
}

Result<void> ExportFolder::writeMarker(bool hasEnded) const
{
    QJsonArray mailboxes;
    for (const PlannedMailbox &mailbox : m_plan) {
        mailboxes.append(toJson(mailbox));
    }
    QJsonObject object{{u"account"_s, m_identity.account},
                       {u"format"_s, m_identity.format},
                       {u"wanted"_s, QJsonArray::fromStringList(m_identity.mailboxes)},
                       {u"mailboxes"_s, mailboxes}};
    if (hasEnded) {
        object.insert("ended"_L1,
                      QDateTime::currentDateTime().toOffsetFromUtc(0).toString(Qt::ISODate));
    }
    QSaveFile file(QDir(m_path).filePath(QLatin1String(ExportMarkerName)));
    const bool isWritten = file.open(QIODevice::WriteOnly)
        && file.write(QJsonDocument(object).toJson()) > 0 && file.commit();
    return isWritten ? Result<void>() : exportError(file.fileName(), file.errorString());
}

QString ExportFolder::targetOf(const PlannedMailbox &mailbox) const
{
    return mailbox.path.isEmpty() ? m_path : QDir(m_path).filePath(mailbox.path);
}

QString ExportFolder::asidePath() const
{
    return QDir(m_path).filePath(QLatin1String(UnfinishedExportName));
}

bool ExportFolder::isDone(const PlannedMailbox &mailbox) const
{
    const QString target = targetOf(mailbox);
    const QString last = QLatin1String(m_format.lastEntry);
    return QFileInfo::exists(last.isEmpty() ? target : QDir(target).filePath(last));
}

Result<QString> ExportFolder::makeAside()
{
    const QString aside = asidePath();
    // What an export that was interrupted has left there is written anew.
    if (!QDir(aside).removeRecursively() || !QDir().mkdir(aside)) {
        return exportError(aside, qt_error_string());
    }
    return aside;
}

Result<void> ExportFolder::putInPlace(const PlannedMailbox &mailbox)
{
    const QString target = targetOf(mailbox);
    if (const auto synced = syncFolderTree(asidePath()); !synced) {
        return synced;
    }
    const QString parent = QFileInfo(target).path();
    if (!QDir().mkpath(parent)) {
        return exportError(parent, qt_error_string());
    }
    if (*m_format.suffix != '\0') {
        return rename(QDir(asidePath()).filePath(QLatin1String(MailboxFileName)), target);
    }
    return QFileInfo::exists(target) ? moveInto(target) : rename(asidePath(), target);
}

// The folder is there already, as that of the mailboxes below, or because we came no further.
Result<void> ExportFolder::moveInto(const QString &target) const
{
    const QString last = QLatin1String(m_format.lastEntry);
    QStringList names =
        QDir(asidePath())
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    names.removeOne(last);
    names.append(last);
    for (const QString &name : std::as_const(names)) {
        const QString from = QDir(asidePath()).filePath(name);
        const QString to = QDir(target).filePath(name);
        if (QFileInfo(from).isFile() && QFileInfo(to).isFile()) {
            QFile::remove(to); // of the export that was interrupted right here
        }
        const bool isThere = QFileInfo(from).isDir() && QFileInfo(to).isDir();
        if (const auto moved = isThere ? Result<void>() : rename(from, to); !moved) {
            return moved;
        }
    }
    return {};
}

Result<void> ExportFolder::end()
{
    QDir(asidePath()).removeRecursively();
    if (m_format.naming == ExportNames::Style::Maildir) {
        // Without these in the topmost folder the others are no Maildirs to anybody.
        if (const auto made = makeMaildir(m_path); !made) {
            return made;
        }
    }
    return syncFolderTree(m_path).and_then([this] { return writeMarker(true); });
}

} // namespace Postnook
