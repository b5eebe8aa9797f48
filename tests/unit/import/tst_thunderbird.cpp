#include "importtest.h"

#include "app/import/thunderbirdprefs.h"

using namespace Postnook;
using namespace Postnook::Test;
using namespace Qt::StringLiterals;

class TestThunderbird : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void prefs();
    void profiles();
    void parts_data();
    void parts();
    void severalAccounts();
    void localFoldersAlone();
    void profileElsewhere();
    void withoutPrefs();
    void whatIsPassedOver();
    void keysOfMaildirsStay();

private:
    QList<ImportItem> find(const QString &path, const QString &root = {});
    void writeMailbox(const QString &path, const char *subject) const;

    Tree m_tree;
    MailboxNaming m_naming;
    QStringList m_skipped;
};

QList<ImportItem> TestThunderbird::find(const QString &path, const QString &root)
{
    m_naming = root.isEmpty() ? MailboxNaming() : *MailboxNaming::below(root);
    m_naming.setSpecialMailboxes(usualMailboxes());
    SourceFinder finder(m_naming);
    finder.findIn(path);
    m_skipped = skippedBelow(path, finder);
    return itemsFound(finder);
}

void TestThunderbird::writeMailbox(const QString &path, const char *subject) const
{
    m_tree.write(path,
                 QByteArray("From - Mon Jan  1 10:00:00 2024\nSubject: ") + subject + "\n\ny\n");
    m_tree.write(path + u".msf"_s, "x");
}

void TestThunderbird::prefs()
{
    const auto servers = thunderbirdServers(
        "// user_pref(\"mail.server.server9.directory\", \"/no\");\n"
        "user_pref(\"mail.server.server1.directory-rel\", \"[ProfD]../other/Mail\");\n"
        "user_pref(\"mail.server.server1.type\", \"pop3\");\n"
        "user_pref(\"mail.server.server1.userName\", \"ann\");\n"
        "user_pref(\"mail.server.server1.hostname\", \"pop.example.org\");\n"
        "user_pref(\"mail.server.server1.check_new_mail\", true);\n"
        "user_pref(\"mail.server.server2.directory\", \"/absolute/\\u00fc \\\"x\\\"\");\r\n"
        "  user_pref(\"mail.server.server2.name\",   \"Work \\\\ home\");\n"
        "user_pref(\"mail.server.server3.type\", \"imap\");\n",
        u"/home/ann/profile"_s);
    QCOMPARE(servers.size(), 2);
    QCOMPARE(servers.at(0).folder, u"/home/ann/other/Mail"_s);
    QCOMPARE(servers.at(0).name, u"ann@pop.example.org"_s);
    QCOMPARE(servers.at(0).type, u"pop3"_s);
    QCOMPARE(servers.at(1).folder, u"/absolute/\u00fc \"x\""_s);
    QCOMPARE(servers.at(1).name, u"Work \\ home"_s);
}

