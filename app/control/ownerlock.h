#pragma once

#include "storage/result.h"

#include <QString>

#include <optional>

namespace Postnook
{

// The one owner of a data folder: a lock of the operating system on DATA-DIR/postnook.lock. It ends
// with the process however that ends, so nothing is ever stale; the file stays and only tells who
// holds it, and where that process listens for control requests.
class OwnerLock
{
public:
    struct Holder {
        qint64 pid = 0;
        QString purpose; // the command: "serve"
        QString controlSocket; // empty: none (yet)

        // For messages: "'postnook serve' (process 4711)".
        QString toString() const;
        friend bool operator==(const Holder &, const Holder &) = default;
    };

    // Busy when another process (or another OwnerLock of this one) holds the folder; the text says
    // who. The folder must exist.
    static Result<OwnerLock> acquire(const QString &dataDir, const QString &purpose);
    // What the file says; only true as long as acquire() fails. Nothing while it is being written.
    static std::optional<Holder> holder(const QString &dataDir);

    OwnerLock(OwnerLock &&other) noexcept;
    OwnerLock &operator=(OwnerLock &&other) noexcept;
    ~OwnerLock();
    Q_DISABLE_COPY(OwnerLock)

    // Tells the others where to send their requests.
    Result<void> announceControlSocket(const QString &path);

private:
    OwnerLock(qintptr handle, QString path, QString purpose);

    qintptr m_handle = -1; // a file descriptor, or a HANDLE on Windows
    QString m_path;
    QString m_purpose;
};

} // namespace Postnook
