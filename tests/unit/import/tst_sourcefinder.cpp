#include "importtest.h"

#include <QProcess>

using namespace Postnook;
using namespace Postnook::Test;
using namespace Qt::StringLiterals;

// What is found where, and which mailbox it goes to.
class TestSourceFinder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void givenFiles_data();
    void givenFiles();
    void folders_data();
    void folders();
    void maildirs_data();
    void maildirs();
    void foreignFiles();
    void links();
    void pipe();
    void unreadable();
    void sizes();

private:
    void find(const QString &path, const QString &root);

    std::unique_ptr<Tree> m_tree;
    MailboxNaming m_naming;
    std::unique_ptr<SourceFinder> m_finder;
    QStringList m_found; // "mailbox: subject"
    QStringList m_skipped; // "path below the tree: reason"
};

namespace
{

QByteArray message(const char *subject)
{
    return QByteArray("Subject: ") + subject + "\n\ntext\n";
}

QByteArray mbox(const char *subject)
{
    return "From ann Mon Jan  1 10:00:00 2024\n" + message(subject);
}

void addRootColumn()
{
    QTest::addColumn<QString>("root");
    QTest::addColumn<QStringList>("found");
}

} // namespace

void TestSourceFinder::init()
{
    m_tree = std::make_unique<Tree>();
    m_found.clear();
    m_skipped.clear();
}

void TestSourceFinder::find(const QString &path, const QString &root)
{
    m_naming = root.isEmpty() ? MailboxNaming() : *MailboxNaming::below(root);
    m_finder = std::make_unique<SourceFinder>(m_naming);
    m_finder->findIn(path);
    for (const ImportItem &item : itemsFound(*m_finder)) {
        m_found.append(QString::fromUtf8(item.mailbox.utf8 + ": "
                                         + item.bytes.left(item.bytes.indexOf('\r')).mid(9)));
    }
    m_found.sort();
    for (const ImportItem &item : m_finder->skipped()) {
        m_skipped.append(QDir(m_tree->path()).relativeFilePath(item.origin) + u": "_s
                         + item.skipReason);
    }
    m_skipped.sort();
}

void TestSourceFinder::givenFiles_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    addRootColumn();
    QTest::newRow("eml") << u"a.eml"_s << message("x") << u""_s << QStringList{u"INBOX: x"_s};
    QTest::newRow("eml, root") << u"a.eml"_s << message("x") << u"Old"_s
                               << QStringList{u"Old: x"_s};
    QTest::newRow("message") << u"a.1"_s << message("x") << u""_s << QStringList{u"INBOX: x"_s};
    QTest::newRow("mbox") << u"Work.mbox"_s << mbox("x") << u""_s << QStringList{u"Work: x"_s};
    QTest::newRow("mbox, root") << u"Work.mbox"_s << mbox("x") << u"Old"_s
                                << QStringList{u"Old: x"_s};
    QTest::newRow("mbox by content")
        << u"a.2024"_s << mbox("x") << u""_s << QStringList{u"a.2024: x"_s};
    QTest::newRow("Inbox") << u"Inbox"_s << mbox("x") << u""_s << QStringList{u"INBOX: x"_s};
    QTest::newRow("foreign") << u"a.txt"_s << QByteArray("text") << u""_s << QStringList();
}

void TestSourceFinder::givenFiles()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, root);
    QFETCH(QStringList, found);
    find(m_tree->write(name, bytes), root);
    QCOMPARE(m_found, found);
    QCOMPARE(m_skipped,
             found.isEmpty() ? QStringList{u"a.txt: it is no mail file"_s} : QStringList());
}

void TestSourceFinder::folders_data()
{
    addRootColumn();
    QTest::newRow("no root") << u""_s
                             << QStringList{u"INBOX: top"_s,
                                            u"Lists/a_b: sub"_s,
                                            u"Lists/old: mbox"_s,
                                            u"box: mbox"_s};
    QTest::newRow("root") << u"Old"_s
                          << QStringList{u"Old/Lists/a_b: sub"_s,
                                         u"Old/Lists/old: mbox"_s,
                                         u"Old/box: mbox"_s,
                                         u"Old: top"_s};
}

void TestSourceFinder::folders()
{
    QFETCH(QString, root);
    QFETCH(QStringList, found);
    m_tree->write(u"1.eml"_s, message("top"));
    m_tree->write(u"box.mbox"_s, mbox("mbox"));
    m_tree->write(u"Lists/old"_s, mbox("mbox"));
    m_tree->write(u"Lists/a%b/1.eml"_s, message("sub"));
    m_tree->makeFolder(u"empty"_s);
    find(m_tree->path(), root);
    QCOMPARE(m_found, found);
    QCOMPARE(m_skipped, QStringList());
}

void TestSourceFinder::maildirs_data()
{
    addRootColumn();
    QTest::newRow("no root") << u""_s
                             << QStringList{u"Entw\u00fcrfe: dotted"_s,
                                            u"INBOX: top"_s,
                                            u"Nested/deep: nested"_s,
                                            u"Work/2024: dotted"_s};
    QTest::newRow("root") << u"Old"_s
                          << QStringList{u"Old/Entw\u00fcrfe: dotted"_s,
                                         u"Old/Nested/deep: nested"_s,
                                         u"Old/Work/2024: dotted"_s,
                                         u"Old: top"_s};
}

