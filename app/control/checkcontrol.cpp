#include "app/control/checkcontrol.h"

#include "app/control/knownaccount.h"
#include "core/mailbox/rescan.h"
#include "core/mailbox/verify.h"

#include <QJsonArray>
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

QJsonObject sizesOf(const SearchIndexState &state)
{
    return {{u"contents"_s, state.contents},
            {u"waiting"_s, state.waiting},
            {u"textBytes"_s, state.textBytes},
            {u"storedTextBytes"_s, state.storedTextBytes},
            {u"indexBytes"_s, state.indexBytes}};
}

QJsonObject replyAboutTexts(const Verification &found)
{
    return {{u"faults"_s, QJsonArray::fromStringList(found.faults)},
            {u"texts"_s, found.texts},
            {u"stale"_s, found.staleIndex},
            {u"after"_s, found.last.value},
            {u"isLast"_s, found.isLast}};
}

QJsonObject replyAboutRepair(const RepairReport &report)
{
    return {{u"keptAs"_s, report.keptAs},
            {u"messages"_s, report.messages},
            {u"lostMessages"_s, report.lostMessages},
            {u"lostTexts"_s, report.lostTexts},
            {u"changedTexts"_s, report.changedTexts},
            {u"recovered"_s, report.recovered},
            {u"newMailboxes"_s, report.newMailboxes},
            {u"gaps"_s, report.gaps},
            {u"notes"_s, QJsonArray::fromStringList(report.notes)}};
}

// What cannot be counted is damaged, and among the faults.
Result<QJsonObject> verifyStore(ReadTxn &txn)
{
    const auto faults = txn.faults();
    if (!faults) {
        return faults.error();
    }
    qint64 messages = 0;
    if (const auto mailboxes = txn.mailboxes()) {
        for (const ListedMailbox &mailbox : *mailboxes) {
            messages += mailbox.info.messages;
        }
    }
    return QJsonObject{{u"faults"_s, QJsonArray::fromStringList(*faults)},
                       {u"messages"_s, messages}};
}

} // namespace

CheckControl::CheckControl(Storage &storage, EndSessions endSessions, QObject *parent)
    : QObject(parent)
    , m_storage(storage)
    , m_endSessions(std::move(endSessions))
{
}

void CheckControl::addTo(ControlHandlers *handlers)
{
    handlers->add(u"check.rescan"_s,
                  [this](const auto &request, const auto &done) { rescan(request, done); });
    handlers->add(u"check.index"_s,
                  [this](const auto &request, const auto &done) { index(request, done); });
    handlers->add(u"check.size"_s,
                  [this](const auto &request, const auto &done) { size(request, done); });
    handlers->add(u"check.store"_s,
                  [this](const auto &request, const auto &done) { store(request, done); });
    handlers->add(u"check.texts"_s,
                  [this](const auto &request, const auto &done) { texts(request, done); });
    handlers->add(u"check.trigrams"_s,
                  [this](const auto &request, const auto &done) { trigrams(request, done); });
    handlers->add(u"check.repair"_s,
                  [this](const auto &request, const auto &done) { repair(request, done); });
}

void CheckControl::withStore(const QJsonObject &request, const ControlDone &done, Work work)
{
    openMail(m_storage,
             request.value("name"_L1).toString(),
             this,
             [done, work = std::move(work)](const Result<std::shared_ptr<MailStore>> &store) {
                 store ? work(*store) : done(store.error());
             });
}

void CheckControl::rescan(const QJsonObject &request, const ControlDone &done)
{
    const auto after = ContentId(request.value("after"_L1).toInteger());
    withStore(request, done, [this, after, done](const auto &store) { scan(store, after, done); });
}

void CheckControl::index(const QJsonObject &request, const ControlDone &done)
{
    const auto how = request.value("afresh"_L1).toBool() ? MailStore::Indexing::Afresh
                                                         : MailStore::Indexing::GoOn;
    withStore(request, done, [this, how, done](const auto &store) {
        store->index(how).then(this, [store, done](const Result<SearchIndexState> &state) {
            done(state.transform(sizesOf));
        });
    });
}

void CheckControl::size(const QJsonObject &request, const ControlDone &done)
{
    withStore(request, done, [this, done](const auto &store) {
        store->read([](ReadTxn &txn) { return txn.searchIndexState(); })
            .then(this, [store, done](const Result<SearchIndexState> &state) {
                done(state.transform(sizesOf));
            });
    });
}

void CheckControl::store(const QJsonObject &request, const ControlDone &done)
{
    withStore(request, done, [this, done](const auto &store) {
        store->read(verifyStore, {JobClass::Background, {}})
            .then(this, [store, done](const Result<QJsonObject> &found) { done(found); });
    });
}

void CheckControl::texts(const QJsonObject &request, const ControlDone &done)
{
    const auto after = ContentId(request.value("after"_L1).toInteger());
    withStore(request, done, [this, after, done](const auto &store) {
        store
            ->read([after](ReadTxn &txn) { return verifyContents(txn, after); },
                   {JobClass::Background, {}})
            .then(this, [store, done](const Result<Verification> &found) {
                done(found.transform(replyAboutTexts));
            });
    });
}

void CheckControl::trigrams(const QJsonObject &request, const ControlDone &done)
{
    withStore(request, done, [this, done](const auto &store) {
        store
            ->read([](ReadTxn &txn) { return txn.verifySearchIndex(); }, {JobClass::Background, {}})
            .then(this, [store, done](const Result<bool> &isSound) {
                done(isSound.transform([](bool sound) {
                    return QJsonObject{{u"isSound"_s, sound}};
                }));
            });
    });
}

void CheckControl::repair(const QJsonObject &request, const ControlDone &done)
{
    findAccount(
        m_storage,
        request.value("name"_L1).toString(),
        RemovedAccounts::Hidden,
        this,
        [this, done](const Result<AccountRecord> &account) {
            if (!account) {
                return done(account.error());
            }
            m_endSessions(account->id, "The mail is being repaired");
            m_storage.repair(account->id).then(this, [done](const Result<RepairReport> &report) {
                done(report.transform(replyAboutRepair));
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
