#pragma once

#include "app/control/backupstate.h"
#include "app/settings/settings.h"

#include <QObject>
#include <QTimer>

namespace Postnook
{

class BackupControl;

// Makes the backups that the settings ask for: at the start when one is overdue, and whenever it is
// time. Main thread; owned by the server.
class BackupSchedule : public QObject
{
    Q_OBJECT

public:
    // Both outlive this. Does nothing where no backup folder is set.
    BackupSchedule(BackupControl &control, Storage &storage, const Settings &settings);

    void start();

private:
    void look();
    void backUp(const BackupState &state);

    BackupControl &m_control;
    Storage &m_storage;
    const QString m_dataDir;
    const QString m_folder;
    const qint64 m_everySeconds;
    const int m_keep;
    QTimer m_timer;
};

// Whether an account has had no backup, or try of one, for so long. A whole one that failed, as
// when its disk is not connected, is tried again after an hour.
bool isBackupDue(const BackupState &state,
                 const QList<AccountRecord> &accounts,
                 const QString &folder,
                 qint64 everySeconds,
                 const QDateTime &now);

} // namespace Postnook
