#include "app/import/importprogress.h"

#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestImportProgress : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void line_data();
    void line();
};

void TestImportProgress::line_data()
{
    QTest::addColumn<qint64>("doneBytes");
    QTest::addColumn<qint64>("totalBytes");
    QTest::addColumn<QString>("line");
    QTest::newRow("begin")
        << 0LL << 200'000'000LL
        << u"[........................]   0%  7 messages, 0.0 of 200.0 MB, 0.0 MB/s"_s;
    QTest::newRow("half") << 100'000'000LL << 200'000'000LL
                          << u"[############............]  50%  7 messages, 100.0 of 200.0 MB,"
                             " 50.0 MB/s"_s;
    QTest::newRow("more than expected")
        << 300'000'000LL << 200'000'000LL
        << u"[########################] 100%  7 messages, 300.0 of 200.0 MB, 150.0 MB/s"_s;
    QTest::newRow("nothing to do") << 0LL << 0LL
                                   << u"[########################] 100%  7 messages, 0.0 of 0.0 MB,"
                                      " 0.0 MB/s"_s;
}

void TestImportProgress::line()
{
    QFETCH(qint64, doneBytes);
    QFETCH(qint64, totalBytes);
    QFETCH(QString, line);
    QCOMPARE(ImportProgress::line({doneBytes, totalBytes, 7, 2000}), line);
    QVERIFY(line.size() < 80);
}

QTEST_GUILESS_MAIN(TestImportProgress)
#include "tst_importprogress.moc"
