#include "core/mailbox/mailboxhub.h"

#include "core/mailbox/account.h"
#include "core/mailbox/accountmemory.h"
#include "core/session/sessionlog.h"

#include <algorithm>

namespace Postnook
{

MailboxHub::MailboxHub(Account &account, MailboxId mailbox)
    : m_account(account)
    , m_memory(account.memory())
    , m_accountId(account.id())
    , m_id(mailbox)
    , m_pace(account.pacing(), [this] { doRound(); })
{
}

MailboxHub::~MailboxHub()
{
    if (m_isLoaded && !m_isGone) {
        m_memory->snapshots.keep(m_accountId, m_now);
    }
}

void MailboxHub::whenLoaded(QObject *context, std::function<void(const Result<void> &)> then)
{
    if (m_isLoaded) {
        then({});
        return;
    }
    m_loadWaiters.emplace_back(context, std::move(then));
    if (!m_isReading) {
        load();
    }
}

void MailboxHub::load()
{
    m_isReading = true;
    m_account.store()
        .read([id = m_id, known = m_memory->snapshots.known(m_accountId, m_id)](ReadTxn &txn) {
            return readSnapshot(txn, id, known);
        })
        .then(this, [this](const Result<MailboxSnapshot> &snapshot) { onLoaded(snapshot); });
}

void MailboxHub::onLoaded(const Result<MailboxSnapshot> &snapshot)
{
    const auto self = shared_from_this();
    m_isReading = false;
    Result<void> result;
    if (snapshot) {
        m_now = *snapshot;
        m_isLoaded = true;
    } else {
        result = snapshot.error();
    }
    for (auto &[context, then] : std::exchange(m_loadWaiters, {})) {
        if (context) {
            then(result);
        }
    }
    runWaiters();
    if (self.use_count() > 1) {
        catchUpSoon();
    }
}

void MailboxHub::whenCaughtUp(QObject *context, std::function<void()> then)
{
    if (!isBehind() && !m_isReading) {
        then();
        return;
    }
    m_caughtUpWaiters.push_back({context, std::move(then), m_heardOf});
    catchUpSoon();
}

void MailboxHub::noteCommit(ModSeq modSeq, quint64 origin)
{
    m_origins.emplace(modSeq, origin); // the first to name a MODSEQ is the one that made it
    noteShown(modSeq);
}

void MailboxHub::noteRenamed()
{
    m_isRenamed = true;
    catchUpSoon();
}

void MailboxHub::noteShown(ModSeq modSeq)
{
    m_heardOf = qMax(m_heardOf, modSeq);
    catchUpSoon();
}

void MailboxHub::catchUpSoon()
{
    if (!m_isLoaded || m_isReading || !isBehind()) {
        return;
    }
    if (m_caughtUpWaiters.empty()) {
        m_pace.request();
    } else {
        catchUp();
    }
}

void MailboxHub::doRound()
{
    if (m_isReading) {
        m_tellsWhenRead = true;
    } else if (isBehind()) {
        m_tellsWhenRead = true;
        catchUp();
    } else {
        tell();
    }
}

void MailboxHub::tell()
{
    const auto self = shared_from_this();
    for (MailboxWatcher *watcher : std::vector(m_watchers)) {
        watcher->changesApplied();
    }
}

void MailboxHub::catchUp()
{
    m_isReading = true;
    m_isRenamed = false;
    ++m_readCount;
    m_account.store()
        .read([id = m_id, since = m_now.mailbox.highestModSeq](ReadTxn &txn) {
            return txn.changesSince(id, since);
        })
        .then(this, [this](const Result<ChangeSet> &changes) { onChanges(changes); });
}

void MailboxHub::onChanges(const Result<ChangeSet> &changes)
{
    const auto self = shared_from_this();
    m_isReading = false;
    if (changes) {
        apply(*changes);
    } else if (changes.error().code == ErrorCode::NotFound) {
        onMailboxDeleted();
    } else {
        // Nothing is lost: the next commit asks again from the same MODSEQ.
        qCWarning(lcSession).noquote() << "change feed not read:" << changes.error().text;
        m_heardOf = m_now.mailbox.highestModSeq;
        for (Waiter &waiter : m_caughtUpWaiters) {
            waiter.upTo = ModSeq();
        }
    }
    runWaiters();
    if (self.use_count() > 1) {
        catchUpSoon();
    }
}

void MailboxHub::apply(const ChangeSet &changes)
{
    m_now.mailbox = changes.mailbox;
    noteKeywords(changes.keywords);
    const UidRange added = appendNewUids(changes.changed);
    removeExpunged(m_now.uids, changes.expunged);
    const auto originOf = [this](ModSeq modSeq) {
        const auto it = m_origins.find(modSeq);
        return it == m_origins.end() ? 0 : it->second;
    };
    for (MailboxWatcher *watcher : m_watchers) {
        watcher->applyChanges(changes, originOf);
    }
    if (added.first.value != 0) {
        giveRecent(added);
    }
    m_origins.erase(m_origins.begin(), m_origins.upper_bound(m_now.mailbox.highestModSeq));
    if (std::exchange(m_tellsWhenRead, false)) {
        tell();
    } else {
        m_pace.request();
    }
}

void MailboxHub::noteKeywords(const QByteArrayList &keywords)
{
    // What has just the first ones of ours was read before. Others are new, or some were freed.
    const bool isOlder = keywords.size() <= m_now.keywords.size()
        && std::equal(keywords.begin(), keywords.end(), m_now.keywords.begin());
    if (!isOlder) {
        m_now.keywords = keywords;
    }
}

void MailboxHub::onMailboxDeleted()
{
    // RFC 2180 section 3: sessions that have it selected see it become empty; what they were told
    // of can still be read until then.
    m_isGone = true;
    ChangeSet changes;
    changes.mailbox = m_now.mailbox;
    changes.keywords = m_now.keywords;
    changes.expunged.reserve(m_now.uids.size());
    for (const Uid uid : std::as_const(m_now.uids)) {
        changes.expunged.append({uid, m_heardOf});
    }
    apply(changes);
}

UidRange MailboxHub::appendNewUids(const QList<ChangedMessage> &changed)
{
    const Uid known = m_now.uids.isEmpty() ? Uid() : m_now.uids.last();
    UidRange added;
    for (const ChangedMessage &message : changed) {
        if (message.uid > known) {
            m_now.uids.append(message.uid);
            added.first = added.first.value == 0 ? message.uid : added.first;
            added.last = message.uid;
        }
    }
    return added;
}

void MailboxHub::giveRecent(const UidRange &uids)
{
    const auto taker = std::find_if(m_watchers.begin(), m_watchers.end(), [](const auto *watcher) {
        return watcher->claimsRecent();
    });
    if (taker != m_watchers.end()) {
        (*taker)->addRecent(uids);
        m_account.claimRecent(m_id, Uid(uids.last.value + 1));
        return;
    }
    // Nobody here may take them: those who only examine see them and leave them (RFC 3501 6.3.2).
    for (MailboxWatcher *watcher : m_watchers) {
        watcher->addRecent(uids);
    }
}

void MailboxHub::attach(MailboxWatcher *watcher)
{
    m_watchers.push_back(watcher);
}

void MailboxHub::detach(MailboxWatcher *watcher)
{
    std::erase(m_watchers, watcher);
}

void MailboxHub::runWaiters()
{
    std::vector<Waiter> waiting;
    for (Waiter &waiter : std::exchange(m_caughtUpWaiters, {})) {
        if (!m_isGone && (m_isRenamed || m_now.mailbox.highestModSeq < waiter.upTo)) {
            waiting.push_back(std::move(waiter));
        } else if (waiter.context) {
            waiter.then();
        }
    }
    // A waiter that ran may have brought new ones.
    m_caughtUpWaiters.insert(m_caughtUpWaiters.begin(),
                             std::make_move_iterator(waiting.begin()),
                             std::make_move_iterator(waiting.end()));
}

} // namespace Postnook
