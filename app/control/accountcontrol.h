#pragma once

#include "app/control/controlhandlers.h"
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
    // Ends the sessions of an account whose password changed or that was removed.
    using EndSessions = std::function<void(AccountId, const QByteArray &reason)>;

    AccountControl(Storage &storage, EndSessions endSessions, QObject *parent = nullptr);

    void addTo(ControlHandlers *handlers);

private:
    enum class Removed { Hidden, Shown }; // whether a removed account counts as one

    void add(const QJsonObject &request, const ControlDone &done);
    void list(const ControlDone &done);
    void changePassword(const QJsonObject &request, const ControlDone &done);
    void remove(const QJsonObject &request, const ControlDone &done);
    // Calls `act` with the account, or `done` with the reason why there is none.
    void withAccount(const QString &name,
                     Removed removed,
                     const ControlDone &done,
                     const std::function<void(const AccountRecord &)> &act);
    void removeKnown(const AccountRecord &account, bool purge, const ControlDone &done);

    Storage &m_storage;
    EndSessions m_endSessions;
};

// The name as it is stored: SASLprep (RFC 4013), so that every way to log in finds it. Invalid with
// the reason: empty, longer than 255 bytes, control or other prohibited characters.
Result<QString> accountName(const QString &text);

} // namespace Postnook
