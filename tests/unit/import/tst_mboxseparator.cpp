#include "app/import/mboxseparator.h"

#include <QDateTime>
#include <QTest>

using namespace Postnook;

class TestMboxSeparator : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void dates_data();
    void dates();
    void implausible_data();
    void implausible();
    void separates_data();
    void separates();
};

void TestMboxSeparator::dates_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("utc");
    QTest::addColumn<int>("zone");
    const auto row = [](const char *name, const char *line, const char *utc, int zone = 0) {
        QTest::newRow(name) << QByteArray(line) << QString::fromLatin1(utc) << zone;
    };
    row("rfc4155", "From ann@example.org Mon Jan  1 10:00:00 2024\n", "2024-01-01T10:00:00");
    row("CRLF", "From ann@example.org Mon Jan  1 10:00:00 2024\r\n", "2024-01-01T10:00:00");
    row("no line end", "From ann@example.org Mon Jan  1 10:00:00 2024", "2024-01-01T10:00:00");
    row("no seconds", "From ann Fri Feb  9 07:05 1996\n", "1996-02-09T07:05:00");
    row("zone in front", "From 12@xxx Sun Mar 03 01:02:03 +0130 2024\n", "2024-03-02T23:32:03", 90);
    row("zone behind", "From ann Sun Mar 03 01:02:03 2024 -0800\n", "2024-03-03T09:02:03", -480);
    row("zone in letters", "From ann Sun Mar  3 01:02:03 CET 2024\n", "2024-03-03T01:02:03");
    row("leap second", "From ann Sat Dec 31 23:59:60 2016\n", "2016-12-31T23:59:59");
    row("no sender", "From  Mon Jan  1 10:00:00 2024\n", "2024-01-01T10:00:00");
    row("sender with blanks", "From \"A B\"@x Mon Jan  1 10:00:00 2024\n", "2024-01-01T10:00:00");
    row("remote", "From ann Mon Jan  1 10:00:00 2024 remote from host\n", "2024-01-01T10:00:00");
    row("bare with date", "From - Mon Jan 01 10:00:00 2024\n", "2024-01-01T10:00:00");
    row("bare", "From -\n", "");
    row("bare with a blank", "From - \r\n", "");
    row("nothing else", "From \n", "");
    row("nothing else, CRLF", "From \r\n", "");
}

void TestMboxSeparator::dates()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, utc);
    QFETCH(int, zone);
    const auto separator = parseMboxSeparator(line);
    QVERIFY(separator);
    QCOMPARE(separator->isBare,
             line.startsWith("From - ") || line.startsWith("From -\n") || line.trimmed() == "From");
    QCOMPARE(separator->date.has_value(), !utc.isEmpty());
    if (separator->date) {
        const auto time = QDateTime::fromSecsSinceEpoch(separator->date->secondsUtc, Qt::UTC);
        QCOMPARE(time.toString(QStringLiteral("yyyy-MM-ddThh:mm:ss")), utc);
        QCOMPARE(separator->date->zoneMinutes, zone);
    }
}

void TestMboxSeparator::implausible_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char *line : {"",
                             "From",
                             "from ann Mon Jan  1 10:00:00 2024\n",
                             ">From ann Mon Jan  1 10:00:00 2024\n",
                             "From: ann Mon Jan  1 10:00:00 2024\n",
                             "From Russia with love\n",
                             "From Mon to Fri we work\n",
                             "From Monday Jan 1 10:00:00 2024\n",
                             "From ann Mon Foo  1 10:00:00 2024\n",
                             "From ann Mon Feb 30 10:00:00 2024\n",
                             "From ann Mon Jan  1 25:00:00 2024\n",
                             "From ann Mon Jan  1 10:xx:00 2024\n",
                             "From ann Mon Jan  1 10:00:00\n",
                             "From - yesterday\n",
                             "From -x\n"}) {
        QTest::newRow(line) << QByteArray(line);
    }
    QTest::newRow("too long") << "From " + QByteArray(500, 'a') + " Mon Jan  1 10:00:00 2024\n";
}

void TestMboxSeparator::implausible()
{
    QFETCH(QByteArray, line);
    QVERIFY(!parseMboxSeparator(line));
}

void TestMboxSeparator::separates_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("isBehindEmptyLine");
    QTest::addColumn<QByteArray>("ahead");
    QTest::addColumn<bool>("expected");
    const QByteArray dated = "From ann Mon Jan  1 10:00:00 2024\n";
    const QByteArray bare = "From -\n";
    QTest::newRow("dated, header") << dated << true << QByteArray("Subject: x\n") << true;
    QTest::newRow("dated, no empty line") << dated << false << QByteArray("Subject: x\n") << false;
    QTest::newRow("dated, text") << dated << true << QByteArray("some text\n") << false;
    QTest::newRow("dated, no header at all") << dated << true << QByteArray("\ntext") << true;
    QTest::newRow("dated, end") << dated << true << QByteArray() << true;
    QTest::newRow("dated, UUCP") << dated << true << QByteArray(">From a\nTo: b\n") << true;
    QTest::newRow("bare, header") << bare << false << QByteArray("Subject: x\n") << true;
    QTest::newRow("bare, text") << bare << true << QByteArray("text: no\xfc: x").mid(5) << false;
    QTest::newRow("bare, end") << bare << true << QByteArray() << false;
    QTest::newRow("implausible") << QByteArray("From Russia with love\n") << true
                                 << QByteArray("Year: 1963\n") << false;
}

void TestMboxSeparator::separates()
{
    QFETCH(QByteArray, line);
    QFETCH(bool, isBehindEmptyLine);
    QFETCH(QByteArray, ahead);
    QFETCH(bool, expected);
    QCOMPARE(separatesMessages(line, isBehindEmptyLine, ahead), expected);
}

QTEST_GUILESS_MAIN(TestMboxSeparator)
#include "tst_mboxseparator.moc"
