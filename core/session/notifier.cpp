#include "core/session/notifier.h"

#include "core/commands/mailboxlist.h"
#include "core/mailbox/account.h"
#include "core/session/metadataupdates.h"
#include "core/session/session.h"
#include "core/session/sessionlog.h"

namespace Postnook
{

Notifier::Notifier(Session &session)
    : m_session(session)
{
}

Notifier::~Notifier()
{
    setWatching(false);
}

void Notifier::begin(const NotifyRequest &request)
{
    m_request = request;
    m_hasOverflown = false;
    setWatching(request.watchesOthers());
    m_names.removeIf([this](const FeedReport::Name &name) { return !eventsOf(name); });
}

void Notifier::setWatching(bool on)
{
    if (on == m_isWatching) {
        return;
    }
    m_isWatching = on;
    if (on) {
        m_session.account()->feed().attach(this);
    } else {
        m_session.account()->feed().detach(this);
    }
}

ViewUpdates Notifier::wanted() const
{
    ViewUpdates kinds;
    if (const NotifyGroup *group = m_request.selected()) {
        kinds.setFlag(ViewUpdate::New, group->events.testFlag(NotifyEvent::MessageNew));
        kinds.setFlag(ViewUpdate::Expunged, group->events.testFlag(NotifyEvent::MessageExpunge));
        kinds.setFlag(ViewUpdate::Flags, group->events.testFlag(NotifyEvent::FlagChange));
    }
    return kinds;
}

// RFC 5465 6.1.2
ViewUpdates Notifier::wantedAtOnce() const
{
    const NotifyGroup *group = m_request.selected();
    const bool isDelayed =
        group != nullptr && group->mailboxes.kind == MailboxFilter::Kind::SelectedDelayed;
    return isDelayed ? wanted() & ~ViewUpdates(ViewUpdate::Expunged) : wanted();
}

// --- What happens --------------------------------------------------------------------------------

void Notifier::feedReported(const FeedReport &report)
{
    for (const FeedReport::Mailbox &mailbox : report.mailboxes) {
        noteMailbox(mailbox);
    }
    for (const MailboxId id : report.gone) {
        m_statuses.remove(id);
        m_metadata.remove(id);
    }
    for (const FeedReport::Name &name : report.names) {
        noteName(name);
    }
    for (const FeedReport::Metadata &metadata : report.metadata) {
        noteMetadata(metadata);
    }
    m_session.tellNow();
    if (isOverfull()) {
        overflow();
    }
}

bool Notifier::isOverfull() const
{
    qsizetype waiting = m_statuses.size() + m_names.size();
    for (const Metadata &metadata : m_metadata) {
        waiting += metadata.entries.size();
    }
    return waiting > m_session.options().maxNotifications;
}

void Notifier::noteMetadata(const FeedReport::Metadata &metadata)
{
    const bool isServer = metadata.mailbox.utf8.isEmpty();
    const bool isWanted = isServer ? m_request.watchesServer()
                                   : m_request.eventsOf(metadata.mailbox, metadata.isSubscribed)
                                         .testFlag(NotifyEvent::MailboxMetadataChange);
    const auto changed = metadata.entriesByOthersThan(m_session.id());
    if (!isWanted || changed.isEmpty()) {
        return;
    }
    Metadata &pending = m_metadata[metadata.id];
    pending.mailbox = metadata.mailbox;
    for (const QByteArray &entry : changed) {
        if (!pending.entries.contains(entry)) {
            pending.entries.append(entry);
        }
    }
}

// What waits is told of a mailbox by the name that it has then.
void Notifier::noteMailbox(const FeedReport::Mailbox &mailbox)
{
    if (const auto metadata = m_metadata.find(mailbox.info.id); metadata != m_metadata.end()) {
        metadata->mailbox = mailbox.info.name;
    }
    const auto changes = mailbox.changesByOthersThan(m_session.id());
    const auto pending = m_statuses.find(mailbox.info.id);
    if (pending != m_statuses.end()) {
        pending->mailbox = mailbox;
        pending->changes |= changes;
    } else if (const Status status{mailbox, changes}; !itemsOf(status).isEmpty()) {
        m_statuses.insert(mailbox.info.id, status);
    }
}

void Notifier::noteName(const FeedReport::Name &name)
{
    const auto events = eventsOf(name);
    if (name.writer == m_session.id() || !events) {
        return;
    }
    FeedReport::Name told = name;
    if (!events.testFlag(NotifyEvent::MailboxName)) {
        told.oldName.reset(); // it wants to hear of the subscription alone
    }
    m_names.removeIf([&told](const FeedReport::Name &other) {
        return other.name == told.name && other.oldName == told.oldName;
    });
    m_names.append(told);
}

// Those that happened to the name and are asked for.
NotifyEvents Notifier::eventsOf(const FeedReport::Name &name) const
{
    // Who watches what is subscribed has to hear of what is no longer.
    const bool isSubscribed = name.isSubscribed || name.isSubscriptionEvent;
    auto events = m_request.eventsOf(name.name, isSubscribed);
    if (name.oldName) {
        events |= m_request.eventsOf(*name.oldName, isSubscribed);
    }
    NotifyEvents happened;
    happened.setFlag(NotifyEvent::MailboxName, name.isMailboxEvent);
    happened.setFlag(NotifyEvent::SubscriptionChange, name.isSubscriptionEvent);
    return events & happened;
}

// RFC 5465 5.8
void Notifier::overflow()
{
    qCInfo(lcSession).noquote() << m_session.logName() << "more to notify than it takes";
    begin({});
    m_statuses.clear();
    m_metadata.clear();
    m_hasOverflown = true;
}

// --- What is told --------------------------------------------------------------------------------

void Notifier::write(QByteArray &out)
{
    if (std::exchange(m_hasOverflown, false)) {
        out += "* OK [NOTIFICATIONOVERFLOW] Too much has changed; nothing more is told\r\n";
    }
    for (const FeedReport::Name &name : std::exchange(m_names, {})) {
        writeName(out, name);
    }
    for (const Status &status : std::exchange(m_statuses, {})) {
        writeStatus(out, status);
    }
    for (const Metadata &metadata : std::exchange(m_metadata, {})) {
        writeChangedEntries(out, metadata.mailbox, metadata.entries, m_session.nameCoding());
    }
}

void Notifier::writeName(QByteArray &out, const FeedReport::Name &name) const
{
    MailboxInfo info;
    info.specialUse = name.specialUse;
    const ListedName listed{.name = name.name,
                            .mailbox = name.exists ? &info : nullptr,
                            .isSelected = true,
                            .isSubscribed = name.isSubscribed,
                            .hasChildren = name.hasChildren};
    const ListQuery query{.isExtended = true,
                          .tellsSubscribed = true,
                          .tellsChildren = true,
                          .tellsSpecialUse = true,
                          .coding = m_session.nameCoding()};
    out += listResponse(listed, query, name.oldName);
}

// The selected mailbox is told of by its view, whatever else names it (RFC 5465 3.1).
void Notifier::writeStatus(QByteArray &out, const Status &status) const
{
    const SelectedView *view = m_session.view();
    const MailboxInfo &info = status.mailbox.info;
    if (view != nullptr && view->mailbox() == info.id) {
        return;
    }
    if (const auto items = itemsOf(status); !items.isEmpty()) {
        out += statusLine(info, {.items = items, .coding = m_session.nameCoding()});
    }
}

// RFC 5465 5.1 to 5.3
QList<StatusItem> Notifier::itemsOf(const Status &status) const
{
    const auto events = m_request.eventsOf(status.mailbox.info.name, status.mailbox.isSubscribed);
    const auto changes = status.changes;
    const bool knowsModSeq = m_session.enabled().testFlag(Extension::CondStore);
    const bool watchesFlags = events.testFlag(NotifyEvent::FlagChange);
    const bool hasNewUids = watchesFlags && changes.testFlag(MailboxChange::Named);
    const bool hasNewCount = events.testFlag(NotifyEvent::MessageNew)
        && (changes & (MailboxChange::MessagesAdded | MailboxChange::MessagesExpunged));
    const bool hasSeen = watchesFlags && changes.testFlag(MailboxChange::SeenChanged);
    const bool hasFlags =
        watchesFlags && knowsModSeq && changes.testFlag(MailboxChange::FlagsChanged);
    QList<StatusItem> items;
    if (hasNewCount || hasNewUids) {
        items << StatusItem::Messages << StatusItem::UidNext;
    }
    if (hasNewUids || hasFlags) {
        items << StatusItem::Validity;
    }
    if (hasSeen || hasNewUids || (hasNewCount && watchesFlags)) {
        items << StatusItem::Unseen;
    }
    if (knowsModSeq && (!items.isEmpty() || hasFlags)) {
        items << StatusItem::HighestModSeq;
    }
    return items;
}

const QList<FetchItem> &Notifier::newItems() const
{
    static const QList<FetchItem> none;
    const NotifyGroup *group = m_request.selected();
    return group != nullptr ? group->newItems : none;
}

} // namespace Postnook
