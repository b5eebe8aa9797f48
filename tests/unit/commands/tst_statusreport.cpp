#include "app/commands/statusreport.h"

#include <QDateTime>
#include <QDir>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestStatusReport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mail_data();
    void mail();
    void backup_data();
    void backup();
    void sessions_data();
    void sessions();
    void whole();
    void withoutServer();
    void hostileNames();
};

namespace
{

QJsonObject session(const QString &account, const QString &client, const QString &command = {})
{
    return {{u"account"_s, account}, {u"clientName"_s, client}, {u"command"_s, command}};
}

} // namespace

void TestStatusReport::mail_data()
{
    QTest::addColumn<QJsonObject>("reply");
    QTest::addColumn<QString>("text");
    const auto counts = [](qint64 messages, qint64 mailboxes, qint64 bytes, qint64 in, qint64 out) {
        return QJsonObject{{u"messages"_s, messages},
                           {u"mailboxes"_s, mailboxes},
                           {u"bytes"_s, bytes},
                           {u"indexed"_s, in},
                           {u"waiting"_s, out}};
    };
    QTest::newRow("complete")
        << counts(41'203, 23, 3'113'851'289, 41'198, 0)
        << u"41,203 messages in 23 mailboxes, 2.9 GB; search index complete"_s;
    QTest::newRow("one of each") << counts(1, 1, 1'536, 0, 1)
                                 << u"1 message in 1 mailbox, 1.5 kB; search index still to read "
                                    "1 text"_s;
    QTest::newRow("behind")
        << counts(5'000, 6, 0, 1'000, 4'000)
        << u"5,000 messages in 6 mailboxes, 0 bytes; search index still to read 4,000 texts"_s;
    QTest::newRow("fresh") << counts(0, 6, 0, 0, 0)
                           << u"0 messages in 6 mailboxes, 0 bytes; search index complete"_s;
    QTest::newRow("off") << counts(7, 6, 0, 0, 0)
                         << u"7 messages in 6 mailboxes, 0 bytes; no search index"_s;
    QTest::newRow("trouble") << QJsonObject{{u"trouble"_s, u"the file is damaged"_s}}
                             << u"cannot be read: the file is damaged"_s;
}

void TestStatusReport::mail()
{
    QFETCH(QJsonObject, reply);
    QCOMPARE(accountFacts().first().request, u"status.account"_s);
    QTEST(accountFacts().first().text(reply), "text");
}

void TestStatusReport::backup_data()
{
    QTest::addColumn<QJsonObject>("account");
    QTest::addColumn<QString>("failure");
    QTest::addColumn<QString>("text");
    const QString when = QDateTime(QDate(2026, 11, 24), QTime(2, 0)).toUTC().toString(Qt::ISODate);
    const QJsonObject done{{u"at"_s, when}};
    const QJsonObject failure{{u"text"_s, u"the disk is full"_s}};
    QTest::newRow("none") << QJsonObject() << QString() << QString();
    QTest::newRow("done") << done << QString() << u"last backup 2026-11-24 02:00"_s;
    QTest::newRow("failed since")
        << QJsonObject{{u"at"_s, when}, {u"failure"_s, failure}} << QString()
        << u"last backup 2026-11-24 02:00, and then it failed: the disk is full"_s;
    QTest::newRow("failed altogether")
        << QJsonObject() << u"no such folder"_s << u"the backup failed: no such folder"_s;
}

void TestStatusReport::backup()
{
    QFETCH(QJsonObject, account);
    QFETCH(QString, failure);
    QJsonObject reply{{u"accounts"_s, QJsonArray{account}}};
    if (!failure.isEmpty()) {
        reply.insert(u"failure"_s, QJsonObject{{u"text"_s, failure}});
    }
    QCOMPARE(accountFacts().last().request, u"backup.state"_s);
    QTEST(accountFacts().last().text(reply), "text");
}

void TestStatusReport::sessions_data()
{
    QTest::addColumn<QJsonArray>("sessions");
    QTest::addColumn<QString>("text");
    QTest::newRow("none") << QJsonArray() << u"none"_s;
    QTest::newRow("of one account") << QJsonArray{session(u"alice"_s, u"Thunderbird"_s),
                                                  session(u"alice"_s, u"Apple Mail"_s, u"IDLE"_s),
                                                  session(u"alice"_s, u"Apple Mail"_s, u"IDLE"_s)}
                                    << u"3 (alice: Thunderbird, Apple Mail idle 2)"_s;
    QTest::newRow("of two, and without a name")
        << QJsonArray{session(u"bob"_s, {}, u"IDLE"_s),
                      session(u"alice"_s, u"mutt"_s, u"FETCH"_s),
                      session({}, {}),
                      session(u"alice"_s, u"mutt"_s)}
        << u"4 (alice: mutt 2; bob: a program without a name idle; 1 not logged in)"_s;
}

void TestStatusReport::sessions()
{
    QFETCH(QJsonArray, sessions);
    QTEST(sessionSummary(sessions), "text");
}

void TestStatusReport::whole()
{
    const auto started = QDateTime(QDate(2026, 11, 20), QTime(8, 12));
    const auto until = QDateTime(QDate(2999, 12, 1), QTime(12, 0));
    StatusReport report;
    report.version = u"0.9"_s;
    report.dataDir = QDir::homePath() + u"/.local/share/postnook"_s;
    report.dataBytes = 3'328'599'654;
    report.accounts = {{u"alice"_s, {u"41,203 messages"_s, u"last backup never"_s}},
                       {u"a longer name"_s, {u"nothing"_s}}};
    report.server = {
        {u"isRunning"_s, true},
        {u"version"_s, u"1.0.0"_s},
        {u"since"_s, started.toSecsSinceEpoch()},
        {u"ports"_s, QJsonArray{u"127.0.0.1:1143 (STARTTLS)"_s, u"127.0.0.1:1993 (TLS)"_s}},
        {u"certificate"_s,
         QJsonObject{{u"until"_s, until.toSecsSinceEpoch()}, {u"fingerprint"_s, u"4F:1A"_s}}},
        {u"settingsFile"_s, QDir::homePath() + u"/postnook.ini"_s},
        {u"restart"_s, QJsonArray{u"bind-port: 1143 -> 2143"_s}},
        {u"sessions"_s, QJsonArray{session(u"alice"_s, u"mutt"_s)}}};
    report.warnings = {u"the data folder lies in Dropbox"_s};

    const QStringList lines{
        u"Postnook 1.0.0, running since 2026-11-20 08:12, data in ~/.local/share/postnook (3.1 GB)"_s,
        u"alice         41,203 messages; last backup never"_s,
        u"a longer name nothing"_s,
        u"Ports         127.0.0.1:1143 (STARTTLS), 127.0.0.1:1993 (TLS); certificate until "
        "2999-12-01, SHA-256 4F:1A"_s,
        u"Sessions      1 (alice: mutt)"_s,
        u"Settings      ~/postnook.ini; from the next start on: bind-port: 1143 -> 2143"_s,
        u"Warning       the data folder lies in Dropbox"_s};
    QCOMPARE(report.lines(), lines);
}

void TestStatusReport::withoutServer()
{
    StatusReport report;
    report.version = u"1.0.0"_s;
    report.dataDir = u"/srv/mail"_s;
    report.server = {{u"isRunning"_s, false}};

    const QStringList lines{u"Postnook 1.0.0, not running, data in /srv/mail (0 bytes)"_s,
                            u"Accounts none yet; 'postnook account add NAME' makes one"_s};
    QCOMPARE(report.lines(), lines);
}

void TestStatusReport::hostileNames()
{
    StatusReport report;
    report.accounts = {{u"a\u202eb"_s, {u"x\x1b[2J"_s}}};
    for (const QString &line : report.lines()) {
        QVERIFY2(!line.contains(u'\x1b') && !line.contains(u'\u202e'), qPrintable(line));
    }
}

QTEST_GUILESS_MAIN(TestStatusReport)
#include "tst_statusreport.moc"
