#include "app/import/mailboxnaming.h"

#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestMailboxNaming : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void names_data();
    void names();
    void maps_data();
    void maps();
    void unusedMaps();
    void badMaps_data();
    void badMaps();
    void usualNames_data();
    void usualNames();
    void tooLong();
    void badRoots_data();
    void badRoots();
    void utf7_data();
    void utf7();
};

void TestMailboxNaming::names_data()
{
    QTest::addColumn<QString>("root");
    QTest::addColumn<QStringList>("levels");
    QTest::addColumn<QString>("name");
    const auto row = [](const char *title, const char *root, QStringList levels, QString name) {
        QTest::newRow(title) << QString::fromUtf8(root) << levels << name;
    };
    row("nothing", "", {}, u"INBOX"_s);
    row("levels", "", {u"Work"_s, u"2024"_s}, u"Work/2024"_s);
    row("inbox in any case", "", {u"Inbox"_s, u"a"_s}, u"INBOX/a"_s);
    row("root", "Old", {}, u"Old"_s);
    row("root with levels", "Old/Mail", {u"Work"_s}, u"Old/Mail/Work"_s);
    row("root is inbox", "inbox", {u"a"_s}, u"INBOX/a"_s);
    row("umlauts", "", {u"Entw\u00fcrfe & mehr"_s}, u"Entw\u00fcrfe & mehr"_s);
    row("decomposed", "", {u"u\u0308"_s}, u"\u00fc"_s);
    row("percent coding", "", {u"a%3Ab"_s, u"%C3%A9%"_s, u"%2F%zz"_s}, u"a:b/é_/__zz"_s);
    row("percent coding of no UTF-8", "", {u"%FFx"_s}, u"_FFx"_s);
    row("wildcards", "", {u"100%*"_s}, u"100__"_s);
    row("separator in a level", "", {u"a/b"_s}, u"a_b"_s);
    row("control characters", "", {u"a\tb\x7f\u0085\u2028"_s}, u"a_b___"_s);
    row("empty level", "", {u""_s, u"a"_s}, u"_/a"_s);
}

void TestMailboxNaming::names()
{
    QFETCH(QString, root);
    QFETCH(QStringList, levels);
    QFETCH(QString, name);
    MailboxNaming naming;
    if (!root.isEmpty()) {
        const auto below = MailboxNaming::below(root);
        QVERIFY(below);
        naming = *below;
    }
    QCOMPARE(naming.hasRoot(), !root.isEmpty());
    const auto made = naming.nameFor(levels);
    QVERIFY(made);
    QCOMPARE(QString::fromUtf8(made->utf8), name);
}

void TestMailboxNaming::maps_data()
{
    QTest::addColumn<QStringList>("maps");
    QTest::addColumn<QStringList>("levels");
    QTest::addColumn<QString>("name");
    const auto row = [](const char *title, QStringList maps, QStringList levels, const char *name) {
        QTest::newRow(title) << maps << levels << QString::fromUtf8(name);
    };
    row("none", {}, {u"Old"_s}, "Old");
    row("whole name", {u"Old=New"_s}, {u"Old"_s}, "New");
    row("below", {u"Old=New/Place"_s}, {u"Old"_s, u"a"_s, u"b"_s}, "New/Place/a/b");
    row("begins alike", {u"Old=New"_s}, {u"Older"_s}, "Older");
    row("deeper one", {u"a/b=c"_s}, {u"a"_s, u"b"_s}, "c");
    row("above it", {u"a/b=c"_s}, {u"a"_s}, "a");
    row("longest counts", {u"a=x"_s, u"a/b=y"_s, u"a=z"_s}, {u"a"_s, u"b"_s, u"c"_s}, "y/c");
    row("not again", {u"a=b"_s, u"b=c"_s}, {u"a"_s}, "b");
    row("inbox", {u"Inbox=Old"_s}, {}, "Old");
    row("to inbox", {u"Mail=inbox"_s}, {u"Mail"_s}, "INBOX");
    row("umlauts", {u"u\u0308=v"_s}, {u"\u00fc"_s}, "v");
    row("equals sign", {u"a=b=c"_s}, {u"a"_s}, "b=c");
}

void TestMailboxNaming::maps()
{
    QFETCH(QStringList, maps);
    QFETCH(QStringList, levels);
    QFETCH(QString, name);
    MailboxNaming naming;
    for (const QString &map : maps) {
        QVERIFY(naming.addMap(map));
    }
    QCOMPARE(QString::fromUtf8(naming.nameFor(levels)->utf8), name);
}

