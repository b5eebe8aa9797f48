#pragma once

#include "core/search/relevancy.h"
#include "core/wire/tokencursor.h"
#include "storage/store.h"

#include <QList>

namespace Postnook
{

class MessageKeys;

// One criterion of SORT (RFC 5256, RFC 5957, RFC 6203 6).
struct SortCriterion {
    enum class Key {
        Arrival,
        Cc,
        Date,
        DisplayFrom,
        DisplayTo,
        From,
        Relevancy,
        Size,
        Subject,
        To
    };

    Key key = Key::Arrival;
    bool isReverse = false;

    friend bool operator==(const SortCriterion &, const SortCriterion &) = default;
};
using SortProgram = QList<SortCriterion>; // the most important first

constexpr qsizetype MaxSortCriteria = 32; // more than there are

// "(SUBJECT REVERSE DATE)"; fails the cursor.
SortProgram parseSortProgram(TokenCursor &cursor);
bool sortsByRelevancy(const SortProgram &program);

// The messages (ascending UIDs) in the order of the program, which has a criterion, those it holds
// for equal as in the mailbox. Messages that are gone but kept are sorted too. From what is stored
// with the messages, none of which is opened, or was read before. Pool thread. Cancelled.
Result<QList<Uid>> sortMessages(ReadTxn &txn,
                                MailboxId mailbox,
                                const QList<Uid> &uids,
                                const SortProgram &program,
                                MessageKeys &keys,
                                const Relevancies &relevancies = {});

} // namespace Postnook
