#include "core/search/messagekeys.h"

#include "core/mime/messagescanner.h"
#include "core/search/keysource.h"
#include "core/search/ranks.h"
#include "core/search/storedkeys.h"
#include "core/wire/sequenceset.h"
#include "storage/turns.h"

#include <algorithm>
#include <iterator>

namespace Postnook
{

namespace
{

// Of fewer messages the keys are read as fast as what is kept of them.
constexpr qsizetype LeastKept = 1000;
// In memory: of more, to write them or read them back at once would hold a thread for too long.
constexpr qint64 MostKeptBytes = 48LL * 1024 * 1024;
// What is kept is written anew when it lacks one message in so many.
constexpr qsizetype KeptFor = 64;
// A text finds its place among others by looking at some of them: to read them all is faster where
// more than one in so many is new.
constexpr qsizetype RankedFor = 64;

QList<Uid> difference(const QList<Uid> &uids, const QList<Uid> &known)
{
    if (known.isEmpty()) {
        return uids; // shared
    }
    QList<Uid> missing;
    std::set_difference(
        uids.begin(), uids.end(), known.begin(), known.end(), std::back_inserter(missing));
    return missing;
}

bool areRanks(const QList<qint64> &numbers)
{
    return std::all_of(numbers.begin(), numbers.end(), [&](qint64 number) {
        return number >= 0 && number < numbers.size();
    });
}

// Not where most of its messages are gone, or where it knows of some that the mailbox cannot have.
bool isWorthKeeping(const KeyColumn &column, const MailboxInfo &mailbox)
{
    return column.uids.size() <= 2 * static_cast<qsizetype>(mailbox.messages) + LeastKept
        && (column.uids.isEmpty() || column.uids.last() < mailbox.uidNext)
        && column.sizeBytes() <= MostKeptBytes;
}

} // namespace

struct MessageKeys::Found {
    KeyColumn column;
    QList<QByteArray> texts; // of a key that is a text, where the column has no ranks yet
};

MessageKeys::MessageKeys(AccountId account, std::shared_ptr<KeyCache> cache)
    : m_account(account)
    , m_cache(std::move(cache))
{
}

Result<QList<qint64>> MessageKeys::sortKeys(ReadTxn &txn,
                                            MailboxId mailbox,
                                            SortCriterion::Key key,
                                            const QList<Uid> &uids)
{
    const auto all = column(txn, mailbox, KeySource::of(key), uids);
    if (!all) {
        return all.error();
    }
    if (all->uids == uids) {
        return all->numbers; // shared
    }
    QList<qint64> numbers;
    numbers.reserve(uids.size());
    for (const Uid uid : uids) {
        const auto at = lowerBound(all->uids, uid);
        const bool isThere = at < all->uids.size() && all->uids[at] == uid;
        numbers.append(isThere ? all->numbers[at] : 0);
    }
    return numbers;
}

Result<QList<ThreadMessage>>
MessageKeys::threadKeys(ReadTxn &txn, MailboxId mailbox, const QList<Uid> &uids)
{
    const auto all = column(txn, mailbox, KeySource::threads(), uids);
    if (!all) {
        return all.error();
    }
    if (all->uids == uids) {
        return all->threads; // shared
    }
    QList<ThreadMessage> threads;
    threads.reserve(uids.size());
    for (const Uid uid : uids) {
        const auto at = lowerBound(all->uids, uid);
        if (at < all->uids.size() && all->uids[at] == uid) {
            threads.append(all->threads[at]);
        }
    }
    return threads;
}

// Nothing is locked while the store is read: two that begin at once read the same, once each.
Result<KeyColumn> MessageKeys::column(ReadTxn &txn,
                                      MailboxId mailbox,
                                      const KeySource &source,
                                      const QList<Uid> &uids)
{
    const KeyPlace place{m_account, mailbox, source.key};
    KeyColumn known = m_cache->known(place);
    auto missing = difference(uids, known.uids);
    if (missing.isEmpty()) {
        return known;
    }
    if (!known.isDiskKnown && known.unkept + missing.size() >= LeastKept) {
        auto fromDisk = kept(txn, mailbox, source);
        if (!fromDisk) {
            return fromDisk.error();
        }
        if (fromDisk->uids.size() > known.uids.size()) {
            known = std::move(*fromDisk);
            missing = difference(uids, known.uids);
        }
        known.isDiskKnown = true;
    }
    auto all = missing.isEmpty() ? Result(known) : extended(txn, mailbox, source, known, missing);
    if (!all || !all->isLasting) {
        return all;
    }
    if (all->unkept >= std::max(LeastKept, all->uids.size() / KeptFor)) {
        keep(txn, mailbox, source, *all);
        all->unkept = 0;
    }
    m_cache->keep(place, *all);
    return all;
}

Result<KeyColumn> MessageKeys::kept(ReadTxn &txn, MailboxId mailbox, const KeySource &source)
{
    const auto stored = txn.keptKeys(mailbox, source.storedAs);
    const auto info = txn.mailbox(mailbox);
    if (!stored || !*stored || !info) {
        return stored ? Result(KeyColumn()) : stored.error();
    }
    const auto column = keysFromStored(**stored, {source.storedAs, info->uidValidity}, Turns(txn));
    const bool isGood = column && isWorthKeeping(*column, *info)
        && (source.text == nullptr || areRanks(column->numbers));
    return isGood ? *column : KeyColumn();
}

void MessageKeys::keep(ReadTxn &txn,
                       MailboxId mailbox,
                       const KeySource &source,
                       const KeyColumn &column)
{
    const auto info = txn.mailbox(mailbox);
    if (info && isWorthKeeping(column, *info)) { // or the mailbox has been deleted meanwhile
        txn.keepKeys(mailbox,
                     source.storedAs,
                     storedKeys(column, {source.storedAs, info->uidValidity}, Turns(txn)));
    }
}

Result<KeyColumn> MessageKeys::extended(ReadTxn &txn,
                                        MailboxId mailbox,
                                        const KeySource &source,
                                        const KeyColumn &known,
                                        const QList<Uid> &missing)
{
    const bool isRanked = source.text != nullptr;
    const bool isAmong = !isRanked || missing.size() <= known.uids.size() / RankedFor;
    if (isAmong) {
        auto found = read(txn, mailbox, source, missing, known.names);
        if (!found) {
            return found.error();
        }
        auto all = isRanked ? ranked(txn, mailbox, source, known, std::move(*found))
                            : Result(merged(known, found->column));
        if (all || all.error().code != ErrorCode::NotFound) {
            return all;
        }
    }
    QList<Uid> both;
    std::set_union(known.uids.begin(),
                   known.uids.end(),
                   missing.begin(),
                   missing.end(),
                   std::back_inserter(both));
    auto found = read(txn, mailbox, source, both, {});
    if (!found) {
        return found.error();
    }
    found->column.numbers = ranksOf(found->texts, Turns(txn));
    if (found->column.uids.size() == both.size()) { // or what is kept has some that are gone
        found->column.unkept = known.unkept + missing.size();
    }
    found->column.isDiskKnown = known.isDiskKnown;
    return std::move(found->column);
}

Result<KeyColumn> MessageKeys::ranked(
    ReadTxn &txn, MailboxId mailbox, const KeySource &source, const KeyColumn &known, Found found)
{
    const auto textsOf = [&](const QList<qsizetype> &at) -> Result<QList<QByteArray>> {
        QList<Uid> uids;
        for (const qsizetype i : at) {
            uids.append(known.uids[i]);
        }
        auto inOrder = uids;
        std::sort(inOrder.begin(), inOrder.end());
        const auto read = MessageKeys::read(txn, mailbox, source, inOrder, {});
        if (!read) {
            return read.error();
        }
        if (read->column.uids != inOrder) {
            return Error{ErrorCode::NotFound, QStringLiteral("a message to compare with is gone")};
        }
        QList<QByteArray> texts;
        for (const Uid uid : std::as_const(uids)) {
            texts.append(read->texts[lowerBound(inOrder, uid)]);
        }
        return texts;
    };
    auto ranks = ranksAmong(known.numbers, found.texts, textsOf);
    if (!ranks) {
        return ranks.error();
    }
    auto before = known;
    before.numbers = std::move(ranks->known);
    found.column.numbers = std::move(ranks->added);
    return merged(before, found.column);
}

Result<MessageKeys::Found> MessageKeys::read(ReadTxn &txn,
                                             MailboxId mailbox,
                                             const KeySource &source,
                                             const QList<Uid> &uids,
                                             const ThreadNames &names)
{
    Found found;
    KeyColumn &column = found.column;
    column.names = names;
    column.uids.reserve(uids.size());
    if (source.number != nullptr) {
        column.numbers.reserve(uids.size());
    } else if (source.text != nullptr) {
        found.texts.reserve(uids.size());
    } else {
        column.threads.reserve(uids.size());
        column.names.reserveFor(uids.size());
    }
    Turns turns(txn);
    const auto visit = [&](const MessageRow &row) {
        column.uids.append(row.uid);
        if (source.number != nullptr) {
            column.numbers.append(source.number(row));
        } else if (source.text != nullptr) {
            found.texts.append(source.text(row));
        } else {
            column.threads.append(source.thread(row, column.names));
        }
        column.isLasting = column.isLasting
            && (!source.isScanned || row.meta.scannerVersion >= Mime::ScannerVersion);
        turns.step();
        return !txn.isCancelled();
    };
    const auto done = txn.forEachMessage(mailbox, toUidRanges(uids), source.columns, true, visit);
    if (!done) {
        return done.error();
    }
    column.unkept = column.uids.size();
    return txn.isCancelled() ? Result<Found>(Error{ErrorCode::Cancelled, {}})
                             : Result(std::move(found));
}

} // namespace Postnook
