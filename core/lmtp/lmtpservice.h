#pragma once

#include "core/lmtp/lmtpoptions.h"
#include "storage/store.h"

#include <QObject>
#include <QTimer>

#include <map>
#include <memory>

namespace Postnook
{

class LmtpSession;
class Transport;

// Takes in mail by LMTP (RFC 2033). Lives in the main thread; app/server hands it connections, all
// of this machine: who can connect can deliver.
class LmtpService : public QObject
{
    Q_OBJECT

public:
    LmtpService(Storage &storage, LmtpOptions options, QObject *parent = nullptr);
    ~LmtpService() override;

    // Greets and serves a connection; over the limit it says so and closes.
    void addConnection(std::unique_ptr<Transport> transport);
    // For what comes from now on.
    void setMaxMessageBytes(quint64 bytes) { m_options.maxMessageBytes = bytes; }
    // Ends every session, once what it is about to store is stored; drained() when the last one is
    // gone. New connections are refused.
    void shutDown();
    bool isDrained() const { return m_sessions.empty(); }

Q_SIGNALS:
    void drained();

private:
    void remove(quint64 number);
    template <typename Act>
    void forEachSession(Act act);
    void tick();

    Storage &m_storage;
    LmtpOptions m_options;
    std::map<quint64, std::unique_ptr<LmtpSession>> m_sessions;
    quint64 m_lastNumber = 0;
    QTimer m_timer;
    bool m_isShuttingDown = false;
};

} // namespace Postnook
