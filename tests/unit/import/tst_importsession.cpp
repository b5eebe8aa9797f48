#include "app/import/accountmailboxes.h"
#include "app/import/importsession.h"

#include <QTest>

using namespace Postnook;

class TestImportSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void appendedCount_data();
    void appendedCount();
    void accountMailboxes();
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

void TestImportSession::accountMailboxes()
{
    const auto mailboxes =
        accountMailboxesFrom({"LIST (\\HasNoChildren) \"/\" INBOX",
                              "LIST (\\HasNoChildren \\Sent) \"/\" \"Gesendete Post\"",
                              "LIST (\\drafts) \"/\" Entw&APw-rfe",
                              "LIST (\\NonExistent \\HasChildren) \"/\" gone",
                              "LIST () \"/\" {3}\r\na b",
                              "LIST (broken \"/\" x",
                              "STATUS INBOX (MESSAGES 1)"});
    QCOMPARE(mailboxes.names,
             QSet<MailboxName>({MailboxName("INBOX"),
                                MailboxName("Gesendete Post"),
                                MailboxName("Entw\xc3\xbcrfe"),
                                MailboxName("a b")}));
    QCOMPARE(mailboxes.byUse,
             (QMap<SpecialUse, MailboxName>{{SpecialUse::Sent, MailboxName("Gesendete Post")},
                                            {SpecialUse::Drafts, MailboxName("Entw\xc3\xbcrfe")}}));
}

QTEST_GUILESS_MAIN(TestImportSession)
#include "tst_importsession.moc"
