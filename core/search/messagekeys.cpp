#include "core/search/messagekeys.h"

#include "core/mime/messagescanner.h"
#include "core/mime/messagetext.h"
#include "core/mime/storedenvelope.h"
#include "core/search/collation.h"
#include "core/search/ranks.h"
#include "core/wire/sequenceset.h"

#include <QCryptographicHash>

#include <algorithm>
#include <array>
#include <iterator>

namespace Postnook
{

namespace
{

using Key = SortCriterion::Key;

constexpr qsizetype RowsBetweenOthers = 1000;

constexpr qsizetype MaxKeyBytes = 1000;

// What texts sort by: their first few hundred characters. A field may have megabytes, a key stays
// in memory, and nobody orders by more; those that begin alike keep the order of the mailbox, as
// equal ones do.
QByteArray sortKey(const QByteArray &utf8)
{
    auto size = std::min(utf8.size(), MaxKeyBytes);
    while (size > 0 && size < utf8.size() && (utf8[size] & 0xc0) == 0x80) {
        --size; // no character is cut
    }
    return collationKey(utf8.first(size));
}

// Subjects that only begin alike are no thread, so of a long one it is a digest of all.
QByteArray threadKey(const QByteArray &subject)
{
    const QByteArray key = collationKey(subject);
    return key.size() <= MaxKeyBytes ? key
                                     : QCryptographicHash::hash(key, QCryptographicHash::Sha256);
}

// RFC 5957 3
QString displayed(const Mime::EnvelopeAddress &address)
{
    if (const auto name = Mime::decodeHeaderText(address.name.value_or(QByteArray()));
        !name.isEmpty()) {
        return name;
    }
    if (address.mailbox && address.host) {
        return QString::fromUtf8(*address.mailbox + '@' + *address.host);
    }
    return QString::fromUtf8(address.mailbox.value_or(QByteArray()));
}

template <Mime::AddressField Field>
QByteArray mailboxKey(const MessageRow &row)
{
    const auto address = Mime::firstAddress(row.meta.envelope, Field);
    return address ? sortKey(address->mailbox.value_or(QByteArray())) : QByteArray();
}

template <Mime::AddressField Field>
QByteArray displayKey(const MessageRow &row)
{
    const auto address = Mime::firstAddress(row.meta.envelope, Field);
    return address ? sortKey(displayed(*address).toUtf8()) : QByteArray();
}

QByteArray subjectKey(const MessageRow &row)
{
    return sortKey(row.meta.baseSubject);
}

qint64 arrival(const MessageRow &row)
{
    return row.internalDate.secondsUtc;
}

qint64 sentUtc(const MessageRow &row)
{
    return row.meta.sentDate.value_or(row.internalDate).secondsUtc;
}

qint64 size(const MessageRow &row)
{
    return static_cast<qint64>(row.sizeBytes);
}

ThreadMessage threadMessage(const MessageRow &row, ThreadNames &names)
{
    ThreadMessage message;
    message.number = row.uid.value;
    message.messageId = names.of(row.meta.messageId);
    message.references.reserve(row.meta.references.size());
    for (const QByteArray &id : row.meta.references) {
        message.references.append(names.of(id));
    }
    message.subject = names.of(threadKey(row.meta.baseSubject));
    message.isReply = row.meta.isReply;
    message.sentUtc = sentUtc(row);
    return message;
}

} // namespace

struct MessageKeys::Source {
    std::optional<Key> key; // as KeyPlace has it
    MessageColumns columns;
    bool isStored = true; // by a scanner, with its version
    qint64 (*number)(const MessageRow &) = nullptr;
    QByteArray (*text)(const MessageRow &) = nullptr;

    static const Source &of(Key key);
    static const Source &threads();
};

const MessageKeys::Source &MessageKeys::Source::of(Key key)
{
    using enum MessageColumn;
    using Mime::AddressField;
    static const std::array sources{
        Source{Key::Arrival, Dates, false, arrival},
        Source{Key::Date, SortKeys | Dates, true, sentUtc},
        Source{Key::Size, Size, true, size},
        Source{Key::Subject, SortKeys, true, nullptr, subjectKey},
        Source{Key::Cc, Envelope, true, nullptr, mailboxKey<AddressField::Cc>},
        Source{Key::From, Envelope, true, nullptr, mailboxKey<AddressField::From>},
        Source{Key::To, Envelope, true, nullptr, mailboxKey<AddressField::To>},
        Source{Key::DisplayFrom, Envelope, true, nullptr, displayKey<AddressField::From>},
        Source{Key::DisplayTo, Envelope, true, nullptr, displayKey<AddressField::To>},
    };
    return *std::find_if(
        sources.begin(), sources.end(), [key](const Source &s) { return s.key == key; });
}

const MessageKeys::Source &MessageKeys::Source::threads()
{
    using enum MessageColumn;
    static const Source source{std::nullopt, ThreadKeys | SortKeys | Dates};
    return source;
}

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
    const auto all = column(txn, mailbox, Source::of(key), uids);
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
    const auto all = column(txn, mailbox, Source::threads(), uids);
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
Result<KeyColumn>
MessageKeys::column(ReadTxn &txn, MailboxId mailbox, const Source &source, const QList<Uid> &uids)
{
    const KeyPlace place{m_account, mailbox, source.key};
    KeyColumn all = m_cache->known(place);
    QList<Uid> missing;
    std::set_difference(
        uids.begin(), uids.end(), all.uids.begin(), all.uids.end(), std::back_inserter(missing));
    if (missing.isEmpty()) {
        return all;
    }
    const auto found = read(txn, mailbox, source, missing, all.names);
    if (!found) {
        return found.error();
    }
    all = all.uids.isEmpty() ? *found : merged(all, *found);
    if (source.text != nullptr) {
        all.numbers = ranksOf(all.texts);
    }
    if (found->isLasting) {
        m_cache->keep(place, all);
    }
    return all;
}

Result<KeyColumn> MessageKeys::read(ReadTxn &txn,
                                    MailboxId mailbox,
                                    const Source &source,
                                    const QList<Uid> &uids,
                                    const ThreadNames &names)
{
    KeyColumn column;
    column.names = names;
    column.uids.reserve(uids.size());
    if (source.number != nullptr) {
        column.numbers.reserve(uids.size());
    } else if (source.text != nullptr) {
        column.texts.reserve(uids.size());
    } else {
        column.threads.reserve(uids.size());
        column.names.reserveFor(uids.size());
    }
    const auto visit = [&](const MessageRow &row) {
        column.uids.append(row.uid);
        if (source.number != nullptr) {
            column.numbers.append(source.number(row));
        } else if (source.text != nullptr) {
            column.texts.append(source.text(row));
        } else {
            column.threads.append(threadMessage(row, column.names));
        }
        column.isLasting = column.isLasting
            && (!source.isStored || row.meta.scannerVersion >= Mime::ScannerVersion);
        if (column.uids.size() % RowsBetweenOthers == 0) {
            txn.letOthersRun();
        }
        return !txn.isCancelled();
    };
    const auto done = txn.forEachMessage(mailbox, toUidRanges(uids), source.columns, true, visit);
    if (!done) {
        return done.error();
    }
    return txn.isCancelled() ? Result<KeyColumn>(Error{ErrorCode::Cancelled, {}}) : Result(column);
}

} // namespace Postnook
