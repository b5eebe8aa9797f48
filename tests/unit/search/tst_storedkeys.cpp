#include "core/search/storedkeys.h"

#include <QTest>

using namespace Postnook;

namespace
{

constexpr KeysLabel Label{4, UidValidity(1000)};

KeyColumn numbersColumn()
{
    KeyColumn column;
    column.uids = {Uid(1), Uid(2), Uid(70'000), Uid(4'294'967'295)};
    column.numbers = {-1, 1'764'489'600, 0, std::numeric_limits<qint64>::max()};
    return column;
}

KeyColumn ranksColumn()
{
    KeyColumn column;
    column.uids = {Uid(5), Uid(6), Uid(7)};
    column.numbers = {std::numeric_limits<qint32>::min(), 0, std::numeric_limits<qint32>::max()};
    return column;
}

KeyColumn threadsColumn()
{
    KeyColumn column;
    column.uids = {Uid(3), Uid(9)};
    auto &names = column.names;
    column.threads.append({Uid(3), names.of("a@x"), {}, names.of("SUBJECT"), false, 1'764'489'600});
    const QList<ThreadName> references{names.of("root@x"), names.of("a@x")};
    column.threads.append({Uid(9), names.of("b@x"), references, names.of("SUBJECT"), true, -5});
    return column;
}

} // namespace

class TestStoredKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbersComeBack()
    {
        for (const KeyColumn &column : {numbersColumn(), ranksColumn()}) {
            const auto back = keysFromStored(storedKeys(column, Label), Label);
            QVERIFY(back);
            QCOMPARE(back->uids, column.uids);
            QCOMPARE(back->numbers, column.numbers);
            QVERIFY(back->threads.isEmpty());
            QCOMPARE(back->unkept, 0);
        }
    }

    void threadsComeBack()
    {
        const auto column = threadsColumn();
        auto back = keysFromStored(storedKeys(column, Label), Label);
        QVERIFY(back);
        QCOMPARE(back->uids, column.uids);
        QCOMPARE(back->threads.size(), 2);
        for (qsizetype i = 0; i < 2; ++i) {
            const auto &stored = column.threads[i];
            const auto &read = back->threads[i];
            QCOMPARE(read.uid, stored.uid);
            QCOMPARE(read.messageId, stored.messageId);
            QCOMPARE(read.references, stored.references);
            QCOMPARE(read.subject, stored.subject);
            QCOMPARE(read.isReply, stored.isReply);
            QCOMPARE(read.sentUtc, stored.sentUtc);
        }
        // What comes later finds the same names.
        QCOMPARE(back->names.of("b@x"), column.threads[1].messageId);
        QCOMPARE(back->names.of("new@x"), ThreadName(5));
    }

    void goesByItsLabel()
    {
        const auto stored = storedKeys(numbersColumn(), Label);
        QVERIFY(!keysFromStored(stored, {Label.source, UidValidity(1001)}));
        QVERIFY(!keysFromStored(stored, {Label.source + 1, Label.uidValidity}));
        QVERIFY(!keysFromStored(QByteArray(), {0, UidValidity(0)}));
    }

    // Whatever is wrong with it, nothing of it reaches beyond what is there.
    void damagedIsNoneOrWhole()
    {
        for (const KeyColumn &column : {numbersColumn(), ranksColumn(), threadsColumn()}) {
            const auto stored = storedKeys(column, Label);
            for (qsizetype size = 0; size < stored.size(); ++size) {
                QVERIFY(!keysFromStored(stored.first(size), Label));
            }
            QVERIFY(!keysFromStored(stored + 'x', Label));
            for (qsizetype at = 0; at < stored.size() * 8; ++at) {
                auto damaged = stored;
                damaged[at / 8] = static_cast<char>(damaged[at / 8] ^ (1 << (at % 8)));
                const auto back = keysFromStored(damaged, Label);
                if (!back) {
                    continue;
                }
                QVERIFY(std::is_sorted(back->uids.begin(), back->uids.end()));
                QCOMPARE(std::max(back->numbers.size(), back->threads.size()), back->uids.size());
                for (const ThreadMessage &message : std::as_const(back->threads)) {
                    QVERIFY(qsizetype(message.messageId) <= back->names.size());
                    QVERIFY(qsizetype(message.subject) <= back->names.size());
                }
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestStoredKeys)
#include "tst_storedkeys.moc"