void TestMailboxNaming::unusedMaps()
{
    MailboxNaming naming;
    for (const QString &map : {u"Work=a"_s, u"Work/2024=b"_s, u"Wrok=c"_s, u"Wor=d"_s}) {
        QVERIFY(naming.addMap(map));
    }
    const MailboxNaming copy = naming;
    QCOMPARE(copy.nameFor({u"Work"_s, u"2024"_s})->utf8, QByteArray("b"));
    QCOMPARE(naming.unusedMaps(), QStringList({u"Wrok=c"_s, u"Wor=d"_s}));
}

void TestMailboxNaming::badMaps_data()
{
    QTest::addColumn<QString>("map");
    for (const QString &map : {u"Old"_s, u"=New"_s, u"Old="_s, u"a*=b"_s, u"a=b//c"_s}) {
        QTest::newRow(qPrintable(map)) << map;
    }
}

void TestMailboxNaming::badMaps()
{
    QFETCH(QString, map);
    QVERIFY(!MailboxNaming().addMap(map));
}

void TestMailboxNaming::usualNames_data()
{
    QTest::addColumn<QString>("root");
    QTest::addColumn<QStringList>("levels");
    QTest::addColumn<QString>("name");
    const auto row = [](const char *title, const char *root, QStringList levels, const char *name) {
        QTest::newRow(title) << QString::fromUtf8(root) << levels << QString::fromUtf8(name);
    };
    row("own", "", {u"Work"_s}, "Work");
    row("nothing", "", {}, "INBOX");
    row("sent", "", {u"Sent Items"_s}, "Gesendet");
    row("below", "", {u"Archives"_s, u"2023"_s}, "Archiv/2023");
    row("below inbox", "", {u"INBOX"_s, u"Trash"_s, u"old"_s}, "INBOX/M\u00fcll/old");
    row("of Gmail", "", {u"[Gmail]"_s, u"Sent Mail"_s}, "Gesendet");
    row("of an account", "", {u"ann@example.org"_s, u"Sent"_s}, "ann@example.org/Sent");
    row("that the account has not", "", {u"Junk"_s}, "Junk");
    row("below a root", "Old", {u"Sent"_s}, "Old/Sent");
    row("then mapped", "", {u"Drafts"_s}, "Mapped");
}

void TestMailboxNaming::usualNames()
{
    QFETCH(QString, root);
    QFETCH(QStringList, levels);
    QFETCH(QString, name);
    MailboxNaming naming = root.isEmpty() ? MailboxNaming() : *MailboxNaming::below(root);
    naming.setSpecialMailboxes({{SpecialUse::Sent, MailboxName("Gesendet")},
                                {SpecialUse::Archive, MailboxName("Archiv")},
                                {SpecialUse::Drafts, MailboxName("Entw\u00fcrfe")},
                                {SpecialUse::Trash, MailboxName("INBOX/M\u00fcll")}});
    QVERIFY(naming.addMap(u"Entw\u00fcrfe=Mapped"_s));
    QCOMPARE(QString::fromUtf8(naming.usualNameFor(levels)->utf8), name);
}

void TestMailboxNaming::tooLong()
{
    const auto made = MailboxNaming().nameFor({QString(1001, u'a')});
    QVERIFY(!made);
    QVERIFY(made.error().text.contains(u"cannot be the name of a mailbox"_s));
}

void TestMailboxNaming::badRoots_data()
{
    QTest::addColumn<QString>("root");
    for (const QString &root : {u"a//b"_s, u"/a"_s, u"50%"_s, u"a*"_s, u"a\nb"_s}) {
        QTest::newRow(qPrintable(root)) << root;
    }
}

void TestMailboxNaming::badRoots()
{
    QFETCH(QString, root);
    QVERIFY(!MailboxNaming::below(root));
}

void TestMailboxNaming::utf7_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("level");
    QTest::newRow("umlaut") << u"Entw&APw-rfe"_s << u"Entw\u00fcrfe"_s;
    QTest::newRow("ampersand") << u"A&-B"_s << u"A&B"_s;
    QTest::newRow("none") << u"AT&T"_s << u"AT&T"_s;
    QTest::newRow("UTF-8") << u"Entw\u00fcrfe"_s << u"Entw\u00fcrfe"_s;
}

void TestMailboxNaming::utf7()
{
    QFETCH(QString, text);
    QFETCH(QString, level);
    QCOMPARE(levelFromUtf7(text), level);
}

QTEST_GUILESS_MAIN(TestMailboxNaming)
#include "tst_mailboxnaming.moc"
