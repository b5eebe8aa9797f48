#include "core/mime/messagetext.h"

#include <QDateTime>
#include <QTest>

using namespace Postnook::Mime;

class TestHeaderDate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void date_data();
    void date();
};

void TestHeaderDate::date_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("utc"); // empty: unreadable
    QTest::addColumn<int>("zone");
    const auto row = [](const char *value, const char *utc, int zone) {
        QTest::newRow(value) << QByteArray(value) << QString::fromLatin1(utc) << zone;
    };
    row("Mon, 05 Jan 2026 10:00:00 +0130", "2026-01-05T08:30:00", 90);
    row("5 Jan 2026 10:00 -0500", "2026-01-05T15:00:00", -300);
    row("  Mon,5  Jan\t2026 10:00:00+0000 (UTC)", "2026-01-05T10:00:00", 0);
    row("Mon (c (d)), 5 (x) Jan 2026 10 : 00 : 01 EST", "2026-01-05T15:00:01", -300);
    row("Fri, 21 Nov 97 09:55:06 -0600", "1997-11-21T15:55:06", -360);
    row("1 Jan 49 00:00:00 GMT", "2049-01-01T00:00:00", 0);
    row("1 Jan 50 00:00:00 UT", "1950-01-01T00:00:00", 0);
    row("1 Jan 103 00:00:00 Z", "2003-01-01T00:00:00", 0);
    row("1 Jul 2026 00:00:00 PDT", "2026-07-01T07:00:00", -420);
    row("1 Jul 2026 00:00:00 A", "2026-07-01T00:00:00", 0);
    row("1 July 2026 00:00:00 nowhere", "2026-07-01T00:00:00", 0);
    row("Mon Jan  5 10:00:00 2026", "2026-01-05T10:00:00", 0);
    row("Mon, 5-Jan-2026 10:00:00 +0100", "2026-01-05T09:00:00", 60);
    row("29 Feb 2024 12:00:00 +0000", "2024-02-29T12:00:00", 0);
    row("31 Dec 9999 23:59:60 -9959",
        "9999-12-31T23:59:59",
        0); // RFC 5256 2.2: that zone cannot be
    row("1 Jan 2026 25:00:00 +0100", "2025-12-31T23:00:00", 60); // RFC 5256 2.2: nor can that time
    row("1 Jan 2026", "2026-01-01T00:00:00", 0);
    row("1 Jan 0001 00:00:00 +0000", "0001-01-01T00:00:00", 0);
    row("Monday, 05 January 2026 10:00:00 +0000", "2026-01-05T10:00:00", 0);
    row("5 Sept 2026 10:00:00 +0000", "2026-09-05T10:00:00", 0);
    row("2026-01-05 10:00:00 +0100", "2026-01-05T09:00:00", 60);
    row("2026-01-05T10:00:00Z", "2026-01-05T10:00:00", 0);
    row("2026-01-05T10:00:00.123456+01:00", "2026-01-05T09:00:00", 60);
    row("2026/1/5 10:00", "2026-01-05T10:00:00", 0);
    row("05.01.2026 10:00:00", "2026-01-05T10:00:00", 0);
    row("13/1/2026 10:00:00", "2026-01-13T10:00:00", 0);
    row("1/13/2026 10:00:00", "2026-01-13T10:00:00", 0);
    row("1/5/2026 10:00:00", "", 0); // of January or of May?
    row("Mon, 05 Jan 2026 10:00:00 GMT+0100", "2026-01-05T09:00:00", 60);
    row("Mon, 05 Jan 2026 10:00:00 GMT-5", "2026-01-05T15:00:00", -300);
    row("Mon, 05 Jan 2026 10:00:00 +0100 GMT", "2026-01-05T09:00:00", 60);
    row("Mon, 05 Jan 2026 10:00:00 (CET)", "2026-01-05T09:00:00", 60);
    row("Mon, 05 Jan 2026 10:00:00 CEST", "2026-01-05T08:00:00", 120);
    row("Mon, 05 Jan 2026 10:00:00 +0100 (PST)", "2026-01-05T09:00:00", 60);
    row("Mon, 05 Jan 2026 10:00:00 +0000 (CET)", "2026-01-05T10:00:00", 0);
    row("May 8, 2005 1:17 PM", "2005-05-08T13:17:00", 0);
    row("May 8, 2005 12:05:00 AM +0100", "2005-05-07T23:05:00", 60);
    row("May 8, 2005 12:05 pm", "2005-05-08T12:05:00", 0);
    row("May 8, 2005 13:05 pm", "2005-05-08T13:05:00", 0);
    row("Wed May 15 15:18:08 EDT 1991", "1991-05-15T19:18:08", -240);
    row("Tue, 16 Jun 92 17:34:08 JST", "1992-06-16T08:34:08", 540);
    row("Thu, 27 Apr 95 01:14:08 0800", "1995-04-26T17:14:08", 480);
    row("26 Dec 1991 20:45 (Thursday)", "1991-12-26T20:45:00", 0);
    row("10:00:00 5-Jan-2026", "2026-01-05T10:00:00", 0);
    row("Mon, 5th Jan, 2026 at 10:00", "2026-01-05T10:00:00", 0);
    row("Tue, 12 Oct 2010 16:21:05 H0500", "2010-10-12T16:21:05", 0);
    row("Wed, 15 Dec 2010    59:10 -0500", "2010-12-15T05:00:00", -300);
    row("Sat, 20 Sep 2008 20:04:30 +0300 (\xf9\xf2)", "2008-09-20T17:04:30", 180);
    row("2026-13-05 10:00:00", "", 0);
    row("Pn, 29 paX 2007 21:13:00 +0100", "", 0);
    row("<HR>", "", 0);
    row("30 Feb 2026 10:00:00 +0000", "", 0);
    row("0 Jan 2026 10:00:00 +0000", "", 0);
    row("1 Jan 99999 10:00:00 +0000", "", 0);
    row("yesterday at noon (?)", "", 0);
    row("10:00:00 +0000", "", 0);
    row("", "", 0);
}

void TestHeaderDate::date()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, utc);
    QFETCH(int, zone);
    const auto date = parseHeaderDate(value);
    QCOMPARE(date.has_value(), !utc.isEmpty());
    if (date) {
        auto expected = QDateTime::fromString(utc, Qt::ISODate);
        expected.setTimeSpec(Qt::UTC);
        QCOMPARE(date->secondsUtc, expected.toSecsSinceEpoch());
        QCOMPARE(date->zoneMinutes, zone);
    }
}

QTEST_GUILESS_MAIN(TestHeaderDate)
#include "tst_headerdate.moc"
