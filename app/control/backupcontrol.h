#pragma once

#include "app/control/controlhandlers.h"
#include "app/control/knownaccount.h"
#include "storage/backup.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace Postnook
{

// Backups and restores as control requests. One runs at a time, for as long as it takes:
// - backup.start begins a backup of "accounts" (names; none: all) to "folder", of which "keep"
//   generations stay; with "readsAll" it reads also what was there before.
// - restore.start begins a restore of "accounts" from "folder": from the "generation", or the
//   newest up to "at", under the name "as", in the place of what is there with "replaces";
//   "onlyReads" looks whether it could.
// - transfer.wait is answered within moments, with "doneBytes" and "totalBytes", or at the end with
//   the "report", or the error.
// - transfer.stop ends what runs.
// - backup.state tells of each account, or of the one "name", when its last good backup was, and
//   what failed since (BackupState::toReply).
// Main thread; owned by whoever owns the storage, which outlives this.
class BackupControl : public QObject
{
    Q_OBJECT

public:
    using BackedUp = std::function<void(const Result<BackupReport> &)>;

    BackupControl(Storage &storage,
                  const QString &dataDir,
                  EndSessions endSessions,
                  QObject *parent = nullptr);

    void addTo(ControlHandlers *handlers);
    bool isBusy() const { return m_progress && !m_outcome; } // with a backup or a restore

    // What backup.start does, and how it ended, once that is kept for backup.state. Busy.
    void backUp(const BackupRequest &request, const BackedUp &done);

private:
    using Refusal = std::optional<Error>;

    void startBackup(const QJsonObject &request, const ControlDone &done);
    void startRestore(const QJsonObject &request, const ControlDone &done);
    void wait(const ControlDone &done);
    void stop(const ControlDone &done);
    void state(const QString &name, const ControlDone &done);
    Refusal begin();
    void end(const Result<QJsonObject> &outcome);
    void answerWaiting();
    void endReplaced(const RestoreReport &report);
    // Before anybody is told of it: who was told and then killed must not make it again.
    void remember(const QString &folder,
                  const Result<BackupReport> &report,
                  const std::function<void()> &remembered);

    Storage &m_storage;
    const QString m_statePath;
    const EndSessions m_endSessions;
    std::shared_ptr<TransferProgress> m_progress; // of what runs, or ran last
    std::optional<Result<QJsonObject>> m_outcome; // of what ran last
    ControlDone m_waiting;
    QTimer m_answerTimer;
};

} // namespace Postnook
