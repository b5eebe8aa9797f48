#pragma once

#include "core/search/sortprogram.h"
#include "core/search/threadbuilder.h"
#include "storage/store.h"

#include <optional>

namespace Postnook
{

// How one key of SORT, or what threads are made of, is read from the row of a message. Of a message
// it never changes. One of the functions is there.
struct KeySource {
    std::optional<SortCriterion::Key> key; // none: threads
    int storedAs = 0; // the number of the column on disk: never given another meaning
    MessageColumns columns; // that it is read from
    bool isScanned = true; // by a scanner, with its version
    qint64 (*number)(const MessageRow &) = nullptr;
    QByteArray (*text)(const MessageRow &) = nullptr; // compared octet by octet
    ThreadMessage (*thread)(const MessageRow &, ThreadNames &) = nullptr;

    static const KeySource &of(SortCriterion::Key key); // not Relevancy
    static const KeySource &threads();
};

} // namespace Postnook
