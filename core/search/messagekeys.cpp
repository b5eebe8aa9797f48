#include "core/search/messagekeys.h"

#include "core/mime/messagescanner.h"
#include "core/mime/messagetext.h"
#include "core/mime/storedenvelope.h"
#include "core/search/collation.h"
#include "core/wire/sequenceset.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>

namespace Postnook
{

namespace
{

using Key = SortCriterion::Key;

constexpr qint64 MaxBytes = 64LL * 1024 * 1024; // of an account
constexpr qsizetype RowsBetweenOthers = 1000;

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
    return address ? collationKey(QString::fromUtf8(address->mailbox.value_or(QByteArray())))
                   : QByteArray();
}

template <Mime::AddressField Field>
QByteArray displayKey(const MessageRow &row)
{
    const auto address = Mime::firstAddress(row.meta.envelope, Field);
    return address ? collationKey(displayed(*address)) : QByteArray();
}

QByteArray subjectKey(const MessageRow &row)
{
    return collationKey(QString::fromUtf8(row.meta.baseSubject));
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

ThreadMessage threadMessage(const MessageRow &row)
{
    return {.number = row.uid.value,
            .messageId = row.meta.messageId,
            .references = row.meta.references,
            .subject = subjectKey(row),
            .isReply = row.meta.isReply,
            .sentUtc = sentUtc(row)};
}

// Equal texts have equal ranks.
QList<qint64> ranksOf(const QList<QByteArray> &texts)
{
    QList<qsizetype> order(texts.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&texts](qsizetype a, qsizetype b) {
        return texts[a] < texts[b];
    });
    QList<qint64> ranks(texts.size());
    qint64 rank = 0;
    for (qsizetype i = 0; i < order.size(); ++i) {
        rank += i > 0 && texts[order[i]] != texts[order[i - 1]] ? 1 : 0;
        ranks[order[i]] = rank;
    }
    return ranks;
}

} // namespace

struct MessageKeys::Source {
    Key key = Key::Arrival;
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
    static const Source source{Key::Arrival, ThreadKeys | SortKeys | Dates};
    return source;
}

qint64 MessageKeys::Column::sizeBytes() const
{
    constexpr qint64 Allocation = 32; // what a QByteArray takes beside its octets
    qint64 bytes = uids.size() * 12;
    for (const QByteArray &text : texts) {
        bytes += text.size() + Allocation;
    }
    for (const ThreadMessage &thread : threads) {
        bytes += static_cast<qint64>(sizeof(ThreadMessage)) + thread.messageId.size()
            + thread.subject.size() + 2 * Allocation;
        for (const QByteArray &reference : thread.references) {
            bytes += reference.size() + Allocation;
        }
    }
    return bytes;
}

void MessageKeys::Column::add(Uid uid, const Column &from, qsizetype at)
{
    uids.append(uid);
    if (!from.texts.isEmpty()) {
        texts.append(from.texts[at]);
    } else if (!from.threads.isEmpty()) {
        threads.append(from.threads[at]);
    } else {
        numbers.append(from.numbers[at]);
    }
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
    QList<qint64> numbers;
    numbers.reserve(uids.size());
    auto at = all->uids.begin();
    for (const Uid uid : uids) {
        at = std::lower_bound(at, all->uids.end(), uid);
        const bool isThere = at != all->uids.end() && *at == uid;
        numbers.append(isThere ? all->numbers[at - all->uids.begin()] : 0);
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
    QList<ThreadMessage> threads;
    threads.reserve(uids.size());
    auto at = all->uids.begin();
    for (const Uid uid : uids) {
        at = std::lower_bound(at, all->uids.end(), uid);
        if (at != all->uids.end() && *at == uid) {
            threads.append(all->threads[at - all->uids.begin()]);
        }
    }
    return threads;
}

// Nothing is locked while the store is read: two that begin at once read the same, once each.
Result<MessageKeys::Column>
MessageKeys::column(ReadTxn &txn, MailboxId mailbox, const Source &source, const QList<Uid> &uids)
{
    Column all = known({mailbox, &source});
    QList<Uid> missing;
    std::set_difference(
        uids.begin(), uids.end(), all.uids.begin(), all.uids.end(), std::back_inserter(missing));
    if (missing.isEmpty()) {
        return all;
    }
    const auto found = read(txn, mailbox, source, missing);
    if (!found) {
        return found.error();
    }
    all = all.uids.isEmpty() ? *found : merged(all, *found);
    if (source.text != nullptr) {
        all.numbers = ranksOf(all.texts);
    }
    if (found->isLasting) {
        keep({mailbox, &source}, all);
    }
    return all;
}

Result<MessageKeys::Column>
MessageKeys::read(ReadTxn &txn, MailboxId mailbox, const Source &source, const QList<Uid> &uids)
{
    Column column;
    const auto visit = [&](const MessageRow &row) {
        column.uids.append(row.uid);
        if (source.number != nullptr) {
            column.numbers.append(source.number(row));
        } else if (source.text != nullptr) {
            column.texts.append(source.text(row));
        } else {
            column.threads.append(threadMessage(row));
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
    return txn.isCancelled() ? Result<Column>(Error{ErrorCode::Cancelled, {}}) : Result(column);
}

MessageKeys::Column MessageKeys::merged(const Column &a, const Column &b)
{
    Column both;
    qsizetype right = 0;
    for (qsizetype left = 0; left < a.uids.size(); ++left) {
        for (; right < b.uids.size() && b.uids[right] < a.uids[left]; ++right) {
            both.add(b.uids[right], b, right);
        }
        both.add(a.uids[left], a, left);
    }
    for (; right < b.uids.size(); ++right) {
        both.add(b.uids[right], b, right);
    }
    return both;
}

MessageKeys::Column MessageKeys::known(const Place &place)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_columns.find(place);
    if (found == m_columns.end()) {
        return {};
    }
    found->second.lastUse = ++m_uses;
    return found->second;
}

// What was used least recently makes room.
void MessageKeys::keep(const Place &place, const Column &column)
{
    const std::lock_guard lock(m_mutex);
    Column &kept = m_columns[place];
    kept = column;
    kept.lastUse = ++m_uses;
    qint64 bytes = 0;
    for (const auto &[other, keys] : m_columns) {
        bytes += keys.sizeBytes();
    }
    while (bytes > MaxBytes) {
        const auto oldest =
            std::min_element(m_columns.begin(), m_columns.end(), [](const auto &a, const auto &b) {
                return a.second.lastUse < b.second.lastUse;
            });
        bytes -= oldest->second.sizeBytes();
        m_columns.erase(oldest);
    }
}

} // namespace Postnook
