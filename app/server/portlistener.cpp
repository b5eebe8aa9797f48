#include "app/server/portlistener.h"

#include "app/server/netlog.h"

namespace Postnook
{

namespace
{

// What the system queues while the loop is busy; a burst of clients after a network change fits.
constexpr auto Backlog = 512;
constexpr auto RetryMs = 1'000;

} // namespace

PortListener::PortListener(QObject *parent)
    : QTcpServer(parent)
{
    setListenBacklogSize(Backlog);
    m_retry.setSingleShot(true);
    m_retry.setInterval(RetryMs);
    connect(&m_retry, &QTimer::timeout, this, &QTcpServer::resumeAccepting);
    connect(this, &QTcpServer::acceptError, this, &PortListener::onAcceptError);
}

void PortListener::incomingConnection(qintptr descriptor)
{
    Q_EMIT connected(descriptor);
}

void PortListener::onAcceptError()
{
    // Mostly no descriptors left. Qt has paused accepting; connections wait in the backlog until
    // some are free again.
    qCWarning(lcNet).noquote() << "cannot take a connection:" << errorString();
    m_retry.start();
}

} // namespace Postnook
