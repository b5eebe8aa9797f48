#include "app/commands/besideowner.h"

#include "app/control/controlclient.h"
#include "app/control/reachowner.h"
#include "app/server/localservice.h"
#include "app/server/stopsignals.h"
#include "app/terminal/console.h"

#include <QCoreApplication>
#include <QThread>
#include <QTimer>

#include <memory>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto PatienceMs = 2'000; // before a person is told why nothing happens

class Run
{
public:
    Result<void> openService(const Settings &settings, OwnerLock lock)
    {
        auto service = LocalService::open(settings, std::move(lock));
        if (!service) {
            return service.error();
        }
        m_service = std::move(*service);
        m_controlSocket = m_service->controlSocket();
        QObject::connect(m_service.get(), &LocalService::finished, qApp, &QCoreApplication::quit);
        return {};
    }

    bool connectTo(const QString &controlSocket)
    {
        m_controlSocket = controlSocket;
        return ControlClient().connectTo(controlSocket);
    }

    void workInThread(const OwnerWork &work)
    {
        const std::unique_ptr<QThread> thread(
            QThread::create([this, &work] { work(m_controlSocket, m_stop); }));
        QObject::connect(thread.get(), &QThread::finished, qApp, [this] { end(); });
        thread->start();
        QCoreApplication::exec();
        thread->wait();
    }

    void requestStop()
    {
        m_stop = true;
        if (m_hasEnded && m_service) {
            m_service->stop();
        }
    }

private:
    // Other commands may have found this one to be the owner: theirs is not cut off.
    void end()
    {
        m_hasEnded = true;
        if (!m_service) {
            return QCoreApplication::quit();
        }
        if (m_stop) {
            return m_service->stop();
        }
        m_service->stopWhenIdle();
        QTimer::singleShot(PatienceMs, m_service.get(), [] {
            printMessage(u"postnook: done; other commands go on through this one, which ends with "
                         "them (Ctrl-C ends all)"_s);
        });
    }

    QString m_controlSocket;
    std::unique_ptr<LocalService> m_service; // where nobody else owns the folder
    bool m_hasEnded = false; // the work
    std::atomic<bool> m_stop = false;
};

} // namespace

Result<void> runBesideOwner(const Settings &settings, const QString &purpose, const OwnerWork &work)
{
    Run run;
    const StopSignals signals;
    QObject::connect(
        &signals, &StopSignals::stopRequested, &signals, [&run] { run.requestStop(); });
    Result<void> opened;
    const auto own = [&](OwnerLock lock) { opened = run.openService(settings, std::move(lock)); };
    const auto ask = [&](const QString &controlSocket) { return run.connectTo(controlSocket); };
    const auto reached = reachOwner(settings.dataDir, purpose, {own, ask});
    if (!reached || !opened) {
        return reached ? opened : reached;
    }
    run.workInThread(work);
    return {};
}

} // namespace Postnook
