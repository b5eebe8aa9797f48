#pragma once

#include "core/session/imapoptions.h"
#include "storage/store.h"

#include <QObject>

#include <memory>

namespace Postnook
{

class Account;
class Session;
class Transport;

// The IMAP service of one process: every session, every open account. Lives in the main thread;
// app/server hands it connections and the control socket asks it to act.
class ImapService : public QObject
{
    Q_OBJECT

public:
    ImapService(Storage &storage, ImapOptions options, QObject *parent = nullptr);
    ~ImapService() override;

    // Greets and serves a connection; over a limit it says BYE in words and closes. Takes the
    // transport.
    void addConnection(std::unique_ptr<Transport> transport);
    // The same, already logged in (the control socket's import and deliver are plain APPENDs).
    void addPreauthenticated(std::unique_ptr<Transport> transport, const AccountRecord &account);

    // BYE to every session of the account (its password changed, it was removed).
    void endSessionsOf(AccountId account, const QByteArray &reason);
    // BYE to all once the command in progress has ended; drained() when the last one is gone.
    // New connections are refused. After `graceMs` the rest is cut.
    void shutDown(int graceMs);

    int sessionCount() const;
    void setOptions(const ImapOptions &options); // for sessions that begin from now on

Q_SIGNALS:
    void drained();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Postnook
