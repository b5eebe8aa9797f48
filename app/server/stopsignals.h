#pragma once

#include <QObject>

#include <memory>

class QSocketNotifier;

namespace Postnook
{

// Turns SIGTERM, SIGINT (Ctrl-C) and SIGHUP (the terminal was closed; not under nohup), and on
// Windows Ctrl-C and the closing of the console, into a signal of Qt's. The second one ends the
// process at once, in the system's own way. One per process; main thread.
class StopSignals : public QObject
{
    Q_OBJECT

public:
    explicit StopSignals(QObject *parent = nullptr);
    ~StopSignals() override;

Q_SIGNALS:
    void stopRequested();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Postnook
