#pragma once

#include "core/commands/mailboxlist.h"
#include "core/commands/statusitems.h"

#include <memory>

namespace Postnook
{

// What LIST is to answer, beside the names what RETURN asks to be told of each.
struct ListRequest {
    ListQuery query;
    StatusQuery status; // no items: not asked for (RFC 5819)
    QByteArrayList metadata; // entries; none: not asked for (RFC 9590)
};

// The names that answer a request, as of one moment.
struct ListPlan {
    ListRequest request;
    QList<ListedMailbox> all; // `names` point into it
    QList<ListedName> names;
};

// Where the next chunk begins.
struct ListPosition {
    qsizetype name = 0;
    qsizetype metadata = 0; // entries of that name that were told; 0: nothing of it was
};

struct ListChunk {
    std::shared_ptr<const ListPlan> plan;
    QByteArray bytes; // whole responses
    ListPosition next;

    bool isLast() const { return next.name == plan->names.size(); }
};

// Pool thread.
Result<std::shared_ptr<const ListPlan>> planList(ReadTxn &txn, const ListRequest &request);
// About 256 KiB of responses from a position on. What is asked of a mailbox that is gone by then is
// left out.
Result<ListChunk>
writeListChunk(ReadTxn &txn, const std::shared_ptr<const ListPlan> &plan, ListPosition from);

} // namespace Postnook
