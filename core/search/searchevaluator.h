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
    std::atomic<quint32> candidates =
        0; // messages whose text has to be read; 0 until that is known
};

class Relevancies;

// Evaluates a program over a view, message by message, cheap keys first (flags, dates and sizes
// never open the message). Messages of the view that another session has expunged are still
// found (rows kept). Looks at the transaction's cancellation between messages. Pool thread.
// Gives the matching UIDs, ascending, and scores of them where asked to (RFC 6203).
Result<QList<Uid>> evaluateSearch(ReadTxn &txn,
                                  const SearchProgram &program,
                                  const SearchScope &scope,
                                  SearchProgress *progress = nullptr,
                                  Relevancies *relevancies = nullptr);

} // namespace Postnook
