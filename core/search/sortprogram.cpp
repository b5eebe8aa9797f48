#include "core/search/sortprogram.h"

#include "core/search/messagekeys.h"
#include "storage/turns.h"

#include <algorithm>
#include <array>
#include <functional>

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

// What is compared first lies beside what is sorted: most often that settles it.
struct SortedMessage {
    qint64 first = 0;
    qsizetype at = 0;
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
    QList<QList<qint64>> columns; // a number for each message, the lowest first
    for (const SortCriterion &criterion : program) {
        auto numbers = criterion.key == Key::Relevancy
            ? relevanciesOf(uids, relevancies)
            : keys.sortKeys(txn, mailbox, criterion.key, uids);
        if (!numbers) {
            return numbers.error();
        }
        if (criterion.isReverse) {
            std::transform(numbers->begin(), numbers->end(), numbers->begin(), std::bit_not<>());
        }
        columns.append(*numbers);
        txn.letOthersRun();
    }
    Turns turns(txn);
    QList<SortedMessage> order;
    order.reserve(uids.size());
    for (qsizetype i = 0; i < uids.size(); ++i) {
        order.append({columns.first()[i], i});
    }
    std::sort(order.begin(), order.end(), [&](const auto &a, const auto &b) {
        turns.step();
        if (a.first != b.first) {
            return a.first < b.first;
        }
        for (qsizetype i = 1; i < columns.size(); ++i) {
            if (const auto &column = columns[i]; column[a.at] != column[b.at]) {
                return column[a.at] < column[b.at];
            }
        }
        return a.at < b.at;
    });
    QList<Uid> sorted;
    sorted.reserve(uids.size());
    for (const SortedMessage &message : std::as_const(order)) {
        sorted.append(uids[message.at]);
    }
    return sorted;
}

} // namespace Postnook
