#include "app/mirror/messagematch.h"

#include <QTest>

using namespace Postnook;

class TestMessageMatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void match_data();
    void match();
    void digest();
};

namespace
{

// "uid:size:fields"
QList<MessageTraits> traitsOf(const QByteArrayList &texts)
{
    QList<MessageTraits> traits;
    for (const QByteArray &text : texts) {
        const auto parts = text.split(':');
        traits.append({Uid(parts.at(0).toUInt()), parts.at(1).toULongLong(), parts.at(2)});
    }
    return traits;
}

} // namespace

void TestMessageMatch::match_data()
{
    QTest::addColumn<QByteArrayList>("remote");
    QTest::addColumn<QByteArrayList>("local");
    QTest::addColumn<QByteArray>("pairs");
    using L = QByteArrayList;
    QTest::newRow("none") << L{} << L{} << QByteArray();
    QTest::newRow("the same") << L{"7:100:a"} << L{"3:100:a"} << QByteArray("7=3");
    QTest::newRow("another size") << L{"7:100:a"} << L{"3:101:a"} << QByteArray();
    QTest::newRow("other fields") << L{"7:100:a"} << L{"3:100:b"} << QByteArray();
    QTest::newRow("another order")
        << L{"1:1:a", "2:2:b"} << L{"5:2:b", "6:1:a"} << QByteArray("1=6 2=5");
    QTest::newRow("equal ones, oldest first")
        << L{"1:1:a", "2:1:a", "3:1:a"} << L{"5:1:a", "6:1:a"} << QByteArray("1=5 2=6");
    QTest::newRow("more here") << L{"1:1:a"} << L{"5:1:a", "6:1:a", "7:2:a"} << QByteArray("1=5");
}

void TestMessageMatch::match()
{
    QFETCH(QByteArrayList, remote);
    QFETCH(QByteArrayList, local);
    QByteArrayList pairs;
    for (const auto &[there, here] : matchMessages(traitsOf(remote), traitsOf(local))) {
        pairs.append(QByteArray::number(there.value) + '=' + QByteArray::number(here.value));
    }
    QTEST(pairs.join(' '), "pairs");
}

void TestMessageMatch::digest()
{
    // Folded otherwise, with and without the empty line at the end.
    QCOMPARE(traitsDigest("Subject: a\r\n b\r\nDate: x\r\n\r\n"),
             traitsDigest("Subject: a b\nDate: x"));
    QVERIFY(traitsDigest("Subject: a") != traitsDigest("Subject: b"));
}

QTEST_GUILESS_MAIN(TestMessageMatch)
#include "tst_messagematch.moc"
