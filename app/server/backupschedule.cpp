#include "app/server/backupschedule.h"

#include "app/control/backupcontrol.h"
#include "app/control/controllog.h"

#include <algorithm>
#include <chrono>

namespace Postnook
{

namespace
{

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

constexpr std::chrono::milliseconds LookInterval = 5min; // a computer that slept is late by no more
constexpr qint64 RetrySeconds = 3600;

// A time that lies ahead is one of a clock that was wrong.
bool isPast(const QDateTime &time, qint64 seconds, const QDateTime &now)
{
    return !time.isValid() || time > now || time.secsTo(now) >= seconds;
}

// Loud: a person who believes in backups that are none is worse off than without.
void logOutcome(const QString &folder, const Result<BackupReport> &report)
{
    const QString failure = failureOf(report);
    if (!failure.isEmpty()) {
        qCCritical(lcControl).noquote() << u"the backup to %1 failed: %2"_s.arg(folder, failure);
    } else if (report) {
        qCInfo(lcControl).noquote() << u"backup %1 is in %2"_s.arg(report->generation).arg(folder);
    }
}

} // namespace

BackupSchedule::BackupSchedule(BackupControl &control, Storage &storage, const Settings &settings)
    : m_control(control)
    , m_storage(storage)
    , m_dataDir(settings.dataDir)
    , m_folder(settings.backupFolder)
    , m_everySeconds(settings.backupEverySeconds)
    , m_keep(settings.backupKeep)
{
    m_timer.setTimerType(Qt::VeryCoarseTimer);
    m_timer.setInterval(LookInterval);
    connect(&m_timer, &QTimer::timeout, this, &BackupSchedule::look);
}

void BackupSchedule::start()
{
    if (!m_folder.isEmpty()) {
        m_timer.start();
        look();
    }
}

void BackupSchedule::look()
{
    m_storage.accounts().then(this, [this](const Result<QList<AccountRecord>> &accounts) {
        if (!accounts) {
            return; // the log has it
        }
        m_storage
            .run(JobClass::Background,
                 [path = BackupState::pathIn(m_dataDir)]() -> Result<BackupState> {
                     return BackupState::load(path);
                 })
            .then(this, [this, accounts](const Result<BackupState> &state) {
                const auto now = QDateTime::currentDateTimeUtc();
                // What runs may be what is due: the next look tells.
                if (!m_control.isBusy()
                    && isBackupDue(*state, *accounts, m_folder, m_everySeconds, now)) {
                    backUp(*state);
                }
            });
    });
}

// A disk that is not connected must not become an empty folder with a first backup in it.
void BackupSchedule::backUp(const BackupState &state)
{
    BackupRequest request;
    request.folder = m_folder;
    request.keep = m_keep;
    request.mayMake = !state.knows(m_folder);
    m_control.backUp(request, [folder = m_folder](const Result<BackupReport> &report) {
        logOutcome(folder, report);
    });
}

bool isBackupDue(const BackupState &state,
                 const QList<AccountRecord> &accounts,
                 const QString &folder,
                 qint64 everySeconds,
                 const QDateTime &now)
{
    if (!isPast(state.failure.at, std::min(RetrySeconds, everySeconds), now)) {
        return false;
    }
    return std::any_of(accounts.begin(), accounts.end(), [&](const AccountRecord &account) {
        if (account.removed) {
            return false;
        }
        const auto known = state.accounts.find(account.id);
        if (known == state.accounts.end()) {
            return true;
        }
        const bool isElsewhere = known->second.folder != folder;
        return (isElsewhere || isPast(known->second.at, everySeconds, now))
            && isPast(known->second.failure.at, everySeconds, now);
    });
}

} // namespace Postnook
