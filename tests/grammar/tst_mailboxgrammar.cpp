#include "tests/grammar/mailboxgrammar.h"

#include "core/commands/notifyparser.h"

#include <QTest>

using namespace Postnook;
using namespace Postnook::Grammar;

// As of the other responses, most rows are wrong in one place. RFC 9051 section 9, RFC 5465 8.
class TestMailboxGrammar : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void list_data();
    void list();
    void listValues();
    void status_data();
    void status();
    void badEvent();
    void everyCutIsAnError();
};

void TestMailboxGrammar::list_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("good");
    const auto row = [](bool good, const char *text) {
        QTest::newRow(text) << QByteArray("* LIST " + QByteArray(text) + "\r\n") << good;
    };
    row(true, R"(() "/" a)");
    row(true, R"(() NIL "a b")");
    row(true, R"((\NonExistent \Subscribed \HasNoChildren) "/" a)");
    row(true, R"(() "/" new ("OLDNAME" (old)))");
    row(true, R"(() "/" new (OLDNAME ("old name")))");
    row(true, R"(() "/" a ("CHILDINFO" ("SUBSCRIBED" "SPECIAL-USE")))");
    row(true, R"(() "/" a ("CHILDINFO" ("SUBSCRIBED") "OLDNAME" (b)))");
    row(false, R"("/" a)");
    row(false, R"(() a)");
    row(false, R"(() / a)");
    row(false, R"(() "//" a)");
    row(false, R"(() "" a)");
    row(false, R"(() "/" )");
    row(false, R"(() "/" a b)");
    row(false, R"((\Odd) "/" a)");
    row(false, R"((Sent) "/" a)");
    row(false, R"((\Sent \Sent) "/" a)");
    row(false, R"((\Sent  \Subscribed) "/" a)");
    row(false, R"((\HasChildren \HasNoChildren) "/" a)");
    row(false, R"(() "/" a ())");
    row(false, R"(() "/" a ("OLDNAME" ()))");
    row(false, R"(() "/" a ("OLDNAME" b))");
    row(false, R"(() "/" a ("OLDNAME" (b c)))");
    row(false, R"(() "/" a ("OLDNAME" (b) "OLDNAME" (c)))");
    row(false, R"(() "/" a ("CHILDINFO" (SUBSCRIBED)))");
    row(false, R"(() "/" a ("OTHER" (b)))");
}

void TestMailboxGrammar::list()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, good);
    const auto parsed = parseList(text);
    QVERIFY2(parsed.has_value() == good, parsed ? "taken" : qPrintable(parsed.error().text));
}

void TestMailboxGrammar::listValues()
{
    const auto parsed = parseList("* LIST (\\Subscribed \\Sent) \"/\" new (\"OLDNAME\" (old))\r\n");
    QVERIFY(parsed.has_value());
    QCOMPARE(parsed->attributes, (QByteArrayList{"\\Subscribed", "\\Sent"}));
    QCOMPARE(parsed->separator, std::optional<char>('/'));
    QCOMPARE(parsed->mailbox, "new");
    QCOMPARE(parsed->oldName, std::optional<QByteArray>("old"));
}

void TestMailboxGrammar::status_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("good");
    const auto row = [](bool good, const char *text) {
        QTest::newRow(text) << QByteArray("* STATUS " + QByteArray(text) + "\r\n") << good;
    };
    row(true, "a (MESSAGES 1 UIDNEXT 2)");
    row(true, "\"a b\" (UIDVALIDITY 1 UNSEEN 0 HIGHESTMODSEQ 9223372036854775807)");
    row(true, "a (MAILBOXID (M1) DELETED 0 SIZE 0 RECENT 0 APPENDLIMIT 5)");
    row(false, "a ()");
    row(false, "a MESSAGES 1");
    row(false, "a (MESSAGES)");
    row(false, "a (MESSAGES 1 )");
    row(false, "a (MESSAGES 1 MESSAGES 1)");
    row(false, "a (UIDNEXT 0)");
    row(false, "a (UIDVALIDITY 0)");
    row(false, "a (MESSAGES 4294967296)");
    row(false, "a (OTHER 1)");
    row(false, "(MESSAGES 1)");
}

void TestMailboxGrammar::status()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, good);
    const auto parsed = parseStatus(text);
    QVERIFY2(parsed.has_value() == good, parsed ? "taken" : qPrintable(parsed.error().text));
}

void TestMailboxGrammar::badEvent()
{
    QVERIFY(parseBadEvent(badEventCode()).has_value()); // of the server
    QVERIFY(parseBadEvent("BADEVENT (MessageNew)").has_value());
    for (const char *wrong : {"BADEVENT",
                              "BADEVENT ()",
                              "BADEVENT MessageNew",
                              "BADEVENT (MessageNew MessageNew)",
                              "BADEVENT (MessageNew  FlagChange)",
                              "BADEVENT (SomethingNew)",
                              "BADEVENT (MessageNew) "}) {
        QVERIFY2(!parseBadEvent(wrong), wrong);
    }
}

void TestMailboxGrammar::everyCutIsAnError()
{
    const QByteArray list = "* LIST (\\Subscribed) \"/\" \"a b\" (\"OLDNAME\" ({1}\r\nc))\r\n";
    const QByteArray status = "* STATUS {1}\r\na (MESSAGES 10 MAILBOXID (M1))\r\n";
    QVERIFY(parseList(list));
    QVERIFY(parseStatus(status));
    for (qsizetype size = 0; size < list.size(); ++size) {
        QVERIFY2(!parseList(list.first(size)), qPrintable(QString::number(size)));
    }
    for (qsizetype size = 0; size < status.size(); ++size) {
        QVERIFY2(!parseStatus(status.first(size)), qPrintable(QString::number(size)));
    }
}

QTEST_GUILESS_MAIN(TestMailboxGrammar)
#include "tst_mailboxgrammar.moc"
