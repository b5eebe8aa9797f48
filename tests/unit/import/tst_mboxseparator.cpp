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
    row("header date",
        "From ann@example.org Tue, 3 Mar 2020 10:00:00 +0100\n",
        "2020-03-03T09:00:00",
        60);
    row("ISO date", "From ann@example.org 2020-03-03T10:00:00Z\r\n", "2020-03-03T10:00:00");
    row("sender alone", "From ann@example.org\n", "");
    row("sender alone, of reports", "From MAILER-DAEMON\n", "");
}

void TestMboxSeparator::dates()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, utc);
    QFETCH(int, zone);
    const auto separator = parseMboxSeparator(line);
    QVERIFY(separator);
    QCOMPARE(separator->form == MboxSeparator::Form::Bare,
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
                             "From here\n",
                             "From 2020-03-03 10:00 on\n",
                             "From ann@example.org 3 Mar 2020\n",
                             "From ann@example.org and 10:00:00\n",
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
    QTest::addColumn<MboxSeparator::Form>("first");
    using Form = MboxSeparator::Form;
    const QByteArray dated = "From ann Mon Jan  1 10:00:00 2024\n";
    const QByteArray bare = "From -\n";
    const QByteArray other = "From ann@x 2020-03-03T10:00:00Z\n";
    const QByteArray alone = "From ann@x\n";
    const QByteArray field = "Subject: x\n";
    const auto row = [](const char *name,
                        const QByteArray &line,
                        bool isBehindEmptyLine,
                        const QByteArray &ahead,
                        bool expected,
                        Form first = Form::Dated) {
        QTest::newRow(name) << line << isBehindEmptyLine << ahead << expected << first;
    };
    row("dated, header", dated, true, field, true);
    row("dated, no empty line", dated, false, field, true);
    row("dated, text", dated, true, "some text\n", false);
    row("dated, text, no empty line", dated, false, "some text\n", false);
    row("dated, no header at all", dated, true, "\ntext", true);
    row("dated, no header at all, no empty line", dated, false, "\ntext", false);
    row("dated, end", dated, true, "", true);
    row("dated, end, no empty line", dated, false, "", false);
    row("dated, UUCP", dated, true, ">From a\nTo: b\n", true);
    row("bare, header", bare, false, field, true);
    row("bare, text", bare, true, QByteArray("text: no\xfc: x").mid(5), false);
    row("bare, end", bare, true, "", false);
    row("implausible", "From Russia with love\n", true, "Year: 1963\n", false);
    row("other date, another first", other, true, field, false);
    row("other date", other, false, field, true, Form::OtherDate);
    row("other date, text", other, true, "some text\n", false, Form::OtherDate);
    row("other date, end", other, true, "", false, Form::OtherDate);
    row("dated among others", dated, true, field, true, Form::OtherDate);
    row("sender alone, another first", alone, true, field, false);
    row("sender alone", alone, true, field, true, Form::SenderAlone);
    row("sender alone, no empty line", alone, false, field, false, Form::SenderAlone);
    row("sender alone, text", alone, true, "some text\n", false, Form::SenderAlone);
}

void TestMboxSeparator::separates()
{
    QFETCH(QByteArray, line);
    QFETCH(bool, isBehindEmptyLine);
    QFETCH(QByteArray, ahead);
    QFETCH(bool, expected);
    QFETCH(MboxSeparator::Form, first);
    QCOMPARE(separatesMessages(line, isBehindEmptyLine, ahead, first), expected);
}

QTEST_GUILESS_MAIN(TestMboxSeparator)
#include "tst_mboxseparator.moc"
