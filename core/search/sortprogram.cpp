#include "core/search/sortprogram.h"

#include "core/mime/messagetext.h"
#include "core/mime/storedenvelope.h"
#include "core/search/collation.h"
#include "core/wire/sequenceset.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace Postnook
{

namespace
{

using Key = SortCriterion::Key;

struct KeyName {
    const char *name;
    Key key;
};
constexpr std::array KeyNames{
    KeyName{"ARRIVAL", Key::Arrival},
    KeyName{"CC", Key::Cc},
    KeyName{"DATE", Key::Date},
    KeyName{"DISPLAYFROM", Key::DisplayFrom},
    KeyName{"DISPLAYTO", Key::DisplayTo},
    KeyName{"FROM", Key::From},
    KeyName{"RELEVANCY", Key::Relevancy},
    KeyName{"SIZE", Key::Size},
    KeyName{"SUBJECT", Key::Subject},
    KeyName{"TO", Key::To},
};

constexpr qsizetype RowsBetweenOthers = 1000;

MessageColumns columnsOf(Key key)
{
    switch (key) {
    case Key::Arrival:
        return MessageColumn::Dates;
    case Key::Date:
        return MessageColumn::SortKeys | MessageColumn::Dates;
    case Key::Subject:
        return MessageColumn::SortKeys;
    case Key::Size:
        return MessageColumn::Size;
    case Key::Relevancy:
        return {};
    default:
        return MessageColumn::Envelope;
    }
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

QByteArray addressKey(const MessageRow &row, Mime::AddressField field, bool isDisplayed)
{
    const auto address = Mime::firstAddress(row.meta.envelope, field);
    if (!address) {
        return {};
    }
    return collationKey(isDisplayed ? displayed(*address)
                                    : QString::fromUtf8(address->mailbox.value_or(QByteArray())));
}

// By what the messages are compared, one list for each criterion: numbers or octets.
struct SortColumn {
    bool isReverse = false;
    QList<qint64> numbers;
    QList<QByteArray> texts;

    void add(Key key, const MessageRow &row, const Relevancies &relevancies);
    std::strong_ordering compare(qsizetype a, qsizetype b) const;
};

void SortColumn::add(Key key, const MessageRow &row, const Relevancies &relevancies)
{
    switch (key) {
    case Key::Arrival:
        numbers.append(row.internalDate.secondsUtc);
        return;
    case Key::Date:
        numbers.append(row.meta.sentDate.value_or(row.internalDate).secondsUtc);
        return;
    case Key::Relevancy:
        numbers.append(-relevancies.of(row.uid)); // the highest first
        return;
    case Key::Size:
        numbers.append(static_cast<qint64>(row.sizeBytes));
        return;
    case Key::Subject:
        texts.append(collationKey(QString::fromUtf8(row.meta.baseSubject)));
        return;
    case Key::Cc:
        texts.append(addressKey(row, Mime::AddressField::Cc, false));
        return;
    case Key::From:
        texts.append(addressKey(row, Mime::AddressField::From, false));
        return;
    case Key::To:
        texts.append(addressKey(row, Mime::AddressField::To, false));
        return;
    case Key::DisplayFrom:
        texts.append(addressKey(row, Mime::AddressField::From, true));
        return;
    case Key::DisplayTo:
        texts.append(addressKey(row, Mime::AddressField::To, true));
        return;
    }
}

std::strong_ordering SortColumn::compare(qsizetype a, qsizetype b) const
{
    const auto order =
        texts.isEmpty() ? numbers[a] <=> numbers[b] : texts[a].compare(texts[b]) <=> 0;
    return isReverse ? 0 <=> order : order;
}

} // namespace

SortProgram parseSortProgram(TokenCursor &cursor)
{
    SortProgram program;
    cursor.enterList();
    do {
        SortCriterion criterion;
        criterion.isReverse = cursor.tryWord("REVERSE");
        if (criterion.isReverse) {
            cursor.expectSpace();
        }
        const QByteArray name = cursor.atom().toUpper();
        const auto known = std::find_if(
            KeyNames.begin(), KeyNames.end(), [&](const KeyName &key) { return name == key.name; });
        if (known == KeyNames.end() || program.size() == MaxSortCriteria) {
            cursor.fail("Unknown sort criterion");
            return {};
        }
        criterion.key = known->key;
        program.append(criterion);
    } while (!cursor.hasFailed() && cursor.trySpace());
    cursor.leaveList();
    return program;
}

bool sortsByRelevancy(const SortProgram &program)
{
    return std::any_of(program.begin(), program.end(), [](const SortCriterion &criterion) {
        return criterion.key == Key::Relevancy;
    });
}

Result<QList<Uid>> sortMessages(ReadTxn &txn,
                                MailboxId mailbox,
                                const QList<Uid> &uids,
                                const SortProgram &program,
                                const Relevancies &relevancies)
{
    MessageColumns wanted;
    QList<SortColumn> columns;
    for (const SortCriterion &criterion : program) {
        wanted |= columnsOf(criterion.key);
        columns.append({.isReverse = criterion.isReverse, .numbers = {}, .texts = {}});
    }
    QList<Uid> found;
    found.reserve(uids.size());
    const auto read =
        txn.forEachMessage(mailbox, toUidRanges(uids), wanted, true, [&](const MessageRow &row) {
            found.append(row.uid);
            if (found.size() % RowsBetweenOthers == 0) {
                txn.letOthersRun();
            }
            for (qsizetype i = 0; i < program.size(); ++i) {
                columns[i].add(program[i].key, row, relevancies);
            }
            return !txn.isCancelled();
        });
    if (!read) {
        return read.error();
    }
    if (txn.isCancelled()) {
        return Error{ErrorCode::Cancelled, {}};
    }
    QList<qsizetype> order(found.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&columns](qsizetype a, qsizetype b) {
        for (const SortColumn &column : columns) {
            if (const auto compared = column.compare(a, b); compared != 0) {
                return compared < 0;
            }
        }
        return a < b;
    });
    QList<Uid> sorted;
    sorted.reserve(found.size());
    for (const qsizetype i : std::as_const(order)) {
        sorted.append(found[i]);
    }
    return sorted;
}

} // namespace Postnook
