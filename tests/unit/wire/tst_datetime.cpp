#include "core/wire/datetime.h"

#include <QDateTime>
#include <QRandomGenerator>
#include <QTest>
#include <QTimeZone>

using namespace Postnook;

class TestDateTime : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void dateTimes_data();
    void dateTimes();
    void badDateTimes_data();
    void badDateTimes();
    void dates_data();
    void dates();
    void badDates_data();
    void badDates();
    void localDays_data();
    void localDays();
    void formatsWhatTheGrammarHolds();
    void randomRoundTrips();
};

void TestDateTime::dateTimes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("secondsUtc");
    QTest::addColumn<int>("zoneMinutes");
    QTest::addColumn<QByteArray>("formatted"); // empty: as it was

    const auto row = [](const char *name,
                        const char *text,
                        qint64 seconds,
                        int zone,
                        const char *formatted = "") {
        QTest::newRow(name) << QByteArray(text) << seconds << zone << QByteArray(formatted);
    };
    row("epoch", " 1-Jan-1970 00:00:00 +0000", 0, 0);
    row("rfc9051-6.3.12", " 7-Feb-1994 21:52:25 -0800", 760686745, -480);
    row("east", "17-Jul-1996 02:44:25 +0530", 837551665, 330);
    row("leap day", "29-Feb-2000 12:00:00 +0000", 951825600, 0);
    row("before 1970", "31-Dec-1969 23:59:59 +0000", -1, 0);
    row("after 2038", "19-Jan-2038 03:14:08 +0000", 2147483648, 0);
    row("first second", " 1-Jan-0001 00:00:00 +2359", -62135596800 - 1439 * 60, 1439);
    row("last second", "31-Dec-9999 23:59:59 -2359", 253402300799 + 1439 * 60, -1439);
    row("leap second", "31-Dec-2016 23:59:60 +0000", 1483228799, 0, "31-Dec-2016 23:59:59 +0000");
    row("any case", "01-jAN-1970 00:00:00 +0000", 0, 0, " 1-Jan-1970 00:00:00 +0000");
    row("day with zero", "01-Jan-1970 00:00:00 +0000", 0, 0, " 1-Jan-1970 00:00:00 +0000");
    row("day unpadded", "1-Jan-1970 00:00:00 +0000", 0, 0, " 1-Jan-1970 00:00:00 +0000");
    row("minus zero", " 1-Jan-1970 00:00:00 -0000", 0, 0, " 1-Jan-1970 00:00:00 +0000");
}

void TestDateTime::dateTimes()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, secondsUtc);
    QFETCH(int, zoneMinutes);
    QFETCH(QByteArray, formatted);

    const auto date = parseDateTime(text);
    QVERIFY(date);
    QCOMPARE(date->secondsUtc, secondsUtc);
    QCOMPARE(date->zoneMinutes, zoneMinutes);
    QCOMPARE(formatDateTime(*date), formatted.isEmpty() ? text : formatted);
    for (qsizetype length = 0; length < text.size(); ++length) {
        QVERIFY(!parseDateTime(QByteArrayView(text).first(length)));
    }
}

void TestDateTime::badDateTimes_data()
{
    QTest::addColumn<QByteArray>("text");

    for (const char *text : {
             "",
             " ",
             "32-Foo-2020 99:99:99 +0000",
             " 1-Jan-2020 00:00:00",
             "01-Jan-2020 00:00:00 +9999",
             "31-Apr-2020 00:00:00 +0000",
             "29-Feb-2100 00:00:00 +0000",
             " 0-Jan-2020 00:00:00 +0000",
             "00-Jan-2020 00:00:00 +0000",
             " 1-Jan-0000 00:00:00 +0000",
             " 1-Jan-20 00:00:00 +0000",
             " 1-Jan-12020 00:00:00 +0000",
             " 1-Jan-2020 24:00:00 +0000",
             " 1-Jan-2020 00:60:00 +0000",
             " 1-Jan-2020 00:00:61 +0000",
             " 1-Jan-2020 00:00:00 +2400",
             " 1-Jan-2020 00:00:00 +0060",
             " 1-Jan-2020 00:00:00 00000",
             " 1-Jan-2020 00:00:00 +000",
             " 1-Jan-2020 00:00:00 +00000",
             " 1-Jan-2020 00:00:00  0000",
             " 1-Jan-2020 0:00:00 +0000",
             "  1-Jan-2020 00:00:00 +0000",
             " 1 Jan 2020 00:00:00 +0000",
             " 1-Jan-2020T00:00:00 +0000",
             " 1-Jan-2020 00.00.00 +0000",
             " 1-01-2020 00:00:00 +0000",
             " 1-Jan-2020 00:00:00 UTC",
             " 1-Jan-2020 00:00:00 +-100",
             " 1-Jan-2020 -1:00:00 +0000",
             "-1-Jan-2020 00:00:00 +0000",
             "\"1-Jan-2020 00:00:00 +0000\"",
             "123-Jan-2020 00:00:00 +0000",
             " 1-Jan-2020 00:00:00 +0000 ",
         }) {
        QTest::newRow(text[0] == '\0' ? "empty" : text) << QByteArray(text);
    }
}