void TestSourceFinder::maildirs()
{
    QFETCH(QString, root);
    QFETCH(QStringList, found);
    for (const QString &folder :
         {u""_s, u".Work.2024/"_s, u".Entw&APw-rfe/"_s, u"Nested/deep/"_s}) {
        for (const QString &part : {u"cur"_s, u"new"_s, u"tmp"_s}) {
            m_tree->makeFolder(folder + part);
        }
    }
    m_tree->write(u"new/1.a"_s, message("top"));
    m_tree->write(u".Work.2024/cur/2.b"_s, message("dotted"));
    m_tree->write(u".Entw&APw-rfe/cur/3.c"_s, message("dotted"));
    m_tree->write(u"Nested/deep/cur/4.d"_s, message("nested"));
    // What Dovecot, Courier and others keep there.
    m_tree->write(u"dovecot.index.log"_s, message("no"));
    m_tree->write(u"subscriptions"_s, "Work.2024\n");
    m_tree->write(u".Work.2024/maildirfolder"_s, "");
    m_tree->write(u"tmp/5.e"_s, message("half"));
    m_tree->write(u"cur/.nfs01"_s, message("no"));
    m_tree->makeFolder(u".cache"_s);
    find(m_tree->path(), root);
    QCOMPARE(m_found, found);
    const QString foreign = u": it belongs to the program that keeps the Maildir"_s;
    QCOMPARE(m_skipped,
             QStringList({u".Work.2024/maildirfolder"_s + foreign,
                          u".cache"_s + foreign,
                          u"cur/.nfs01: it is no message of the Maildir"_s,
                          u"dovecot.index.log"_s + foreign,
                          u"subscriptions"_s + foreign,
                          u"tmp/5.e: its delivery has not ended"_s}));
}

void TestSourceFinder::foreignFiles()
{
    m_tree->write(u"notes.txt"_s, "Subject: looks like mail, but nobody said so\n\n");
    m_tree->write(u"empty"_s, "");
    m_tree->write(u"empty.mbox"_s, "");
    m_tree->write(u".DS_Store"_s, QByteArray(100, '\0'));
    find(m_tree->path(), {});
    QCOMPARE(m_found, QStringList());
    QCOMPARE(m_skipped,
             QStringList({u".DS_Store: it is no mail file"_s,
                          u"empty: it is empty"_s,
                          u"notes.txt: it is no mail file"_s}));
}

void TestSourceFinder::links()
{
#ifdef Q_OS_WIN
    QSKIP("links need rights there");
#endif
    m_tree->write(u"a/1.eml"_s, message("x"));
    QVERIFY(QFile::link(m_tree->path(u"a"_s), m_tree->path(u"a/loop"_s)));
    QVERIFY(QFile::link(m_tree->path(), m_tree->path(u"up"_s)));
    QVERIFY(QFile::link(m_tree->path(u"gone"_s), m_tree->path(u"dangling.eml"_s)));
    const Tree elsewhere;
    elsewhere.write(u"2.eml"_s, message("far"));
    QVERIFY(QFile::link(elsewhere.path(), m_tree->path(u"far"_s)));
    find(m_tree->path(), {});
    QCOMPARE(m_found, QStringList({u"a: x"_s, u"far: far"_s}));
    QCOMPARE(m_skipped.size(), 3);
    QVERIFY(m_skipped.at(0).startsWith(u"a/loop: it is the folder "_s));
    QCOMPARE(m_skipped.at(1), u"dangling.eml: it is a link to nothing"_s);
    QVERIFY(m_skipped.at(2).startsWith(u"up: it is the folder "_s));
}

void TestSourceFinder::pipe()
{
#ifdef Q_OS_WIN
    QSKIP("no named pipes in folders there");
#endif
    QCOMPARE(QProcess::execute(u"mkfifo"_s, {m_tree->path(u"pipe.eml"_s)}), 0);
    find(m_tree->path(), {});
    QCOMPARE(m_skipped, QStringList{u"pipe.eml: it is no regular file"_s});
}

void TestSourceFinder::unreadable()
{
    m_tree->write(u"closed/1.eml"_s, message("x"));
    m_tree->write(u"2.eml"_s, message("x"));
    QFile::setPermissions(m_tree->path(u"closed"_s), QFile::WriteOwner);
    QFile::setPermissions(m_tree->path(u"2.eml"_s), QFile::WriteOwner);
    const bool isRefused = !QFileInfo(m_tree->path(u"2.eml"_s)).isReadable();
    if (isRefused) {
        find(m_tree->path(), {});
    }
    QFile::setPermissions(m_tree->path(u"closed"_s),
                          QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    if (!isRefused) {
        QSKIP("this user may read everything");
    }
    QCOMPARE(m_skipped,
             QStringList({u"2.eml: it cannot be read: permission denied"_s,
                          u"closed: the folder cannot be read"_s}));
}

void TestSourceFinder::sizes()
{
    m_tree->write(u"1.eml"_s, QByteArray(10, 'x'));
    m_tree->write(u"2.eml"_s, QByteArray(20, 'x'));
    m_tree->write(u"m/new/1"_s, QByteArray(40, 'x'));
    m_tree->makeFolder(u"m/cur"_s);
    find(m_tree->path(), {});
    qint64 sizeBytes = 0;
    for (const FoundSource &source : m_finder->sources()) {
        sizeBytes += source.sizeBytes;
    }
    QCOMPARE(sizeBytes, 70);
}

QTEST_GUILESS_MAIN(TestSourceFinder)
#include "tst_sourcefinder.moc"
