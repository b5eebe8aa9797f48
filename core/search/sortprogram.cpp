#include "core/search/sortprogram.h"

#include "core/search/messagekeys.h"

#include <algorithm>
#include <array>
#include <compare>
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

// By what the messages are compared.
struct SortColumn {
    bool isReverse = false;
    QList<qint64> numbers; // one for each message

    std::strong_ordering compare(qsizetype a, qsizetype b) const
    {
        return isReverse ? numbers[b] <=> numbers[a] : numbers[a] <=> numbers[b];
    }
};

QList<qint64> relevanciesOf(const QList<Uid> &uids, const Relevancies &relevancies)
{
    QList<qint64> numbers;
    numbers.reserve(uids.size());
    for (const Uid uid : uids) {
        numbers.append(-relevancies.of(uid)); // the highest first
    }
    return numbers;
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
                                MessageKeys &keys,
                                const Relevancies &relevancies)
{
    QList<SortColumn> columns;
    for (const SortCriterion &criterion : program) {
        const auto numbers = criterion.key == Key::Relevancy
            ? relevanciesOf(uids, relevancies)
            : keys.sortKeys(txn, mailbox, criterion.key, uids);
        if (!numbers) {
            return numbers.error();
        }
        columns.append({criterion.isReverse, *numbers});
        txn.letOthersRun();
    }
    QList<qsizetype> order(uids.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&columns](qsizetype a, qsizetype b) {
        for (const SortColumn &column : columns) {
            if (const auto compared = column.compare(a, b); std::is_neq(compared)) {
                return std::is_lt(compared);
            }
        }
        return a < b;
    });
    QList<Uid> sorted;
    sorted.reserve(uids.size());
    for (const qsizetype i : std::as_const(order)) {
        sorted.append(uids[i]);
    }
    return sorted;
}

} // namespace Postnook
