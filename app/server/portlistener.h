#pragma once

#include <QTcpServer>
#include <QTimer>

namespace Postnook
{

// One address and port. Hands on what connects as a bare descriptor: who is asked for decides what
// becomes of it. Event loop thread.
class PortListener : public QTcpServer
{
    Q_OBJECT

public:
    explicit PortListener(QObject *parent = nullptr);

Q_SIGNALS:
    void connected(qintptr descriptor);

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void onAcceptError();

    QTimer m_retry;
};

} // namespace Postnook
