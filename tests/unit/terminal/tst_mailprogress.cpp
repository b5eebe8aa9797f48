#include "app/terminal/mailprogress.h"

#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestMailProgress : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void line_data();
    void line();
    void rate();
};

void TestMailProgress::line_data()
{
    QTest::addColumn<qint64>("doneBytes");
    QTest::addColumn<qint64>("totalBytes");
    QTest::addColumn<qint64>("messages");
    QTest::addColumn<double>("bytesPerSecond"); // negative: not known
    QTest::addColumn<QString>("line");
    const auto row = [](const char *title,
                        qint64 done,
                        qint64 total,
                        qint64 messages,
                        double rate,
                        const char *line) {
        QTest::newRow(title) << done << total << messages << rate << QString::fromUtf8(line);
    };
    row("begin",
        0,
        200'000'000,
        7,
        -1,
        "[........................]   0%  7 messages, 0.0 of 200.0 MB");
    row("half",
        100'000'000,
        200'000'000,
        7,
        50e6,
        "[#########..........]  50%  7 messages, 100.0 of 200.0 MB, 50.0 MB/s, 0:02 left");
    row("slow",
        1'000'000,
        4'000'000'000,
        123,
        1e6,
        "[...................]   0%  123 messages, 0.0 of 4.0 GB, 1.0 MB/s, 1:06:39 left");
    row("stands still",
        50,
        200'000'000,
        7,
        0,
        "[........................]   0%  7 messages, 0.0 of 200.0 MB, 0.0 MB/s");
    row("longest",
        99'000'000'000,
        999'000'000'000,
        12'345'678,
        99.9e6,
        "[..........]   9%  12345678 messages, 99.0 of 999.0 GB, 99.9 MB/s, 2:30:09 left");
    row("more than expected",
        300'000'000,
        200'000'000,
        7,
        150e6,
        "[##################] 100%  7 messages, 300.0 of 200.0 MB, 150.0 MB/s, 0:00 left");
    row("nothing to do", 0, 0, 7, -1, "[########################] 100%  7 messages, 0.0 of 0.0 MB");
}

void TestMailProgress::line()
{
    QFETCH(qint64, doneBytes);
    QFETCH(qint64, totalBytes);
    QFETCH(qint64, messages);
    QFETCH(double, bytesPerSecond);
    QFETCH(QString, line);
    const auto rate = bytesPerSecond < 0 ? std::nullopt : std::optional(bytesPerSecond);
    QCOMPARE(MailProgress::line({doneBytes, totalBytes, messages, rate}), line);
    QVERIFY(line.size() < 80);
}

void TestMailProgress::rate()
{
    TransferRate rate;
    QVERIFY(!rate.bytesPerSecond());
    rate.note(0, 0);
    rate.note(1000, 900'000'000); // passed over: it was there
    QVERIFY(!rate.bytesPerSecond());
    // From here on 1 MB a second.
    for (qint64 ms = 1100; ms <= 30'000; ms += 100) {
        rate.note(ms, 900'000'000 + (ms - 1000) * 1000);
        QCOMPARE(rate.bytesPerSecond().has_value(), ms >= 2000);
    }
    QVERIFY(qAbs(*rate.bytesPerSecond() - 1e6) < 1e3);
}

QTEST_GUILESS_MAIN(TestMailProgress)
#include "tst_mailprogress.moc"
