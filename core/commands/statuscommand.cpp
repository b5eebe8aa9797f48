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
    store()
        .read([name, query](ReadTxn &txn) {
            return txn.mailbox(name).and_then(
                [&](const MailboxInfo &mailbox) { return statusResponse(txn, mailbox, query); });
        })
        .then(this, [this](const Result<QByteArray> &response) {
            if (!response) {
                return finish(response.error());
            }
            session().send(*response);
            finish(Status::ok("Done"));
        });
}

} // namespace Postnook
