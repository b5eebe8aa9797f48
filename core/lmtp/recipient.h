#pragma once

#include "core/lmtp/envelope.h"
#include "storage/store.h"

#include <QObject>

#include <functional>
#include <memory>

namespace Postnook
{

// Where the mail for an address goes.
struct Recipient {
    QString account;
    std::shared_ptr<MailStore> store;
    MailboxId mailbox;
};

// The account is the whole address, or its local part; the domain is no matter. Without such an
// account, "alice+lists" is alice, and her mailbox "lists" in whatever case, if there is one, else
// INBOX: no mailbox is made because of mail. NotFound: there is no such account; other errors may
// pass. Calls `found` in the main thread unless the context is gone by then.
void findRecipient(Storage &storage,
                   const MailPath &path,
                   QObject *context,
                   const std::function<void(const Result<Recipient> &)> &found);

} // namespace Postnook
