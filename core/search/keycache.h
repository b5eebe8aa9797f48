#pragma once

#include "core/search/sortprogram.h"
#include "core/search/threadbuilder.h"
#include "storage/types.h"

#include <QByteArray>
#include <QCache>
#include <QList>

#include <mutex>
#include <optional>

namespace Postnook
{

// What the messages of a mailbox sort by one key, or thread by. Shared as a value.
struct KeyColumn {
    QList<Uid> uids; // ascending
    QList<qint64> numbers; // of each; where the key is a text, its rank among them
    QList<ThreadMessage> threads; // in the column of these
    ThreadNames names; // in that
    bool isLasting = true; // a newer scanner will not find another key
    qsizetype unkept = 0; // messages that the column kept on disk does not have
    bool isDiskKnown = false; // that one was looked for

    qint64 sizeBytes() const;
    void add(Uid uid, const KeyColumn &from, qsizetype at);
};

// Of messages that only one of them has, and ranks among all; the names are those of `found`.
KeyColumn merged(const KeyColumn &known, const KeyColumn &found);

struct KeyPlace {
    AccountId account;
    MailboxId mailbox;
    std::optional<SortCriterion::Key> key; // none: what threads are made of

    friend bool operator==(const KeyPlace &, const KeyPlace &) = default;
    friend size_t qHash(const KeyPlace &place, size_t seed)
    {
        const int column = place.key ? static_cast<int>(*place.key) : -1;
        return qHashMulti(seed, place.account, place.mailbox, column);
    }
};

// The columns of all accounts that were used last, in bounded memory; one that is larger than that
// is not kept. Any thread.
class KeyCache
{
public:
    static constexpr qint64 MaxBytes = 96LL * 1024 * 1024;

    explicit KeyCache(qint64 maxBytes = MaxBytes);
    KeyColumn known(const KeyPlace &place);
    void keep(const KeyPlace &place, const KeyColumn &column);
    void forget(AccountId account); // its mail is no longer what it was

private:
    std::mutex m_mutex; // guards what follows
    QCache<KeyPlace, KeyColumn> m_columns; // what was used least recently makes room
};

} // namespace Postnook
