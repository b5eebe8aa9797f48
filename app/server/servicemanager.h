#pragma once

#include <QObject>
#include <QTimer>

class QByteArray;

namespace Postnook
{

// Tells systemd how the server is, where it runs as a service of Type=notify (sd_notify(3)); does
// nothing anywhere else. While one lives, the watchdog hears that the event loop turns, if the unit
// asks for it (WatchdogSec=). Main thread.
class ServiceManager : public QObject
{
    Q_OBJECT

public:
    explicit ServiceManager(QObject *parent = nullptr);

    // `status` is for `systemctl status`, one line.
    void ready(const QString &status);
    void stopping();

private:
    static void send(const QByteArray &state);

    QTimer m_watchdog;
};

} // namespace Postnook