// One account, what was kept locally, and what is left of an account that was removed.
void TestThunderbird::profiles()
{
    const auto items = find(dataPath(u"thunderbird"_s));
    QCOMPARE(summariesOf(items),
             QStringList({u"Archive/2023: archived (S)"_s,
                          u"Drafts: draft (FS $label5)"_s,
                          u"INBOX/Lists: list (AS)"_s,
                          u"INBOX: one (S $Forwarded $label2 todo)"_s,
                          u"INBOX: two ( $MDNSent)"_s,
                          u"Local Folders/Inbox: local (S)"_s,
                          u"Maildir: in a file (S $label1)"_s,
                          u"Sent-1: sent one (S)"_s,
                          u"Sent: sent (S)"_s,
                          u"pop.old.example.org/Inbox: left behind (S)"_s,
                          u"skipped: it was deleted, and the file not compacted since"_s,
                          u"skipped: only its beginning was fetched from the server"_s}));
    const QString profile = u"Profiles/a1b2c3d4.default-release/"_s;
    const QString own = u": Thunderbird's own or empty files in it: "_s;
    QCOMPARE(
        m_skipped,
        QStringList({profile + u"ImapMail/imap.example.org/notes of mine: it is no mail file"_s,
                     profile + u"ImapMail/imap.example.org"_s + own + u"10"_s,
                     profile + u"Mail/Local Folders"_s + own + u"3"_s,
                     profile + u"Mail/pop.old.example.org"_s + own + u"2"_s}));
    // The new form of mbox: quoted, no date in its separator, CRLF.
    for (const ImportItem &item : items) {
        if (item.bytes.contains("Subject: two\r\n")) {
            QVERIFY(item.bytes.endsWith("\r\n\r\nFrom here on\r\n\r\nFrom there\r\n"));
            QCOMPARE(*item.date, InternalDate({1'704'099'600, 60}));
        }
    }
}

void TestThunderbird::parts_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("root");
    QTest::addColumn<QString>("found");
    const QString profile = u"thunderbird/Profiles/a1b2c3d4.default-release"_s;
    QTest::newRow("profile") << profile << u""_s << u"INBOX: two ( $MDNSent)"_s;
    QTest::newRow("profile, root") << profile << u"Old"_s << u"Old/Sent Items: sent (S)"_s;
    QTest::newRow("ImapMail") << profile + u"/ImapMail"_s << u""_s
                              << u"Drafts: draft (FS $label5)"_s;
    QTest::newRow("Mail") << profile + u"/Mail"_s << u""_s << u"INBOX: left behind (S)"_s;
    QTest::newRow("account") << profile + u"/ImapMail/imap.example.org"_s << u""_s
                             << u"Archive/2023: archived (S)"_s;
    QTest::newRow("folders below one")
        << profile + u"/ImapMail/imap.example.org/INBOX.sbd"_s << u""_s << u"Lists: list (AS)"_s;
    QTest::newRow("one mailbox") << profile + u"/ImapMail/imap.example.org/INBOX"_s << u""_s
                                 << u"INBOX: two ( $MDNSent)"_s;
}

void TestThunderbird::parts()
{
    QFETCH(QString, path);
    QFETCH(QString, root);
    QFETCH(QString, found);
    const auto summaries = summariesOf(find(dataPath(path), root));
    QVERIFY2(summaries.contains(found), qPrintable(summaries.join(u'\n')));
}

void TestThunderbird::severalAccounts()
{
    m_tree.write(
        u"several/prefs.js"_s,
        "user_pref(\"mail.server.server1.directory-rel\", \"[ProfD]Mail/pop.example.org\");\n"
        "user_pref(\"mail.server.server1.name\", \"ann@example.org\");\n"
        "user_pref(\"mail.server.server1.type\", \"pop3\");\n"
        "user_pref(\"mail.server.server2.directory-rel\", \"[ProfD]ImapMail/imap\");\n"
        "user_pref(\"mail.server.server2.name\", \"otto/work\");\n"
        "user_pref(\"mail.server.server2.type\", \"imap\");\n"
        "user_pref(\"mail.server.server3.directory-rel\", \"[ProfD]Mail/Feeds\");\n"
        "user_pref(\"mail.server.server3.name\", \"Blogs\");\n"
        "user_pref(\"mail.server.server3.type\", \"rss\");\n");
    writeMailbox(u"several/Mail/pop.example.org/Inbox"_s, "one");
    writeMailbox(u"several/ImapMail/imap/INBOX"_s, "two");
    writeMailbox(u"several/ImapMail/imap/Sent"_s, "three");
    writeMailbox(u"several/Mail/Feeds/News"_s, "four");
    QCOMPARE(summariesOf(find(m_tree.path(u"several"_s))),
             QStringList({u"Blogs/News: four ()"_s,
                          u"ann@example.org/Inbox: one ()"_s,
                          u"otto_work/INBOX: two ()"_s,
                          u"otto_work/Sent: three ()"_s}));
}

void TestThunderbird::localFoldersAlone()
{
    m_tree.write(u"local/prefs.js"_s, "");
    writeMailbox(u"local/Mail/Local Folders/Inbox"_s, "one");
    writeMailbox(u"local/Mail/Local Folders/R&AOk-sum"_s, "two");
    m_tree.makeFolder(u"local/ImapMail/imap.example.org"_s);
    QCOMPARE(summariesOf(find(m_tree.path(u"local"_s))),
             QStringList({u"INBOX: one ()"_s, u"R&AOk-sum: two ()"_s}));
}

void TestThunderbird::profileElsewhere()
{
    const Tree elsewhere;
    elsewhere.write(u"prefs.js"_s, "");
    elsewhere.write(u"Mail/a/Inbox"_s, "From -\nSubject: far\n\ny\n");
    m_tree.write(u"root/profiles.ini"_s,
                 "[Profile0]\r\nIsRelative=0\r\nPath=" + elsewhere.path().toUtf8() + "\r\n");
    QCOMPARE(summariesOf(find(m_tree.path(u"root"_s))), QStringList{u"INBOX: far ()"_s});
}

void TestThunderbird::withoutPrefs()
{
    writeMailbox(u"bare/ImapMail/one/INBOX"_s, "one");
    writeMailbox(u"bare/ImapMail/two/INBOX"_s, "two");
    // A folder like any other, with one of Thunderbird's in it.
    QCOMPARE(summariesOf(find(m_tree.path(u"bare"_s))),
             QStringList({u"ImapMail/one/INBOX: one ()"_s, u"ImapMail/two/INBOX: two ()"_s}));
}

void TestThunderbird::whatIsPassedOver()
{
    writeMailbox(u"odd/Inbox"_s, "one");
    m_tree.write(u"odd/nstmp"_s, "From -\nSubject: once more\n\ny\n");
    m_tree.write(u"odd/Inbox.mozmsgs/1.wdseml"_s, "Subject: for the desktop\n\ny\n");
    m_tree.write(u"odd/filterlog.html"_s, "log");
    m_tree.write(u"odd/foreign/1.eml"_s, "Subject: x\n\ny\n");
    m_tree.write(u"odd/named.dat"_s, "From -\nSubject: in a mailbox all the same\n\ny\n");
    QCOMPARE(summariesOf(find(m_tree.path(u"odd"_s))),
             QStringList({u"INBOX: one ()"_s, u"named.dat: in a mailbox all the same ()"_s}));
    QCOMPARE(m_skipped,
             QStringList({u".: Thunderbird's own or empty files in it: 4"_s,
                          u"foreign: it is no mail folder of Thunderbird's"_s}));
}

// Flags change within the file.
void TestThunderbird::keysOfMaildirsStay()
{
    m_tree.write(u"dirs/A.msf"_s, "x");
    m_tree.write(u"dirs/A/cur/1"_s, "X-Mozilla-Status: 0000\nSubject: x\n\ny\n");
    const auto before = keysOf(find(m_tree.path(u"dirs"_s)));
    m_tree.write(u"dirs/A/cur/1"_s, "X-Mozilla-Status: 0001\nSubject: x\n\ny\n");
    m_tree.write(u"dirs/A/cur/2"_s, "X-Mozilla-Status: 0001\nSubject: x\n\ny\n");
    const auto after = keysOf(find(m_tree.path(u"dirs"_s)));
    QCOMPARE(before.size(), 1);
    QCOMPARE(after.size(), 2);
    QCOMPARE(after.at(0), before.at(0));
    QVERIFY(after.at(1) != before.at(0));
}

QTEST_GUILESS_MAIN(TestThunderbird)
#include "tst_thunderbird.moc"
