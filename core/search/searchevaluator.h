#pragma once

#include "core/search/searchkey.h"
#include "storage/store.h"

#include <atomic>

namespace Postnook
{

// What the evaluator has to know of the view that asks: plain values, safe in any thread.
struct SearchScope {
    MailboxId mailbox;
    QList<Uid> uids; // the view's messages, ascending: index + 1 is the sequence number
    UidRanges recent; // \Recent in this view
    QList<Uid> saved; // what "$" stands for: of uids, ascending (RFC 5182)
    qint64 nowUtc = 0; // seconds since 1970, for OLDER and YOUNGER
};

// How far an evaluation has come, for another thread to look at.
struct SearchProgress {
    std::atomic<quint32> examined = 0;
    std::atomic<quint32> messages = 0; // to be examined; 0 until that is known
};

class Relevancies;

// How many matches the client is told of: the search may end with them.
struct SearchExtent {
    static constexpr quint32 All = 0xffffffffU;

    quint32 first = All; // from the start of the mailbox
    quint32 last = 0; // from its end
};

// Evaluates a program over a view, some messages at a time: first by their rows (flags, dates,
// sizes), then by what the search index rules out, then by their text, which the index has too.
// Messages that are not indexed yet are opened. Messages of the view that another session has
// expunged are still found (rows kept). Looks at the transaction's cancellation between messages.
// Pool thread. Gives matching UIDs, ascending: all that `extent` asks for, and maybe more;
// and scores of them where asked to (RFC 6203).
Result<QList<Uid>> evaluateSearch(ReadTxn &txn,
                                  const SearchProgram &program,
                                  const SearchScope &scope,
                                  SearchProgress *progress = nullptr,
                                  const SearchExtent &extent = {},
                                  Relevancies *relevancies = nullptr);

} // namespace Postnook
