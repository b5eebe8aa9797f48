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
