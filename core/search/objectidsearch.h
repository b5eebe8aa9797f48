#pragma once

#include "core/search/searchkey.h"
#include "storage/store.h"

namespace Postnook
{

// The program with UIDs in the place of EMAILID and THREADID (RFC 8474 6). The store finds them by
// its indexes, so that a client that looks for moved messages costs no look at any other (8.3).
// Messages that are gone but kept are among them. Pool thread.
Result<SearchProgram>
withObjectIdsFound(ReadTxn &txn, const SearchProgram &program, MailboxId mailbox);

} // namespace Postnook
