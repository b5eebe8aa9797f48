#include "app/control/accountcontrol.h"

#include "app/control/controlprotocol.h"

#include <QFuture>
#include <QJsonArray>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

Result<QJsonObject> replyAbout(const Result<AccountRecord> &record)
{
    return record.transform([](const AccountRecord &account) {
        return QJsonObject{{u"name"_s, account.name}};
    });
}

} // namespace

AccountControl::AccountControl(Storage &storage, EndSessions endSessions, QObject *parent)
    : QObject(parent)
    , m_storage(storage)
    , m_endSessions(std::move(endSessions))
{
}

void AccountControl::addTo(ControlHandlers *handlers)
{
    handlers->add(u"account.add"_s,
                  [this](const auto &request, const auto &done) { add(request, done); });
    handlers->add(u"account.list"_s, [this](const auto &, const auto &done) { list(done); });
    handlers->add(u"account.passwd"_s,
                  [this](const auto &request, const auto &done) { changePassword(request, done); });
    handlers->add(u"account.remove"_s,
                  [this](const auto &request, const auto &done) { remove(request, done); });
}

void AccountControl::add(const QJsonObject &request, const ControlDone &done)
{
    const auto name = newAccountName(request.value("name"_L1).toString());
    const auto credentials =
        ControlProtocol::credentialsFromJson(request.value("credentials"_L1).toObject());
    if (!name || !credentials) {
        return done(name ? credentials.error() : name.error());
    }
    m_storage.addAccount(*name, *credentials)
        .then(this, [name = *name, done](const Result<AccountRecord> &record) {
            const bool isThere = !record && record.error().code == ErrorCode::AlreadyExists;
            done(isThere ? Error{ErrorCode::AlreadyExists,
                                 u"there is an account '%1' already"_s.arg(name)}
                         : replyAbout(record));
        });
}

void AccountControl::list(const ControlDone &done)
{
    m_storage.accounts().then(this, [done](const Result<QList<AccountRecord>> &records) {
        if (!records) {
            return done(records.error());
        }
        QJsonArray names;
        for (const AccountRecord &record : *records) {
            if (!record.removed) {
                names += record.name;
            }
        }
        done(QJsonObject{{u"accounts"_s, names}});
    });
}

void AccountControl::changePassword(const QJsonObject &request, const ControlDone &done)
{
    const auto credentials =
        ControlProtocol::credentialsFromJson(request.value("credentials"_L1).toObject());
    if (!credentials) {
        return done(credentials.error());
    }
    withAccount(request, RemovedAccounts::Hidden, done, [=, this](const AccountRecord &account) {
        m_storage.setCredentials(account.name, *credentials)
            .then(this, [this, done](const Result<AccountRecord> &record) {
                if (record) {
                    m_endSessions(record->id, "The password was changed, please log in again");
                }
                done(replyAbout(record));
            });
    });
}

void AccountControl::remove(const QJsonObject &request, const ControlDone &done)
{
    // The kept mail of a removed account can still be purged.
    const bool purge = request.value("purge"_L1).toBool();
    withAccount(
        request,
        purge ? RemovedAccounts::Shown : RemovedAccounts::Hidden,
        done,
        [this, purge, done](const AccountRecord &account) { removeKnown(account, purge, done); });
}

void AccountControl::withAccount(const QJsonObject &request,
                                 RemovedAccounts removed,
                                 const ControlDone &done,
                                 const std::function<void(const AccountRecord &)> &act)
{
    findAccount(m_storage,
                request.value("name"_L1).toString(),
                removed,
                this,
                [act, done](const Result<AccountRecord> &record) {
                    record ? act(*record) : done(record.error());
                });
}

void AccountControl::removeKnown(const AccountRecord &account, bool purge, const ControlDone &done)
{
    const QByteArray reason = "The account was removed";
    // Purging waits for the account's jobs, so the sessions go while it does; those that logged in
    // before the removal was committed go after it.
    auto removal = m_storage.removeAccount(account.name, purge);
    m_endSessions(account.id, reason);
    removal.then(this, [this, account, reason, done](const Result<AccountRecord> &record) {
        if (record) {
            m_endSessions(account.id, reason);
        }
        done(replyAbout(record));
    });
}

} // namespace Postnook
