#include "app/control/checkcontrol.h"

#include "app/control/knownaccount.h"
#include "core/mailbox/rescan.h"

#include <QJsonObject>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QJsonObject replyAbout(const Rescan &rescan)
{
    return {{u"described"_s, static_cast<int>(rescan.found.size())},
            {u"unreadable"_s, rescan.unreadable},
            {u"after"_s, rescan.last.value},
            {u"isLast"_s, rescan.isLast}};
}

} // namespace

CheckControl::CheckControl(Storage &storage, QObject *parent)
    : QObject(parent)
    , m_storage(storage)
{
}

void CheckControl::addTo(ControlHandlers *handlers)
{
    handlers->add(u"check.rescan"_s,
                  [this](const auto &request, const auto &done) { rescan(request, done); });
}

void CheckControl::rescan(const QJsonObject &request, const ControlDone &done)
{
    const auto after = ContentId(request.value("after"_L1).toInteger());
    findAccount(m_storage,
                request.value("name"_L1).toString(),
                RemovedAccounts::Hidden,
                this,
                [this, after, done](const Result<AccountRecord> &account) {
                    if (!account) {
                        return done(account.error());
                    }
                    m_storage.mailStore(account->id)
                        .then(this,
                              [this, after, done](const Result<std::shared_ptr<MailStore>> &store) {
                                  store ? scan(*store, after, done) : done(store.error());
                              });
                });
}

// Each continuation holds the store, which stays open for as long as somebody does.
void CheckControl::scan(const std::shared_ptr<MailStore> &store,
                        ContentId after,
                        const ControlDone &done)
{
    store->read([after](ReadTxn &txn) { return scanOlder(txn, after); }, {JobClass::Background, {}})
        .then(this, [this, store, done](const Result<Rescan> &rescan) {
            if (!rescan || rescan->found.isEmpty()) {
                return done(rescan.transform(replyAbout));
            }
            store->write([rescan = *rescan](WriteTxn &txn) { return describe(txn, rescan); })
                .then(this, [store, rescan = *rescan, done](const Result<void> &described) {
                    done(described ? Result(replyAbout(rescan)) : described.error());
                });
        });
}

} // namespace Postnook
