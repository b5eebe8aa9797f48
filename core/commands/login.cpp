#include "core/commands/login.h"

#include "core/auth/scram.h"
#include "core/session/sessionlog.h"
#include "core/session/transport.h"

#include <QTimer>

namespace Postnook
{

Login::Login(Session &session, QByteArray mechanism, Finish finish)
    : m_session(session)
    , m_mechanism(std::move(mechanism))
    , m_finish(std::move(finish))
{
}

void Login::withPassword(const QString &user, const QString &password)
{
    lookUp(user, [this, password] {
        m_session.host()
            .storage()
            .run(JobClass::Hashing,
                 [credentials = m_account.credentials, password] {
                     return Auth::verifyPassword(credentials, password);
                 })
            .then(this, [this](bool isRight) {
                isRight ? succeed() : fail(QStringLiteral("wrong password"));
            });
    });
}

void Login::findCredentials(const QString &user, std::function<void(const ScramCredentials &)> then)
{
    lookUp(user, [this, then = std::move(then)] { then(m_account.credentials); });
}

void Login::lookUp(const QString &user, std::function<void()> then)
{
    m_user = user;
    m_accountEndings = m_session.host().accountEndings();
    const Transport &peer = m_session.transport();
    const int delayMs =
        m_session.host().throttle().delayMs(peer.peerAddress(), peer.peerIsLoopback(), user);
    const auto search = [this, then = std::move(then)] {
        // A name that SASLprep forbids is no account's; it is looked for all the same, so that it
        // takes as long as any other (RFC 4013, RFC 9051 11.7).
        const QString name = Auth::saslPrep(m_user).value_or(m_user);
        Storage &storage = m_session.host().storage();
        storage.accounts().then(this, [this, &storage, name, then](const auto &accounts) {
            noteIterations(accounts.value_or(QList<AccountRecord>()));
            storage.account(name).then(this, [this, then](const Result<AccountRecord> &account) {
                onAccount(account);
                then();
            });
        });
    };
    if (delayMs == 0) {
        search();
    } else {
        QTimer::singleShot(delayMs, this, search);
    }
}

void Login::noteIterations(const QList<AccountRecord> &accounts)
{
    for (const AccountRecord &account : accounts) {
        m_iterations.append(account.credentials.iterations);
    }
    if (m_iterations.isEmpty()) {
        m_iterations.append(m_session.options().scramIterations);
    }
}

void Login::onAccount(const Result<AccountRecord> &account)
{
    m_isKnown = account && !account->removed;
    if (account) {
        m_account = *account;
        return;
    }
    if (account.error().code != ErrorCode::NotFound) {
        m_trouble = account.error().text;
    }
    m_account.credentials =
        Auth::fakeCredentials(m_session.host().storage().serverSecret(), m_user, m_iterations);
}

void Login::succeed()
{
    if (!m_isKnown) {
        fail(m_trouble.isEmpty() ? QStringLiteral("unknown user") : m_trouble);
        return;
    }
    if (m_isForAnother) {
        log(false, QStringLiteral("wanted to act for another"));
        m_finish(Status::no("Nobody may act for another here", "AUTHORIZATIONFAILED"), {});
        return;
    }
    m_session.host().throttle().noteSuccess(m_session.peerAddress(), m_user);
    open();
}

void Login::open()
{
    m_session.host().openAccount(m_account).then(
        this, [this](const Result<std::shared_ptr<Account>> &account) {
            if (!account) {
                log(false, account.error().text);
                m_finish(
                    account.error().code == ErrorCode::Limit
                        ? statusFor(account.error())
                        : Status::no("The mail of this account cannot be opened", "UNAVAILABLE"),
                    {});
                return;
            }
            // The client decides how long a login takes, and this password may be the old one.
            if (m_session.host().accountEndings() != m_accountEndings) {
                log(false, QStringLiteral("accounts have changed meanwhile"));
                m_finish(Status::no("The accounts have just changed, please log in again",
                                    "UNAVAILABLE"),
                         {});
                return;
            }
            m_session.logIn(*account);
            log(true, {});
            m_finish(Status::ok("Logged in", "CAPABILITY " + m_session.capabilities()), {});
        });
}

void Login::fail(const QString &reason)
{
    const QString why = m_isKnown || reason != QLatin1String("wrong password")
        ? reason
        : QStringLiteral("unknown user");
    m_session.host().throttle().noteFailure(m_session.peerAddress(), m_user);
    log(false, why);
    const bool isLast = m_session.countLoginFailure() >= m_session.options().loginFailures;
    std::function<void()> after;
    if (isLast) {
        after = [session = &m_session] { session->endWithBye("Too many failed logins"); };
    }
    m_finish(Status::no("Wrong user name or password", "AUTHENTICATIONFAILED"), after);
}

void Login::log(bool isGood, const QString &reason)
{
    logLogin(isGood, m_user, m_session.transport(), m_mechanism, reason);
}

} // namespace Postnook
