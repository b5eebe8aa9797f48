#include "importtest.h"

#include "app/import/gmaillabels.h"
#include "app/import/takeoutsource.h"

using namespace Postnook;
using namespace Postnook::Test;
using namespace Qt::StringLiterals;

// Google Takeout: what labels say, and whose files are taken for its.
class TestTakeoutSource : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void labels_data();
    void labels();
    void placing_data();
    void placing();
    void folder();
    void belowARoot();
    void mapped();
    void keysByContent();
    void keysWhenLabelsChange();
    void recognised_data();
    void recognised();

private:
    QList<ImportItem> read(const QByteArray &labels, const MailboxNaming &naming = {}) const
    {
        const QString path =
            m_tree.write(u"x"_s,
                         "From 17@xxx Mon Jan 01 10:00:00 +0000 2024\r\nX-Gmail-Labels: " + labels
                             + "\r\nSubject: x\r\n\r\ny\r\n");
        TakeoutSource source(path, naming, Limits);
        return itemsOf(source);
    }

    const Tree m_tree{};
};

namespace
{

QList<ImportItem> itemsOfSample(const MailboxNaming &naming)
{
    SourceFinder finder(naming);
    finder.findIn(dataPath(u"takeout"_s));
    return itemsFound(finder);
}

} // namespace

void TestTakeoutSource::labels_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QStringList>("labels");
    const auto row = [](const char *title, const char *value, const QStringList &labels) {
        QTest::newRow(title) << QByteArray(value) << labels;
    };
    row("plain", "Inbox,Opened,Category Updates", {u"Inbox"_s, u"Opened"_s, u"Category Updates"_s});
    row("folded", "Inbox,\r\n Category\r\n Updates", {u"Inbox"_s, u"Category Updates"_s});
    row("quoted", "Sent,\"Trips, 2023\",a", {u"Sent"_s, u"Trips, 2023"_s, u"a"_s});
    row("quotes in quotes", "\"say \"\"hi\"\"\",b", {u"say \"hi\""_s, u"b"_s});
    row("encoded",
        "=?UTF-8?Q?Archiviert,Ge=C3=B6ffnet,Kategorie:_=22=22Pers=C3=B6nlich=22=22?=",
        {u"Archiviert"_s, u"Ge\u00f6ffnet"_s, u"Kategorie: Pers\u00f6nlich"_s});
    row("encoded and folded within a word",
        "=?UTF-8?Q?Bo=C3=AEte_de_r=C3=A9ception,Cat=C3=A9gorie=C2=A0:_E-mails_?=\r\n"
        " =?UTF-8?Q?personnels,\"Culture,_associations\"?=",
        {u"Bo\u00eete de r\u00e9ception"_s,
         u"Cat\u00e9gorie\u00a0: E-mails personnels"_s,
         u"Culture, associations"_s});
    row("empty", "", {});
    row("empty ones", " , a,, ", {u"a"_s});
    row("open quote", "a,\"b,c", {u"a"_s, u"b,c"_s});
}

void TestTakeoutSource::labels()
{
    QFETCH(QByteArray, value);
    QFETCH(QStringList, labels);
    QCOMPARE(gmailLabels(value), labels);
}

void TestTakeoutSource::placing_data()
{
    QTest::addColumn<QString>("labels");
    QTest::addColumn<QList<QStringList>>("mailboxes");
    QTest::addColumn<MessageFlags>("flags");
    const auto row = [](const char *title,
                        const char *labels,
                        const QList<QStringList> &mailboxes,
                        SystemFlags system,
                        const QByteArrayList &keywords = {}) {
        QTest::newRow(title) << QString::fromUtf8(labels) << mailboxes
                             << MessageFlags{system, keywords};
    };
    const auto seen = SystemFlag::Seen;
    const QStringList inbox;
    row("none", "", {{u"Archive"_s}}, seen);
    row("inbox", "Inbox|Opened", {inbox}, seen);
    row("inbox, unread", "Inbox|Unread", {inbox}, {});
    row("archived", "Archived|Opened|Important", {{u"Archive"_s}}, seen, {"$Important"});
    row("own labels first, the inbox last",
        "Inbox|b/c|Sent|a",
        {{u"a"_s}, {u"b"_s, u"c"_s}, {u"Sent"_s}, inbox},
        seen);
    row("own label, archived", "Archived|Work|Work", {{u"Work"_s}}, seen);
    row("starred draft",
        "Draft|Starred",
        {{u"Drafts"_s}},
        seen | SystemFlag::Flagged | SystemFlag::Draft);
    row("trash alone", "Trash|Work|Inbox|Unread", {{u"Trash"_s}}, {});
    row("spam alone", "Spam|Work", {{u"Junk"_s}}, seen);
    row("categories",
        "Inbox|Category Promotions|Category theory",
        {{u"Category theory"_s}, inbox},
        seen,
        {"Category-Promotions"});
    row("keywords of IMAP",
        "Archived|IMAP_$Forwarded|IMAP_bad (one)|IMAP_\\\\Seen",
        {{u"Archive"_s}},
        seen,
        {"$Forwarded"});
    row("German",
        "Posteingang|Ungelesen|Wichtig|Markiert|Kategorie: \xe2\x80\x9eWerbung\xe2\x80\x9c|Arbeit",
        {{u"Arbeit"_s}, inbox},
        SystemFlag::Flagged,
        {"$Important"});
    row("German, gone",
        "Papierkorb|Ge\xc3\xb6"
        "ffnet",
        {{u"Trash"_s}},
        seen);
    row("French", "Messages envoy\xc3\xa9s|Ouvert", {{u"Sent"_s}}, seen);
    row("French, archived", "Messages archiv\xc3\xa9s|Non lus", {{u"Archive"_s}}, {});
    row("Spanish",
        "Recibidos|No le\xc3\xad"
        "dos|Destacados",
        {inbox},
        SystemFlag::Flagged);
    row("Russian drafts",
        "\xd0\xa7\xd0\xb5\xd1\x80\xd0\xbd\xd0\xbe\xd0\xb2\xd0\xb8\xd0\xba\xd0\xb8",
        {{u"Drafts"_s}},
        seen | SystemFlag::Draft);
}

