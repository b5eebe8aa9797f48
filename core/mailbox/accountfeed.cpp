#include "core/mailbox/accountfeed.h"

#include "core/session/sessionlog.h"

#include <algorithm>

namespace Postnook
{

namespace
{

std::optional<MailboxName> parentOf(const MailboxName &name)
{
    const auto end = name.utf8.lastIndexOf(HierarchySeparator);
    return end > 0 ? std::make_optional(MailboxName(name.utf8.first(end))) : std::nullopt;
}

// All mailboxes ascending by name, as the store gives them.
void describe(FeedReport::Name &name, const QList<ListedMailbox> &all)
{
    const auto from = [&all](const QByteArray &first) {
        return std::lower_bound(
            all.begin(), all.end(), first, [](const ListedMailbox &listed, const QByteArray &key) {
                return listed.info.name.utf8 < key;
            });
    };
    const auto it = from(name.name.utf8);
    name.exists = it != all.end() && it->info.name == name.name;
    name.specialUse = name.exists ? it->info.specialUse : SpecialUse::None;
    const QByteArray prefix = name.name.utf8 + HierarchySeparator;
    const auto child = from(prefix);
    name.hasChildren = child != all.end() && child->info.name.utf8.startsWith(prefix);
}

} // namespace

MailboxChanges FeedReport::Mailbox::changesByOthersThan(quint64 origin) const
{
    MailboxChanges changes;
    for (auto it = changesBy.cbegin(); it != changesBy.cend(); ++it) {
        changes |= it.key() == origin ? MailboxChanges() : it.value();
    }
    return changes;
}

QByteArrayList FeedReport::Metadata::entriesByOthersThan(quint64 origin) const
{
    QByteArrayList entries;
    for (auto it = entriesBy.cbegin(); it != entriesBy.cend(); ++it) {
        for (const QByteArray &entry : it.value()) {
            if (it.key() != origin && !entries.contains(entry)) {
                entries.append(entry);
            }
        }
    }
    std::sort(entries.begin(), entries.end());
    return entries;
}

AccountFeed::AccountFeed(MailStore &store, const Pacing &pacing)
    : m_store(store)
    , m_pace(pacing, [this] { read(); })
{
}

void AccountFeed::attach(FeedWatcher *watcher)
{
    m_watchers.push_back(watcher);
}

void AccountFeed::detach(FeedWatcher *watcher)
{
    if (m_isTelling) {
        std::replace(
            m_watchers.begin(), m_watchers.end(), watcher, static_cast<FeedWatcher *>(nullptr));
    } else {
        std::erase(m_watchers, watcher);
    }
    if (m_watchers.empty()) {
        m_pending = {};
    }
}

void AccountFeed::note(const QList<CommitNotice> &notices)
{
    if (m_watchers.empty()) {
        return;
    }
    for (const CommitNotice &notice : notices) {
        const bool isDeletion =
            std::any_of(notice.names.begin(), notice.names.end(), [](const NameEvent &event) {
                return event.kind == NameEvent::Kind::Deleted;
            });
        if (notice.changes || isDeletion) {
            m_pending.mailboxes[notice.mailbox].changesBy[notice.writer] |= notice.changes;
        }
        for (const NameEvent &event : notice.names) {
            noteName(event, notice.writer);
        }
        if (!notice.metadata.entries.isEmpty()) {
            noteMetadata(notice.mailbox, notice.metadata.entries, notice.metadata.origin);
        }
    }
    if (!m_pending.isEmpty()) {
        m_pace.request();
    }
}

void AccountFeed::noteName(const NameEvent &event, quint64 writer)
{
    using Kind = NameEvent::Kind;
    const bool isSubscription = event.kind == Kind::Subscribed || event.kind == Kind::Unsubscribed;
    FeedReport::Name name;
    name.name = event.name;
    name.isMailboxEvent = !isSubscription;
    name.isSubscriptionEvent = isSubscription;
    name.writer = writer;
    if (event.kind == Kind::Renamed) {
        name.oldName = event.oldName;
    }
    addName(name);
    // Its parent, whether that exists or not, is affected too (RFC 5465 5.4).
    if (event.kind == Kind::Created || event.kind == Kind::Deleted) {
        if (const auto parent = parentOf(event.name)) {
            name.name = *parent;
            addName(name);
        }
    }
}

void AccountFeed::noteMetadata(MailboxId owner, const QByteArrayList &entries, quint64 origin)
{
    FeedReport::Metadata &metadata = m_pending.metadata[owner];
    metadata.id = owner;
    QByteArrayList &changed = metadata.entriesBy[origin];
    for (const QByteArray &entry : entries) {
        if (!changed.contains(entry)) {
            changed.append(entry);
        }
    }
}

// A name is told as it stands at the end, so once is enough.
void AccountFeed::addName(const FeedReport::Name &name)
{
    const auto isSame = [&name](const FeedReport::Name &other) {
        return other.name == name.name && (!name.oldName || other.oldName == name.oldName);
    };
    const auto known = std::find_if(m_pending.names.begin(), m_pending.names.end(), isSame);
    if (known == m_pending.names.end()) {
        m_pending.names.append(name);
        return;
    }
    known->isMailboxEvent = known->isMailboxEvent || name.isMailboxEvent;
    known->isSubscriptionEvent = known->isSubscriptionEvent || name.isSubscriptionEvent;
    if (known->writer != name.writer) {
        known->writer = 0; // nobody has done all of it
    }
}

void AccountFeed::read()
{
    if (m_isReading || m_pending.isEmpty()) {
        return; // what is pending is read when that one is done
    }
    m_isReading = true;
    ++m_readCount;
    const bool needsSubscriptions =
        std::any_of(m_watchers.begin(), m_watchers.end(), [](const FeedWatcher *watcher) {
            return watcher != nullptr && watcher->needsSubscriptions();
        });
    const auto pending = std::exchange(m_pending, {});
    m_store
        .read([pending, needsSubscriptions](ReadTxn &txn) {
            return fill(txn, pending, needsSubscriptions);
        })
        .then(this, [this, pending](const Result<FeedReport> &report) {
            if (!report) {
                keep(pending);
            }
            onRead(report);
        });
}

Result<FeedReport> AccountFeed::fill(ReadTxn &txn, const Pending &pending, bool needsSubscriptions)
{
    FeedReport report;
    QList<MailboxName> subscriptions; // ascending
    if (needsSubscriptions || !pending.names.isEmpty()) {
        const auto read = txn.subscriptions();
        if (!read) {
            return read.error();
        }
        subscriptions = *read;
    }
    const auto isSubscribed = [&subscriptions](const MailboxName &name) {
        return std::binary_search(subscriptions.begin(), subscriptions.end(), name);
    };
    for (auto it = pending.mailboxes.cbegin(); it != pending.mailboxes.cend(); ++it) {
        const auto info = txn.mailbox(it.key());
        if (info) {
            report.mailboxes.append({*info, isSubscribed(info->name), it->changesBy});
        } else if (info.error().code == ErrorCode::NotFound) {
            report.gone.append(it.key());
        } else {
            return info.error();
        }
    }
    if (!pending.names.isEmpty()) {
        const auto all = txn.mailboxes();
        if (!all) {
            return all.error();
        }
        report.names = pending.names;
        for (FeedReport::Name &name : report.names) {
            describe(name, *all);
            name.isSubscribed = isSubscribed(name.name);
        }
    }
    for (FeedReport::Metadata metadata : pending.metadata) {
        if (metadata.id != ServerMetadata) {
            const auto info = txn.mailbox(metadata.id);
            if (!info && info.error().code == ErrorCode::NotFound) {
                continue;
            }
            if (!info) {
                return info.error();
            }
            metadata.mailbox = info->name;
            metadata.isSubscribed = isSubscribed(info->name);
        }
        report.metadata.append(metadata);
    }
    return report;
}

void AccountFeed::onRead(const Result<FeedReport> &report)
{
    m_isReading = false;
    if (!report) {
        // Nothing is lost: the next commit asks again.
        qCWarning(lcSession).noquote() << "account feed not read:" << report.error().text;
        return;
    }
    tell(*report);
    if (!m_pending.isEmpty()) {
        m_pace.request();
    }
}

void AccountFeed::keep(const Pending &unread)
{
    for (auto it = unread.mailboxes.cbegin(); it != unread.mailboxes.cend(); ++it) {
        auto &changesBy = m_pending.mailboxes[it.key()].changesBy;
        for (auto by = it->changesBy.cbegin(); by != it->changesBy.cend(); ++by) {
            changesBy[by.key()] |= by.value();
        }
    }
    for (const FeedReport::Metadata &metadata : unread.metadata) {
        for (auto by = metadata.entriesBy.cbegin(); by != metadata.entriesBy.cend(); ++by) {
            noteMetadata(metadata.id, by.value(), by.key());
        }
    }
    const auto later = std::exchange(m_pending.names, unread.names);
    for (const FeedReport::Name &name : later) {
        addName(name);
    }
}

void AccountFeed::tell(const FeedReport &report)
{
    m_isTelling = true;
    for (size_t i = 0; i < m_watchers.size(); ++i) { // one that is told may bring others
        if (m_watchers[i] != nullptr) {
            m_watchers[i]->feedReported(report);
        }
    }
    m_isTelling = false;
    std::erase(m_watchers, nullptr);
}

} // namespace Postnook
