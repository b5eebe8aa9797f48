#pragma once

#include "app/control/controlhandlers.h"
#include "storage/store.h"

#include <QObject>

namespace Postnook
{

class ImapService;

// The control request "imap": turns its connection into an IMAP session that is logged in to the
// account named. How commands of this program bring mail in; who may open the control socket may
// read the data folder anyway. Main thread; owned by whoever owns the storage.
class SessionControl : public QObject
{
    Q_OBJECT

public:
    // Both outlive this. `maxRequestBytes` is told to who asks.
    SessionControl(Storage &storage,
                   ImapService &imap,
                   quint64 maxRequestBytes,
                   QObject *parent = nullptr);

    void addTo(ControlHandlers *handlers);

private:
    void open(const QJsonObject &request, const HandoverDone &done);
    ControlHandover handoverTo(const AccountRecord &account);

    Storage &m_storage;
    ImapService &m_imap;
    quint64 m_maxRequestBytes;
};

} // namespace Postnook
