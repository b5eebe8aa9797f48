#include "app/import/importsession.h"

#include <QTest>

using namespace Postnook;

class TestImportSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void appendedCount_data();
    void appendedCount();
};

void TestImportSession::appendedCount_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<qint64>("count");
    QTest::newRow("one") << QByteArray("APPENDUID 17 3") << 1LL;
    QTest::newRow("range") << QByteArray("APPENDUID 17 3:5") << 3LL;
    QTest::newRow("set") << QByteArray("APPENDUID 17 3:5,7,9:10") << 6LL;
    QTest::newRow("backwards") << QByteArray("APPENDUID 17 5:3") << 3LL;
    QTest::newRow("another") << QByteArray("TRYCREATE") << 0LL;
    QTest::newRow("none") << QByteArray() << 0LL;
}

void TestImportSession::appendedCount()
{
    QFETCH(QByteArray, code);
    QFETCH(qint64, count);
    QCOMPARE(Postnook::appendedCount(code), count);
}

QTEST_GUILESS_MAIN(TestImportSession)
#include "tst_importsession.moc"
