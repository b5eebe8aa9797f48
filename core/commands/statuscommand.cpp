#include "core/commands/statuscommand.h"

#include "core/commands/statusitems.h"
#include "core/mailbox/account.h"
#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

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
    if (items.contains(StatusItem::HighestModSeq)) {
        session().enable(Extension::CondStore);
    }
    const StatusQuery query{
        items, account().claims(), options().maxRequestSize, session().nameCoding()};
    const MailboxInfo *known = account().mailboxInfos().find(name);
    if (known != nullptr && !items.contains(StatusItem::Recent)) {
        session().send(statusLine(*known, query));
        finish(Status::ok("Done"));
        return;
    }
    struct Found {
        MailboxInfo mailbox;
        QByteArray response;
    };
    const auto readAt = account().mailboxInfos().now();
    store()
        .read([name, query](ReadTxn &txn) -> Result<Found> {
            return txn.mailbox(name).and_then([&](const MailboxInfo &mailbox) {
                return statusResponse(txn, mailbox, query)
                    .transform([&](const QByteArray &response) {
                        return Found{mailbox, response};
                    });
            });
        })
        .then(this, [this, readAt](const Result<Found> &found) {
            if (!found) {
                return finish(found.error());
            }
            account().mailboxInfos().keep(found->mailbox, readAt);
            session().send(found->response);
            finish(Status::ok("Done"));
        });
}

} // namespace Postnook
