#include "app/control/backupcontrol.h"

#include "app/control/backupjson.h"
#include "app/control/backupstate.h"
#include "app/control/controllog.h"

#include <QJsonArray>
#include <QJsonObject>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto AnswerMs = 200; // as often as one can read it

} // namespace

BackupControl::BackupControl(Storage &storage,
                             const QString &dataDir,
                             EndSessions endSessions,
                             QObject *parent)
    : QObject(parent)
    , m_storage(storage)
    , m_statePath(BackupState::pathIn(dataDir))
    , m_endSessions(std::move(endSessions))
{
    m_answerTimer.setSingleShot(true);
    m_answerTimer.setInterval(AnswerMs);
    connect(&m_answerTimer, &QTimer::timeout, this, &BackupControl::answerWaiting);
}

void BackupControl::addTo(ControlHandlers *handlers)
{
    handlers->add(u"backup.start"_s,
                  [this](const auto &request, const auto &done) { startBackup(request, done); });
    handlers->add(u"restore.start"_s,
                  [this](const auto &request, const auto &done) { startRestore(request, done); });
    handlers->add(u"transfer.wait"_s, [this](const auto &, const auto &done) { wait(done); });
    handlers->add(u"transfer.stop"_s, [this](const auto &, const auto &done) { stop(done); });
    handlers->add(u"backup.state"_s, [this](const auto &request, const auto &done) {
        state(request.value("name"_L1).toString(), done);
    });
}

BackupControl::Refusal BackupControl::begin()
{
    if (isBusy()) {
        return Error{ErrorCode::Busy, u"a backup or a restore is running already"_s};
    }
    m_progress = std::make_shared<TransferProgress>();
    m_outcome.reset();
    return {};
}

void BackupControl::end(const Result<QJsonObject> &outcome)
{
    m_outcome = outcome;
    answerWaiting();
}

void BackupControl::backUp(const BackupRequest &request, const BackedUp &done)
{
    if (const auto busy = begin()) {
        return done(*busy);
    }
    m_storage.backups()
        .backUp(request, m_progress)
        .then(this, [this, folder = request.folder, done](const Result<BackupReport> &report) {
            remember(folder, report, [this, report, done] {
                end(report.transform([](const BackupReport &r) { return toJson(r); }));
                done(report);
            });
        });
}

void BackupControl::startBackup(const QJsonObject &request, const ControlDone &done)
{
    const auto wanted = backupRequestFrom(request);
    if (!wanted) {
        return done(wanted.error());
    }
    if (isBusy()) {
        return done(Error{ErrorCode::Busy, u"a backup or a restore is running already"_s});
    }
    backUp(*wanted, [](const Result<BackupReport> &) {});
    done(QJsonObject());
}

void BackupControl::startRestore(const QJsonObject &request, const ControlDone &done)
{
    const auto wanted = restoreRequestFrom(request);
    if (!wanted) {
        return done(wanted.error());
    }
    if (const auto busy = begin()) {
        return done(*busy);
    }
    m_storage.backups()
        .restore(*wanted, m_progress)
        .then(this, [this](const Result<RestoreReport> &report) {
            if (report) {
                endReplaced(*report);
            }
            end(report.transform([](const RestoreReport &r) { return toJson(r); }));
        });
    done(QJsonObject());
}

// Their accounts are removed ones by now: nobody logs in there again.
void BackupControl::endReplaced(const RestoreReport &report)
{
    for (const RestoredAccount &account : report.accounts) {
        if (account.replaced) {
            m_endSessions(*account.replaced, "The mail was restored from a backup");
        }
    }
}

void BackupControl::wait(const ControlDone &done)
{
    if (!m_progress) {
        return done(Error{ErrorCode::Invalid, u"there is no backup or restore to wait for"_s});
    }
    if (m_waiting) {
        return done(Error{ErrorCode::Busy, u"another command waits for it already"_s});
    }
    m_waiting = done;
    if (m_outcome) {
        return answerWaiting();
    }
    m_answerTimer.start();
}

void BackupControl::answerWaiting()
{
    m_answerTimer.stop();
    const auto waiting = std::exchange(m_waiting, {});
    if (!waiting) {
        return;
    }
    if (!m_outcome) {
        waiting(QJsonObject{{u"doneBytes"_s, m_progress->doneBytes.load()},
                            {u"totalBytes"_s, m_progress->totalBytes.load()}});
    } else if (*m_outcome) {
        waiting(QJsonObject{{u"report"_s, **m_outcome}});
    } else {
        waiting(m_outcome->error());
    }
}

void BackupControl::stop(const ControlDone &done)
{
    if (m_progress) {
        m_progress->isCancelled = true;
    }
    done(QJsonObject());
}

void BackupControl::remember(const QString &folder,
                             const Result<BackupReport> &report,
                             const std::function<void()> &remembered)
{
    const auto now = QDateTime::currentDateTimeUtc();
    m_storage
        .run(JobClass::Background,
             [path = m_statePath, folder, report, now]() -> Result<void> {
                 auto state = BackupState::load(path);
                 state.note(folder, report, now);
                 return state.save(path);
             })
        .then(this, [remembered](const Result<void> &saved) {
            if (!saved) {
                qCWarning(lcControl).noquote() << saved.error().text;
            }
            remembered();
        });
}

void BackupControl::state(const QString &name, const ControlDone &done)
{
    const auto tell = [this, name, done](const Result<QList<AccountRecord>> &accounts) {
        if (!accounts) {
            return done(accounts.error());
        }
        QList<AccountRecord> asked = *accounts;
        asked.removeIf([&name](const AccountRecord &account) {
            return !name.isEmpty() && account.name != name;
        });
        m_storage
            .run(JobClass::Interactive,
                 [path = m_statePath, records = asked]() -> Result<QJsonObject> {
                     return BackupState::load(path).toReply(records);
                 })
            .then(this, [done](const Result<QJsonObject> &reply) { done(reply); });
    };
    m_storage.accounts().then(this, tell);
}

} // namespace Postnook
