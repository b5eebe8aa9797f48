#pragma once

#include "app/control/controlhandlers.h"
#include "storage/store.h"

#include <QJsonArray>
#include <QObject>

namespace Postnook
{

class ImapService;
struct SessionInfo;

// What has to do with sessions, as control requests:
// - imap turns its connection into an IMAP session that is logged in to the "account". How commands
//   of this program bring mail in; who may open the control socket may read the data folder anyway.
// - sessions.list gives all "sessions" (SessionInfo).
// - sessions.kick ends the session of that number, else those of the account of that name: "who".
//   The reply says how many, and of which account.
// Main thread; owned by whoever owns the storage.
class SessionControl : public QObject
{
    Q_OBJECT

public:
    // Both outlive this.
    SessionControl(Storage &storage, ImapService &imap, QObject *parent = nullptr);

    void addTo(ControlHandlers *handlers);

private:
    void open(const QJsonObject &request, const HandoverDone &done);
    ControlHandover handoverTo(const AccountRecord &account);
    void kick(const QJsonObject &request, const ControlDone &done);

    Storage &m_storage;
    ImapService &m_imap;
};

// As sessions.list tells them.
QJsonArray sessionsToJson(const QList<SessionInfo> &sessions);

} // namespace Postnook
