#include "core/search/messagekeys.h"
#include "core/search/ranks.h"
#include "core/search/sortprogram.h"
#include "core/search/storedkeys.h"
#include "core/search/threadbuilder.h"
#include "tests/unit/search/fakemailbox.h"

#include <QTest>

using namespace Postnook;

namespace
{

constexpr int Messages = 10'000;
constexpr int StepsBetweenOthers = 256;
constexpr int LeastComparisons = 10 * Messages; // of a sort

QByteArray textOf(int i)
{
    return QByteArray::number((i * 7919) % Messages);
}

KeyColumn numbersColumn()
{
    KeyColumn column;
    for (int i = 0; i < Messages; ++i) {
        column.uids.append(Uid(static_cast<quint32>(i) + 1));
        column.numbers.append(i);
    }
    return column;
}

// Each fourth begins a thread.
KeyColumn threadsColumn()
{
    KeyColumn column;
    for (int i = 0; i < Messages; ++i) {
        ThreadMessage message;
        message.uid = Uid(static_cast<quint32>(i) + 1);
        message.messageId = column.names.of("id" + QByteArray::number(i));
        message.subject = column.names.of(textOf(i / 4));
        if (i % 4 != 0) {
            message.references = {column.names.of("id" + QByteArray::number(i - 1))};
        }
        message.sentUtc = Messages - i;
        column.uids.append(message.uid);
        column.threads.append(message);
    }
    return column;
}

} // namespace

// Whatever goes through all messages of a mailbox lets others run again and again.
class TestTurns : public QObject
{
    Q_OBJECT

    using Work = std::function<void(ReadTxn &)>;

private Q_SLOTS:
    void longWorkLetsOthersRun_data()
    {
        QTest::addColumn<int>("steps");
        QTest::addColumn<Work>("work");
        const auto row = [](const char *name, int steps, const Work &work) {
            QTest::newRow(name) << steps << work;
        };
        row("ranks", Messages + LeastComparisons, [](ReadTxn &txn) {
            QList<QByteArray> texts;
            for (int i = 0; i < Messages; ++i) {
                texts.append(textOf(i));
            }
            QCOMPARE(ranksOf(texts, Turns(txn)).size(), Messages);
        });
        row("numbers to be stored", 2 * Messages, [](ReadTxn &txn) {
            QVERIFY(!storedKeys(numbersColumn(), {}, Turns(txn)).isEmpty());
        });
        row("threads to be stored", 2 * Messages, [](ReadTxn &txn) {
            QVERIFY(!storedKeys(threadsColumn(), {}, Turns(txn)).isEmpty());
        });
        row("stored numbers", 2 * Messages, [](ReadTxn &txn) {
            QVERIFY(keysFromStored(storedKeys(numbersColumn(), {}), {}, Turns(txn)));
        });
        row("stored threads", 2 * Messages, [](ReadTxn &txn) {
            QVERIFY(keysFromStored(storedKeys(threadsColumn(), {}), {}, Turns(txn)));
        });
        row("REFERENCES", 4 * Messages, [](ReadTxn &txn) {
            const auto messages = threadsColumn().threads;
            QVERIFY(!threadsByReferences(messages, uidAsNumber, Turns(txn)).isEmpty());
        });
        row("ORDEREDSUBJECT", 6 * Messages, [](ReadTxn &txn) {
            const auto messages = threadsColumn().threads;
            QVERIFY(!threadsByOrderedSubject(messages, uidAsNumber, Turns(txn)).isEmpty());
        });
    }

    void longWorkLetsOthersRun()
    {
        QFETCH(const int, steps);
        QFETCH(const Work, work);
        FakeMailbox mailbox;
        work(mailbox);
        QVERIFY2(mailbox.timesOthersRan >= steps / StepsBetweenOthers,
                 QByteArray::number(mailbox.timesOthersRan));
    }

    void sortsLetOthersRun()
    {
        FakeMailbox mailbox;
        QList<Uid> uids;
        for (int i = 0; i < Messages; ++i) {
            uids.append(Uid(static_cast<quint32>(i) + 1));
            mailbox.add(uids.last().value, "Subject: " + textOf(i) + "\r\n\r\n");
        }
        MessageKeys keys(AccountId(1), std::make_shared<KeyCache>(100'000'000));
        const SortProgram bySubject{{SortCriterion::Key::Subject, false}};
        const auto sort = [&] {
            mailbox.timesOthersRan = 0;
            const auto sorted = sortMessages(mailbox, MailboxId(7), uids, bySubject, keys, {});
            return sorted && sorted->size() == Messages ? mailbox.timesOthersRan : 0;
        };
        // The rows, their ranks, the order; by keys that are known the order alone.
        QVERIFY(sort() >= (Messages + 2 * LeastComparisons) / StepsBetweenOthers);
        QVERIFY(sort() >= LeastComparisons / StepsBetweenOthers);
    }
};

QTEST_GUILESS_MAIN(TestTurns)
#include "tst_turns.moc"
