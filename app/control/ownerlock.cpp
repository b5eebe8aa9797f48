#include "app/control/ownerlock.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <utility>

#ifdef Q_OS_WIN
#include <qt_windows.h>
#else
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#endif

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto MaxRecordBytes = 4096; // the file holds one short JSON object
constexpr qintptr NoHandle = -1;

QString lockPath(const QString &dataDir)
{
    return QDir(dataDir).filePath(u"postnook.lock"_s);
}

enum class LockOutcome { Locked, Held, Failed };

#ifdef Q_OS_WIN

LockOutcome lockFile(const QString &path, qintptr *handle)
{
    const auto native = QDir::toNativeSeparators(path).toStdWString();
    HANDLE file = CreateFileW(native.c_str(),
                              GENERIC_READ | GENERIC_WRITE,
                              FILE_SHARE_READ | FILE_SHARE_WRITE,
                              nullptr,
                              OPEN_ALWAYS,
                              FILE_ATTRIBUTE_NORMAL,
                              nullptr);
    if (file == INVALID_HANDLE_VALUE) {
        return LockOutcome::Failed;
    }
    // Windows' locks forbid reading what they cover, so this one lies far behind the record.
    OVERLAPPED where = {};
    where.Offset = 0x40000000;
    if (!LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &where)) {
        const bool held =
            GetLastError() == ERROR_LOCK_VIOLATION || GetLastError() == ERROR_IO_PENDING;
        CloseHandle(file);
        return held ? LockOutcome::Held : LockOutcome::Failed;
    }
    *handle = reinterpret_cast<qintptr>(file);
    return LockOutcome::Locked;
}

void unlockFile(qintptr handle)
{
    CloseHandle(reinterpret_cast<HANDLE>(handle));
}

#else

LockOutcome lockFile(const QString &path, qintptr *handle)
{
    // flock() and not fcntl(): the latter's locks are lost as soon as any descriptor of the file is
    // closed in this process. Close-on-exec: a child must not keep the lock alive.
    const int file = ::open(
        QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) {
        return LockOutcome::Failed;
    }
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        const bool held = errno == EWOULDBLOCK;
        ::close(file);
        return held ? LockOutcome::Held : LockOutcome::Failed;
    }
    *handle = file;
    return LockOutcome::Locked;
}

void unlockFile(qintptr handle)
{
    ::close(static_cast<int>(handle));
}

#endif

Result<void> writeRecord(const QString &path, const OwnerLock::Holder &holder)
{
    const QJsonObject record{{u"pid"_s, holder.pid},
                             {u"purpose"_s, holder.purpose},
                             {u"controlSocket"_s, holder.controlSocket}};
    const auto bytes = QJsonDocument(record).toJson(QJsonDocument::Compact) + '\n';
    QFile file(path);
    if (!file.open(QIODevice::ReadWrite) || file.write(bytes) != bytes.size()
        || !file.resize(bytes.size()) || !file.flush()) {
        return Error{ErrorCode::Unavailable,
                     u"cannot write %1: %2"_s.arg(path, file.errorString())};
    }
    return {};
}

} // namespace

QString OwnerLock::Holder::toString() const
{
    return u"'postnook %1' (process %2)"_s.arg(purpose, QString::number(pid));
}

Result<OwnerLock> OwnerLock::acquire(const QString &dataDir, const QString &purpose)
{
    const QString path = lockPath(dataDir);
    qintptr handle = NoHandle;
    switch (lockFile(path, &handle)) {
    case LockOutcome::Locked:
        break;
    case LockOutcome::Held: {
        const auto other = holder(dataDir);
        return Error{ErrorCode::Busy,
                     u"the data folder %1 is in use by %2"_s.arg(
                         dataDir, other ? other->toString() : u"another postnook process"_s)};
    }
    case LockOutcome::Failed:
        return Error{ErrorCode::NotPermitted, u"cannot lock %1: %2"_s.arg(path, qt_error_string())};
    }
    OwnerLock lock(handle, path, purpose);
    if (const auto written = lock.announceControlSocket({}); !written) {
        return written.error();
    }
    return lock;
}

std::optional<OwnerLock::Holder> OwnerLock::holder(const QString &dataDir)
{
    QFile file(lockPath(dataDir));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    const auto record = QJsonDocument::fromJson(file.read(MaxRecordBytes)).object();
    if (record.isEmpty()) {
        return {};
    }
    return Holder{record.value("pid"_L1).toInteger(),
                  record.value("purpose"_L1).toString(),
                  record.value("controlSocket"_L1).toString()};
}

OwnerLock::OwnerLock(qintptr handle, QString path, QString purpose)
    : m_handle(handle)
    , m_path(std::move(path))
    , m_purpose(std::move(purpose))
{
}

OwnerLock::OwnerLock(OwnerLock &&other) noexcept
    : m_handle(std::exchange(other.m_handle, NoHandle))
    , m_path(std::move(other.m_path))
    , m_purpose(std::move(other.m_purpose))
{
}

OwnerLock &OwnerLock::operator=(OwnerLock &&other) noexcept
{
    std::swap(m_handle, other.m_handle);
    std::swap(m_path, other.m_path);
    std::swap(m_purpose, other.m_purpose);
    return *this;
}

OwnerLock::~OwnerLock()
{
    if (m_handle != NoHandle) {
        unlockFile(m_handle);
    }
}

Result<void> OwnerLock::announceControlSocket(const QString &path)
{
    return writeRecord(m_path, {QCoreApplication::applicationPid(), m_purpose, path});
}

} // namespace Postnook
