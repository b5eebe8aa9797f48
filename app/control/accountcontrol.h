#pragma once

#include "app/control/controlhandlers.h"
#include "app/control/knownaccount.h"
#include "storage/store.h"

#include <QObject>

#include <functional>

namespace Postnook
{

// What can be done to accounts, as control requests: account.add, account.list, account.passwd,
// account.remove. Main thread; owned by whoever owns the storage.
class AccountControl : public QObject
{
    Q_OBJECT

public:
    AccountControl(Storage &storage, EndSessions endSessions, QObject *parent = nullptr);

    void addTo(ControlHandlers *handlers);

private:
    void add(const QJsonObject &request, const ControlDone &done);
    void list(const ControlDone &done);
    void changePassword(const QJsonObject &request, const ControlDone &done);
    void remove(const QJsonObject &request, const ControlDone &done);
    // Calls `act` with the account, or `done` with the reason why there is none.
    void withAccount(const QJsonObject &request,
                     RemovedAccounts removed,
                     const ControlDone &done,
                     const std::function<void(const AccountRecord &)> &act);
    void removeKnown(const AccountRecord &account, bool purge, const ControlDone &done);

    Storage &m_storage;
    EndSessions m_endSessions;
};

} // namespace Postnook
