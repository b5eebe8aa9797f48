#pragma once

#include "core/session/imapoptions.h"
#include "core/session/sessioninfo.h"
#include "storage/store.h"

#include <QList>
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
    // BYE to one session, or to all of an account, once the command in progress has ended; after a
    // few seconds they are cut. How many there are. For people: nothing is wrong with the account.
    int kick(quint64 sessionNumber, const QByteArray &reason);
    int kick(AccountId account, const QByteArray &reason);
    // BYE to all once the command in progress has ended; drained() when the last one is gone.
    // New connections are refused. After `graceMs` the rest is cut.
    void shutDown(int graceMs);

    int sessionCount() const;
    QList<SessionInfo> sessions() const; // by number
    const ImapOptions &options() const;
    // For what sessions do from now on; the lengths of lines and literals for those that begin or
    // log in from now on. The clocks and the like, which no person sets, stay.
    void setOptions(const ImapOptions &options);

Q_SIGNALS:
    void drained();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Postnook
