#pragma once

#include "core/session/session.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>

namespace Postnook
{

// The way from a user name to a logged-in session, shared by LOGIN and AUTHENTICATE: the delay for
// those who failed before, the look-up (with made-up credentials for unknown users, so that they
// cost and look the same), the hash in the pool, the opening of the account, the log line. Main
// thread; owned by the command that logs in.
class Login : public QObject
{
    Q_OBJECT

public:
    // Ends the command: OK with the capabilities, or NO.
    using Finish = std::function<void(const Status &, std::function<void()>)>;

    Login(Session &session, QByteArray mechanism, Finish finish);

    // The client wants to act for another: refused once it has shown that it is who it says.
    void forAnother() { m_isForAnother = true; }
    void withPassword(const QString &user, const QString &password);

    // For SCRAM: gives the user's credentials (real or made up), after the delay.
    void findCredentials(const QString &user, std::function<void(const ScramCredentials &)> then);
    void succeed(); // the proof was right; refuses all the same when the user does not exist
    void fail(const QString &reason);

private:
    void lookUp(const QString &user, std::function<void()> then);
    void noteIterations(const QList<AccountRecord> &accounts);
    void onAccount(const Result<AccountRecord> &account);
    void open();
    void log(bool isGood, const QString &reason);

    Session &m_session;
    QByteArray m_mechanism;
    Finish m_finish;
    QString m_user;
    quint64 m_accountEndings = 0; // as the look-up began
    QList<int> m_iterations; // of all accounts
    AccountRecord m_account;
    bool m_isKnown = false;
    bool m_isForAnother = false;
    QString m_trouble; // why the look-up itself failed, if it did
};

} // namespace Postnook