void TestTakeoutSource::placing()
{
    QFETCH(QString, labels);
    QFETCH(QList<QStringList>, mailboxes);
    QFETCH(MessageFlags, flags);
    const GmailPlacing placing = placeByLabels(labels.split(u'|', Qt::SkipEmptyParts));
    QCOMPARE(placing.mailboxes, mailboxes);
    QCOMPARE(placing.flags, flags);
}

void TestTakeoutSource::folder()
{
    MailboxNaming naming;
    naming.setSpecialMailboxes(usualMailboxes());
    SourceFinder finder(naming);
    finder.findIn(dataPath(u"takeout"_s));
    const auto items = itemsFound(finder);
    QCOMPARE(summariesOf(items),
             QStringList({u"Arbeit/B\u00fcro: both ()"_s,
                          u"Archive: archived (S)"_s,
                          u"Drafts: draft (ST)"_s,
                          u"INBOX: both ()"_s,
                          u"INBOX: both ()"_s,
                          u"INBOX: fr ( $Forwarded)"_s,
                          u"INBOX: in (S $Important Category-Updates)"_s,
                          u"Junk: spam ()"_s,
                          u"Sent: trip (FS)"_s,
                          u"Sent: trip (FS)"_s,
                          u"Trash: gone ()"_s,
                          u"Trips, 2023: trip (FS)"_s,
                          u"Trips, 2023: trip (FS)"_s,
                          u"Work: both ()"_s}));
    // What is in two files of one Takeout comes once: "trip" in two mailboxes, "both" in INBOX;
    // its other label has changed in between, and nobody can tell which of them is the new one.
    const auto keys = keysOf(items);
    QCOMPARE(QSet<QByteArray>(keys.begin(), keys.end()).size(), items.size() - 4);
    QCOMPARE(skippedBelow(dataPath(u"takeout"_s), finder),
             QStringList{u"Takeout/archive_browser.html: it is no mail file"_s});
    QVERIFY(bytesOf(items).first().contains("X-Gmail-Labels: Inbox,"));
    QCOMPARE(*items.first().date, InternalDate({1'704'189'600, 0}));
}

void TestTakeoutSource::belowARoot()
{
    const auto summaries = summariesOf(itemsOfSample(*MailboxNaming::below(u"Gmail"_s)));
    QVERIFY(summaries.contains(u"Gmail: in (S $Important Category-Updates)"_s));
    QVERIFY(summaries.contains(u"Gmail/Sent: trip (FS)"_s));
    QVERIFY(summaries.contains(u"Gmail/Arbeit/B\u00fcro: both ()"_s));
}

// Two labels that a map makes one mailbox of.
void TestTakeoutSource::mapped()
{
    MailboxNaming naming;
    QVERIFY(naming.addMap(u"Work=INBOX"_s));
    QCOMPARE(summariesOf(read("Inbox,Work", naming)), QStringList{u"INBOX: x (S)"_s});
}

void TestTakeoutSource::keysByContent()
{
    const auto keys = keysOf(read("Inbox,Work"));
    QCOMPARE(keys.size(), 2);
    QVERIFY(keys.at(0) != keys.at(1));
    // Wherever the file is.
    QVERIFY(QFile::rename(m_tree.path(u"x"_s), m_tree.path(u"other"_s)));
    TakeoutSource source(m_tree.path(u"other"_s), {}, Limits);
    QCOMPARE(keysOf(itemsOf(source)), keys);
}

void TestTakeoutSource::keysWhenLabelsChange()
{
    const auto inbox = keysOf(read("Inbox,Unread"));
    QCOMPARE(keysOf(read("Archived,Opened")), inbox);
    QCOMPARE(keysOf(read("Archived,Opened,Work")), inbox);
    const auto both = keysOf(read("Inbox,Work"));
    QCOMPARE(both.first(), inbox.first()); // it was imported; a copy goes to the other mailbox
    QCOMPARE(keysOf(read("Archived,Work")), both.first(1));
}

void TestTakeoutSource::recognised_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("isTakeout");
    const QByteArray separator = "From 1780000000000000000@xxx Mon Jan 01 10:00:00 +0000 2024\r\n";
    QTest::newRow("labels") << separator + "X-Gmail-Labels: Inbox\r\n\r\n" << true;
    QTest::newRow("thread") << separator + "X-GM-THRID: 1\r\nSubject: x\r\n\r\n" << true;
    QTest::newRow("neither") << separator + "Subject: x\r\n\r\nX-Gmail-Labels: no\r\n" << false;
    // What came out of an account again is an mbox, though the messages had labels once.
    QTest::newRow("another's separator")
        << QByteArray("From ann@example.org Mon Jan  1 10:00:00 2024\nX-Gmail-Labels: Inbox\n\n")
        << false;
    QTest::newRow("nothing") << QByteArray() << false;
}

void TestTakeoutSource::recognised()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, isTakeout);
    const QFileInfo file(m_tree.write(u"y.mbox"_s, bytes));
    QCOMPARE(Postnook::isTakeout(file, false), isTakeout);
}

QTEST_GUILESS_MAIN(TestTakeoutSource)
#include "tst_takeoutsource.moc"
