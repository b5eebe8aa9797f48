#pragma once

#include "app/control/controlhandlers.h"
#include "app/control/runningserver.h"
#include "app/settings/settings.h"
#include "storage/store.h"

#include <QObject>
#include <QStringList>

#include <optional>

namespace Postnook
{

// Where clients of an account find the server.
struct ClientAccess {
    QString account; // as it is stored
    QStringList addresses; // that are listened on
    std::optional<quint16> portTls; // empty: off; 0: a free one that is found at the next start
    std::optional<quint16> portStartTls; // the same
};

// Invalid when the reply is not of this form.
Result<ClientAccess> clientAccessFrom(const QJsonObject &reply);

// The control request client.access: what the clients of the account "name" have to be told. From
// the running server as it listens, else from the settings. Main thread; owned by whoever owns the
// storage.
class ClientControl : public QObject
{
    Q_OBJECT

public:
    // Both outlive this.
    ClientControl(Storage &storage,
                  const Settings &settings,
                  RunningServer server,
                  QObject *parent = nullptr);

    void addTo(ControlHandlers *handlers);

private:
    void access(const QJsonObject &request, const ControlDone &done);
    QJsonObject replyFor(const QString &account) const;

    Storage &m_storage;
    const Settings &m_settings;
    const RunningServer m_server;
};

} // namespace Postnook
