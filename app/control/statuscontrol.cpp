#include "app/control/statuscontrol.h"

#include "app/control/knownaccount.h"

#include <QJsonObject>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QJsonObject troubleReply(const Error &error)
{
    return {{u"trouble"_s, error.text}};
}

Result<QJsonObject> countMail(ReadTxn &txn)
{
    const auto mailboxes = txn.mailboxes();
    const auto index = txn.searchIndexState();
    if (!mailboxes || !index) {
        return mailboxes ? index.error() : mailboxes.error();
    }
    qint64 messages = 0;
    qint64 bytes = 0;
    for (const ListedMailbox &mailbox : *mailboxes) {
        messages += mailbox.info.messages;
        bytes += static_cast<qint64>(mailbox.info.sizeBytes);
    }
    return QJsonObject{{u"mailboxes"_s, mailboxes->size()},
                       {u"messages"_s, messages},
                       {u"bytes"_s, bytes},
                       {u"indexed"_s, index->contents},
                       {u"waiting"_s, index->waiting}};
}

} // namespace

StatusControl::StatusControl(Storage &storage, QObject *parent)
    : QObject(parent)
    , m_storage(storage)
{
}

void StatusControl::addTo(ControlHandlers *handlers)
{
    handlers->add(u"status.server"_s, [](const auto &, const auto &done) {
        done(QJsonObject{{u"isRunning"_s, false}});
    });
    handlers->add(u"status.account"_s,
                  [this](const auto &request, const auto &done) { account(request, done); });
}

void StatusControl::account(const QJsonObject &request, const ControlDone &done)
{
    const auto read = [this, done](const Result<std::shared_ptr<MailStore>> &store) {
        if (!store) {
            return done(troubleReply(store.error()));
        }
        (*store)
            ->read(countMail, {JobClass::Background, {}})
            .then(this, [store = *store, done](const Result<QJsonObject> &counted) {
                done(counted ? *counted : troubleReply(counted.error()));
            });
    };
    findAccount(m_storage,
                request.value("name"_L1).toString(),
                RemovedAccounts::Hidden,
                this,
                [this, read, done](const Result<AccountRecord> &account) {
                    if (!account) {
                        return done(troubleReply(account.error()));
                    }
                    m_storage.mailStore(account->id).then(this, read);
                });
}

} // namespace Postnook
