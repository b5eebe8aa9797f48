#include "app/export/exportsession.h"

#include <QTest>

using namespace Postnook;

class TestExportSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void described();
    void bodies_data();
    void bodies();
    void others_data();
    void others();
};

void TestExportSession::described()
{
    const auto items = parseFetched("7 FETCH (UID 9 FLAGS (\\Seen $Forwarded) INTERNALDATE"
                                    " \" 1-Jan-2024 10:00:00 +0130\" RFC822.SIZE 4711)");
    QCOMPARE(*items.uid, Uid(9));
    QCOMPARE(*items.flags, MessageFlags({SystemFlag::Seen, {"$Forwarded"}}));
    QCOMPARE(*items.date, InternalDate({1'704'097'800, 90}));
    QCOMPARE(*items.sizeBytes, 4711U);
    QVERIFY(!items.body);
}

void TestExportSession::bodies_data()
{
    QTest::addColumn<QByteArray>("response");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("literal") << QByteArray("1 FETCH (UID 2 BODY[] {6}\r\na)\r\nb\n)")
                             << QByteArray("a)\r\nb\n");
    QTest::newRow("quoted") << QByteArray("1 FETCH (UID 2 BODY[] \"ab\")") << QByteArray("ab");
    QTest::newRow("piece") << QByteArray("1 FETCH (UID 2 BODY[]<1024> {2}\r\n\r\n)")
                           << QByteArray("\r\n");
    QTest::newRow("first of the response")
        << QByteArray("1 FETCH (BODY[] {1}\r\nx UID 2)") << QByteArray("x");
}

void TestExportSession::bodies()
{
    QFETCH(QByteArray, response);
    QFETCH(QByteArray, body);
    const auto items = parseFetched(response);
    QCOMPARE(items.uid, std::optional(Uid(2)));
    QCOMPARE(items.body, std::optional(body));
}

void TestExportSession::others_data()
{
    QTest::addColumn<QByteArray>("response");
    QTest::newRow("exists") << QByteArray("7 EXISTS");
    QTest::newRow("text") << QByteArray("OK FETCH (UID 2)");
    QTest::newRow("cut") << QByteArray("1 FETCH (UID 2 BODY[] {9}\r\nab)");
    QTest::newRow("unknown item") << QByteArray("1 FETCH (UID 2 PREVIEW \"x\")");
    QTest::newRow("empty") << QByteArray();
}

void TestExportSession::others()
{
    QFETCH(QByteArray, response);
    const auto items = parseFetched(response);
    QVERIFY(!items.uid && !items.flags && !items.date && !items.sizeBytes && !items.body);
}

QTEST_GUILESS_MAIN(TestExportSession)
#include "tst_exportsession.moc"
