#include "core/commands/statuscommand.h"

#include "core/commands/statusitems.h"
#include "core/mailbox/account.h"
#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

namespace
{

struct Counted {
    MailboxInfo mailbox;
    quint32 recent = 0;
};

Result<quint32> countFrom(ReadTxn &txn, const MailboxInfo &mailbox, Uid floor)
{
    quint32 count = 0;
    if (floor >= mailbox.uidNext) {
        return count;
    }
    const auto counted =
        txn.forEachMessage(mailbox.id, {{floor, MaxUid}}, {}, false, [&](const MessageRow &) {
            ++count;
            return true;
        });
    return counted ? Result<quint32>(count) : counted.error();
}

} // namespace

void StatusCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    const MailboxName name = arguments.mailbox();
    arguments.expectSpace();
    const QList<StatusItem> items = parseStatusItems(arguments);
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    store()
        .read([name, items, claims = account().claims()](ReadTxn &txn) -> Result<Counted> {
            const auto mailbox = txn.mailbox(name);
            if (!mailbox) {
                return mailbox.error();
            }
            if (!items.contains(StatusItem::Recent)) {
                return Counted{*mailbox, 0};
            }
            const Uid floor = qMax(mailbox->recentFloor, claims.value(mailbox->id));
            return countFrom(txn, *mailbox, floor).transform([&](quint32 recent) {
                return Counted{*mailbox, recent};
            });
        })
        .then(this, [this, items](const Result<Counted> &counted) {
            if (!counted) {
                return finish(counted.error());
            }
            session().send(formatStatus(counted->mailbox, items, counted->recent));
            finish(Status::ok("Done"));
        });
}

} // namespace Postnook
