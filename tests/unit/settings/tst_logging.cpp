#include "app/settings/logging.h"

#include <QLoggingCategory>
#include <QTest>
#include <QTimeZone>

#include <array>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestLogging : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void levelsPrintWhatTheTemplateSays_data();
    void levelsPrintWhatTheTemplateSays();
    void lineHasTimeLevelCategoryAndText_data();
    void lineHasTimeLevelCategoryAndText();
    void journalLineHasItsPriority();
    void escapes_data();
    void escapes();
    void noTextCanForgeALine();
};

void TestLogging::levelsPrintWhatTheTemplateSays_data()
{
    QTest::addColumn<LogLevel>("level");
    QTest::addColumn<QString>("categoryName");
    QTest::addColumn<QString>("printed"); // first letters of critical, warning, info, debug

    struct Row {
        LogLevel level;
        const char *name;
        QString net; // categories of ours
        QString wire; // postnook.wire and postnook.sql
        QString qt; // Qt's own
    };
    const std::array rows{Row{LogLevel::Error, "error", u"c"_s, u"c"_s, u"c"_s},
                          Row{LogLevel::Warn, "warn", u"cw"_s, u"cw"_s, u"cw"_s},
                          Row{LogLevel::Info, "info", u"cwi"_s, u"cw"_s, u"cw"_s},
                          Row{LogLevel::Debug, "debug", u"cwid"_s, u"cw"_s, u"cw"_s},
                          Row{LogLevel::Trace, "trace", u"cwid"_s, u"cwid"_s, u"cw"_s}};
    for (const Row &row : rows) {
        QTest::addRow("%s net", row.name) << row.level << u"postnook.net"_s << row.net;
        QTest::addRow("%s wire", row.name) << row.level << u"postnook.wire"_s << row.wire;
        QTest::addRow("%s sql", row.name) << row.level << u"postnook.sql"_s << row.wire;
        QTest::addRow("%s Qt", row.name) << row.level << u"qt.network.ssl"_s << row.qt;
    }
}

void TestLogging::levelsPrintWhatTheTemplateSays()
{
    QFETCH(LogLevel, level);
    QFETCH(QString, categoryName);
    QFETCH(QString, printed);

    setLogLevel(level);
    const QByteArray name = categoryName.toUtf8();
    const QLoggingCategory category(name.constData());

    QString enabled;
    enabled += category.isCriticalEnabled() ? u"c"_s : QString();
    enabled += category.isWarningEnabled() ? u"w"_s : QString();
    enabled += category.isInfoEnabled() ? u"i"_s : QString();
    enabled += category.isDebugEnabled() ? u"d"_s : QString();
    QCOMPARE(enabled, printed);
}

void TestLogging::lineHasTimeLevelCategoryAndText_data()
{
    QTest::addColumn<QtMsgType>("type");
    QTest::addColumn<QByteArray>("expected");

    QTest::newRow("debug") << QtDebugMsg << QByteArray("debug");
    QTest::newRow("info") << QtInfoMsg << QByteArray("info");
    QTest::newRow("warn") << QtWarningMsg << QByteArray("warn");
    QTest::newRow("error") << QtCriticalMsg << QByteArray("error");
    QTest::newRow("fatal") << QtFatalMsg << QByteArray("fatal");
}

void TestLogging::lineHasTimeLevelCategoryAndText()
{
    QFETCH(QtMsgType, type);
    QFETCH(QByteArray, expected);

    const QDateTime time(QDate(2026, 3, 1), QTime(12, 30, 5, 42), Qt::OffsetFromUTC, 3600);
    QCOMPARE(formatLogLine(time, type, "postnook.net", u"listening on ::1"),
             "2026-03-01T12:30:05.042+01:00 " + expected + " postnook.net: listening on ::1\n");
    QCOMPARE(formatLogLine(time, type, nullptr, u""),
             "2026-03-01T12:30:05.042+01:00 " + expected + " default: \n");
}

void TestLogging::journalLineHasItsPriority()
{
    QCOMPARE(formatJournalLine(QtInfoMsg, "postnook.net", u"listening on ::1"),
             "<6>postnook.net: listening on ::1\n");
    QCOMPARE(formatJournalLine(QtWarningMsg, nullptr, u"a\nb"), "<4>default: a\\x0ab\n");
    QCOMPARE(formatJournalLine(QtDebugMsg, "x", u""), "<7>x: \n");
    QCOMPARE(formatJournalLine(QtCriticalMsg, "x", u""), "<3>x: \n");
}

void TestLogging::escapes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");

    QTest::newRow("plain") << u"login of müller"_s << u"login of müller"_s;
    QTest::newRow("backslash stays") << u"C:\\mail"_s << u"C:\\mail"_s;
    QTest::newRow("line feed") << u"a\nb"_s << u"a\\x0ab"_s;
    QTest::newRow("CR, tab, NUL") << u"a\r\t"_s + QChar(0) << u"a\\x0d\\x09\\x00"_s;
    QTest::newRow("escape") << u"\x1b[31m"_s << u"\\x1b[31m"_s;
    QTest::newRow("delete") << u"\x7f"_s << u"\\x7f"_s;
    QTest::newRow("C1: next line, CSI") << u"\u0085\u009b"_s << u"\\x85\\x9b"_s;
    QTest::newRow("line separator") << u"\u2028\u2029"_s << u"\\u2028\\u2029"_s;
    QTest::newRow("direction override") << u"\u202e\u2066"_s << u"\\u202e\\u2066"_s;
    QTest::newRow("outside the first plane") << u"\U0001f4ec"_s << u"\U0001f4ec"_s;
}

void TestLogging::escapes()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);

    QCOMPARE(escapeControls(text), expected);
}

void TestLogging::noTextCanForgeALine()
{
    QString every;
    for (char16_t c = 0; c < 0xd800; ++c) {
        every += QChar(c);
    }
    const QByteArray line =
        formatLogLine(QDateTime::currentDateTime(), QtInfoMsg, "postnook.auth", every);

    QCOMPARE(line.count('\n'), 1);
    QVERIFY(line.endsWith('\n'));
    QVERIFY(std::all_of(line.begin(), line.end() - 1, [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
    }));
}

QTEST_GUILESS_MAIN(TestLogging)
#include "tst_logging.moc"
