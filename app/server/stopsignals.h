#pragma once

#include <QObject>

#include <memory>

class QSocketNotifier;

namespace Postnook
{

// Turns SIGTERM and SIGINT (Ctrl-C), and on Windows Ctrl-C, the closing of the console and the end
// of the session (log-off, shutdown), into a signal of Qt's. The second one ends the process at
// once, in the system's own way. SIGHUP asks to read the settings again; where it comes because the
// terminal of the process was closed, to stop (not under nohup). One per process; main thread.
class StopSignals : public QObject
{
    Q_OBJECT

public:
    explicit StopSignals(QObject *parent = nullptr);
    ~StopSignals() override;

Q_SIGNALS:
    void stopRequested();
    void reloadRequested(); // never on Windows

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Postnook
