#pragma once

#include "app/control/controlhandlers.h"
#include "storage/result.h"

#include <QLocalServer>
#include <QObject>
#include <QString>

namespace Postnook
{

// Takes control requests of other processes of the same user, on a local socket that nobody else
// may open. Main thread; only the owner of the data folder has one.
class ControlServer : public QObject
{
    Q_OBJECT

public:
    explicit ControlServer(ControlHandlers handlers, QObject *parent = nullptr);
    ~ControlServer() override;

    // A socket that a killed process left at this path is removed first: the caller holds the lock
    // of the data folder, so nobody listens there.
    Result<void> listen(const QString &path);
    bool hasConnections() const;

private:
    void acceptPending();

    ControlHandlers m_handlers;
    QLocalServer m_server;
};

} // namespace Postnook
