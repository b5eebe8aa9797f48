#pragma once

#include "storage/store.h"

#include <QList>

#include <utility>

namespace Postnook
{

// Of a text's reader: the text is damaged or gone, while the store is well.
bool isDamaged(const Error &error);

// Message texts that an older scanner has described, as this version's scanner sees them.
struct Rescan {
    QList<std::pair<ContentId, MessageMeta>> found;
    ContentId last; // where the next one goes on
    int unreadable = 0; // texts whose bytes are damaged or gone; they stay as they are
    bool isLast = false; // there is nothing behind it
};

// The next few of them behind `after`: some hundred, or some MiB. Pool thread.
Result<Rescan> scanOlder(ReadTxn &txn, ContentId after);
// Pool thread. Sessions see the new envelopes and structures with their next FETCH.
Result<void> describe(WriteTxn &txn, const Rescan &rescan);

} // namespace Postnook
