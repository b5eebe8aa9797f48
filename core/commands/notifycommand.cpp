#include "core/commands/notifycommand.h"

#include "core/commands/mailboxfilterparser.h"
#include "core/commands/notifyparser.h"
#include "core/commands/statusitems.h"
#include "core/mailbox/account.h"
#include "core/session/notifier.h"
#include "core/session/session.h"

namespace Postnook
{

namespace
{

// Every change is held against every name.
constexpr qsizetype MaxNames = MaxFilterNames;

qsizetype sizeOf(const NotifyRequest &request)
{
    qsizetype size = 0;
    for (const NotifyGroup &group : request.groups) {
        size += 1 + group.mailboxes.names.size();
    }
    return size;
}

// What STATUS has to tell before the OK (RFC 5465 3.1); none: nothing is asked of that mailbox.
QList<StatusItem> initialItems(NotifyEvents events, EnabledExtensions enabled)
{
    QList<StatusItem> items;
    if (events.testFlag(NotifyEvent::MessageNew)) { // and MessageExpunge, never one without other
        items << StatusItem::Messages << StatusItem::UidNext << StatusItem::Validity;
    }
    const bool watchesFlags = events.testFlag(NotifyEvent::FlagChange);
    if (watchesFlags) {
        items << StatusItem::Unseen;
    }
    if (watchesFlags || (!items.isEmpty() && enabled.testFlag(Extension::CondStore))) {
        items << StatusItem::HighestModSeq;
    }
    return items;
}

struct Watch {
    NotifyRequest request;
    MailboxId selected; // is told of by its view
    EnabledExtensions enabled;
    NameCoding coding;
};

Result<QByteArray> statusOfWatched(ReadTxn &txn, const Watch &watch)
{
    return txn.mailboxes().transform([&watch](const QList<ListedMailbox> &all) {
        QByteArray out;
        for (const ListedMailbox &listed : all) {
            const auto events = watch.request.eventsOf(listed.info.name, listed.subscribed);
            const auto items = initialItems(events, watch.enabled);
            if (listed.info.id != watch.selected && !items.isEmpty()) {
                out += statusLine(listed.info, {.items = items, .coding = watch.coding});
            }
        }
        return out;
    });
}

} // namespace

void NotifyCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    const NotifyRequest request = parseNotify(arguments);
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    if (request.hasUnsupported) {
        finish(Status::no("Not all of these events are known here", badEventCode()));
        return;
    }
    if (sizeOf(request) > MaxNames) {
        finish(Status::no("Too many mailboxes to watch by name", "NOTIFICATIONOVERFLOW"));
        return;
    }
    // From here on nothing is missed; what comes before the OK is told behind it.
    if (session().hasNotifier()) {
        m_previous = session().notifier().request();
    }
    session().notifier().begin(request);
    if (request.isNone()) {
        finish(Status::ok("Nothing is told any more"));
        return;
    }
    if (const auto *group = request.selected(); group && group->newItems.contains(modSeqItem())) {
        session().enable(Extension::CondStore);
    }
    if (request.wantsStatus && request.watchesOthers()) {
        tellStatus();
    } else {
        tellAccumulated();
    }
}

void NotifyCommand::tellStatus()
{
    const SelectedView *selected = session().view();
    const Watch watch{session().notifier().request(),
                      selected != nullptr ? selected->mailbox() : MailboxId(),
                      session().enabled(),
                      session().nameCoding()};
    store()
        .read([watch](ReadTxn &txn) { return statusOfWatched(txn, watch); })
        .then(this, [this](const Result<QByteArray> &responses) {
            if (!responses) {
                goBack();
                return finish(responses.error());
            }
            session().send(*responses);
            tellAccumulated();
        });
}

void NotifyCommand::goBack()
{
    if (m_previous) {
        session().notifier().begin(*m_previous);
    } else {
        session().dropNotifier();
    }
}

// Everything that happened in the selected mailbox, whether it is to be told from here on or not:
// an implicit NOOP (RFC 5465 3.1).
void NotifyCommand::tellAccumulated()
{
    if (session().view() == nullptr) {
        finish(Status::ok("Done"));
        return;
    }
    view().hub().whenCaughtUp(this, [this] {
        session().sendUpdates(AllViewUpdates);
        finish(Status::ok("Done"));
    });
}

} // namespace Postnook
