#pragma once

#include "storage/store.h"

#include <QStringList>

namespace Postnook
{

// What a look at some of the texts of an account has found.
struct Verification {
    QStringList faults; // in words for people, a line each
    ContentId last; // where the next one goes on
    qint64 texts = 0;
    qint64 staleIndex = 0; // texts that the search index has otherwise
    bool isLast = false; // there is nothing behind it
};

// The next few texts behind `after`, some hundred or some MiB: that they can be read, are as long
// as they should be and have the digest they came with, and that what is stored of their structure
// and in the search index is what is found now. Pool thread.
Result<Verification> verifyContents(ReadTxn &txn, ContentId after);

} // namespace Postnook