void TestDateTime::badDateTimes()
{
    QFETCH(QByteArray, text);

    QVERIFY(!parseDateTime(text));
}

void TestDateTime::dates_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("days");

    QTest::newRow("epoch") << QByteArray("1-Jan-1970") << qint64(0);
    QTest::newRow("two digits") << QByteArray("01-Jan-1970") << qint64(0);
    QTest::newRow("rfc9051-6.4.4 example") << QByteArray("1-Feb-1994") << qint64(8797);
    QTest::newRow("negative") << QByteArray("31-DEC-1969") << qint64(-1);
    QTest::newRow("leap day") << QByteArray("29-feb-2024") << qint64(19782);
    QTest::newRow("year 1") << QByteArray("1-Jan-0001") << qint64(-719162);
    QTest::newRow("year 9999") << QByteArray("31-Dec-9999") << qint64(2932896);
}

void TestDateTime::dates()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, days);

    QCOMPARE(parseDate(text), days);
}

void TestDateTime::badDates_data()
{
    QTest::addColumn<QByteArray>("text");

    for (const char *text : {"",
                             "-",
                             "1-Jan-20",
                             "1-Jan-20200",
                             " 1-Jan-2020",
                             "1-Jan-2020 ",
                             "1-January-2020",
                             "0-Jan-2020",
                             "32-Jan-2020",
                             "30-Feb-2020",
                             "29-Feb-1900",
                             "1-Jan-0000",
                             "001-Jan-2020",
                             "1-Xxx-2020",
                             "1--Jan-2020",
                             "x-Jan-2020",
                             "1-Jan-20x0",
                             "1/Jan/2020",
                             "-Jan-2020"}) {
        QTest::newRow(text[0] == '\0' ? "empty" : text) << QByteArray(text);
    }
}

void TestDateTime::badDates()
{
    QFETCH(QByteArray, text);

    QVERIFY(!parseDate(text));
}

void TestDateTime::localDays_data()
{
    QTest::addColumn<QByteArray>("dateTime");
    QTest::addColumn<QByteArray>("day");

    QTest::newRow("UTC") << QByteArray(" 3-Mar-2026 23:59:59 +0000") << QByteArray("3-Mar-2026");
    QTest::newRow("rfc9051-6.4.4 east, another day in UTC")
        << QByteArray(" 3-Mar-2026 00:30:00 +0100") << QByteArray("3-Mar-2026");
    QTest::newRow("rfc9051-6.4.4 west, another day in UTC")
        << QByteArray(" 3-Mar-2026 23:30:00 -0800") << QByteArray("3-Mar-2026");
    QTest::newRow("before 1970") << QByteArray("31-Dec-1969 23:00:00 +0000")
                                 << QByteArray("31-Dec-1969");
    QTest::newRow("before 1970, west")
        << QByteArray("31-Dec-1969 20:00:00 -1200") << QByteArray("31-Dec-1969");
}

void TestDateTime::localDays()
{
    QFETCH(QByteArray, dateTime);
    QFETCH(QByteArray, day);

    const auto date = parseDateTime(dateTime);
    QVERIFY(date);
    QCOMPARE(localDay(*date), parseDate(day).value());
}

// A store may hold instants that have no year of four digits: what is sent is well formed still.
void TestDateTime::formatsWhatTheGrammarHolds()
{
    QCOMPARE(formatDateTime({-100'000'000'000, 0}), " 1-Jan-0001 00:00:00 +0000");
    QCOMPARE(formatDateTime({300'000'000'000, 60}), "31-Dec-9999 23:59:59 +0100");
}

void TestDateTime::randomRoundTrips()
{
    QRandomGenerator random(2026);
    for (int round = 0; round < 20'000; ++round) {
        const InternalDate date{qint64(random.bounded(300'000'000'000.0)) - 60'000'000'000,
                                random.bounded(-1439, 1440)};
        const auto text = formatDateTime(date);
        QCOMPARE(text.size(), 26);
        QCOMPARE(parseDateTime(text), date);

        // Qt's calendar is the reference.
        const auto local =
            QDateTime::fromSecsSinceEpoch(date.secondsUtc + date.zoneMinutes * 60, Qt::UTC);
        const auto expected = QLocale::c().toString(local, u"d-MMM-yyyy HH:mm:ss").toLatin1();
        QCOMPARE(text.left(20).trimmed(), expected);
        QCOMPARE(localDay(date), QDate(1970, 1, 1).daysTo(local.date()));
    }
}

QTEST_GUILESS_MAIN(TestDateTime)
#include "tst_datetime.moc"
