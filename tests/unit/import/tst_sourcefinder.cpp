#include "importtest.h"

#include <QProcess>
#include <QScopeGuard>

#include <filesystem>
#include <fstream>

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
    void maildirsInPart_data();
    void maildirsInPart();
    void unreadable_data();
    void unreadable();
    void namesWithoutText();
    void relativePaths_data();
    void relativePaths();
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
        m_skipped.append((item.isMail ? u"mail "_s : QString())
                         + QDir(m_tree->path()).relativeFilePath(item.origin) + u": "_s
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

void TestSourceFinder::maildirsInPart_data()
{
    QTest::addColumn<QStringList>("files");
    QTest::addColumn<bool>("isMaildir");
    QTest::newRow("no new") << QStringList{u"cur/1.a"_s, u"tmp/x"_s} << true;
    QTest::newRow("no tmp") << QStringList{u"cur/1.a"_s, u"new/1.b"_s} << true;
    QTest::newRow("flags") << QStringList{u"cur/a:2,S"_s} << true;
    QTest::newRow("time of delivery") << QStringList{u"cur/1700000000.M1P2.host"_s} << true;
    QTest::newRow("other files") << QStringList{u"cur/notes"_s, u"cur/2024.txt"_s} << false;
    QTest::newRow("new and tmp of anything") << QStringList{u"new/1.a"_s, u"tmp/x"_s} << false;
}

void TestSourceFinder::maildirsInPart()
{
    QFETCH(QStringList, files);
    QFETCH(bool, isMaildir);
#ifdef Q_OS_WIN
    if (files.first().contains(u':')) {
        QSKIP("no such names there");
    }
#endif
    for (const QString &file : std::as_const(files)) {
        m_tree->write(u"Work/"_s + file, message("x"));
    }
    find(m_tree->path(), {});
    QCOMPARE(m_found.contains(u"Work: x"_s), isMaildir);
}

void TestSourceFinder::unreadable_data()
{
    QTest::addColumn<QString>("file"); // to be found in it, were it not for the place
    QTest::addColumn<QString>("closed");
    QTest::addColumn<QString>("reason");
    const QString folder = u"the folder cannot be read"_s;
    QTest::newRow("file") << u"2.eml"_s << u"2.eml"_s << u"it cannot be read: permission denied"_s;
    QTest::newRow("folder") << u"a/1.eml"_s << u"a"_s << folder;
    QTest::newRow("cur") << u"new/1.a"_s << u"cur"_s << folder;
    QTest::newRow("new") << u"cur/1.a"_s << u"new"_s << folder;
    QTest::newRow("dotted folder of a Maildir") << u"cur/1.a"_s << u".Sent"_s << folder;
    QTest::newRow("folder of an Apple mailbox")
        << u"a.mbox/Messages/1.emlx"_s << u"a.mbox/Messages"_s << folder;
    QTest::newRow("folder of Thunderbird's") << u"Inbox.msf"_s << u"Inbox.sbd"_s << folder;
    QTest::newRow("cur of Thunderbird's") << u"Inbox.msf"_s << u"Inbox/cur"_s << folder;
}

void TestSourceFinder::unreadable()
{
    QFETCH(QString, file);
    QFETCH(QString, closed);
    QFETCH(QString, reason);
    m_tree->write(file, message("x"));
    const QString path = m_tree->path(closed);
    if (file != closed) {
        m_tree->makeFolder(closed + u"/cur"_s);
        m_tree->makeFolder(u"new"_s);
        m_tree->makeFolder(u"cur"_s);
    }
    QFile::setPermissions(path, QFile::WriteOwner);
    const auto reopen = qScopeGuard([&path] {
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    });
    if (QFileInfo(path).isReadable()) {
        QSKIP("this user may read everything");
    }
    find(m_tree->path(), {});
    QVERIFY2(m_skipped.contains(u"mail %1: %2"_s.arg(closed, reason)),
             qPrintable(m_skipped.join(u'\n')));
}

// Older systems wrote "Entwürfe" in Latin-1.
void TestSourceFinder::namesWithoutText()
{
#if !defined(Q_OS_UNIX) || defined(Q_OS_MACOS)
    QSKIP("no such names there");
#endif
    m_tree->write(u"1.eml"_s, message("x"));
    m_tree->write(u"Work/cur/1.a"_s, message("x"));
    m_tree->makeFolder(u"Work/new"_s);
    m_tree->write(u"Thunderbird/prefs.js"_s, "");
    m_tree->makeFolder(u"Thunderbird/Mail"_s);
    m_tree->write(u"Apple.mbox/Messages/mbox"_s, "");
    QList<std::filesystem::path> files;
    for (const char *name : {"Entw\xfcrfe.mbox",
                             "Work/cur/2.\xff:2,S",
                             "Work/.Entw\xfcrfe",
                             "Thunderbird/Mail/\xfc",
                             "Apple.mbox/Messages/\xfc.emlx"}) {
        files.append(QDir(m_tree->path()).filesystemPath() / name);
        std::ofstream(files.last()) << "From ann Mon Jan  1 10:00:00 2024\n";
    }
    const auto remove = qScopeGuard([&files] { // which QTemporaryDir cannot
        for (const auto &file : std::as_const(files)) {
            std::filesystem::remove(file);
        }
    });
    find(m_tree->path(), {});
    QCOMPARE(m_found, QStringList({u"INBOX: x"_s, u"Work: x"_s}));
    const QString reason = u": its name is not UTF-8; give it another, and import again"_s;
    QCOMPARE(m_skipped,
             QStringList({u"mail Apple.mbox/Messages/\ufffd.emlx"_s + reason,
                          u"mail Entw\ufffdrfe.mbox"_s + reason,
                          u"mail Thunderbird/Mail/\ufffd"_s + reason,
                          u"mail Work/.Entw\ufffdrfe"_s + reason,
                          u"mail Work/cur/2.\ufffd:2,S"_s + reason}));
}

void TestSourceFinder::relativePaths_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QStringList>("found");
    const QStringList apple{u"Work: x"_s};
    QTest::newRow("Apple mailbox") << u""_s << u"Work.mbox"_s << apple;
    QTest::newRow("Apple mailbox, slash") << u""_s << u"Work.mbox/"_s << apple;
    QTest::newRow("Apple mailbox, in it") << u"Work.mbox"_s << u"."_s << apple;
    QTest::newRow("Apple mailbox, below it") << u"Work.mbox/Messages"_s << u".."_s << apple;
    QTest::newRow("Maildir") << u""_s << u"Maildir"_s << QStringList{u"INBOX: x"_s};
    QTest::newRow("mbox") << u"box"_s << u"../box/Old"_s << QStringList{u"Old: x"_s};
    QTest::newRow("Thunderbird, account")
        << u"ImapMail"_s << u"example.org"_s << QStringList{u"Entw\u00fcrfe: x"_s};
    QTest::newRow("Thunderbird, in the account")
        << u"ImapMail/example.org"_s << u"."_s << QStringList{u"Entw\u00fcrfe: x"_s};
    QTest::newRow("Thunderbird, accounts")
        << u"ImapMail"_s << u"./"_s << QStringList{u"Entw\u00fcrfe: x"_s};
}

void TestSourceFinder::relativePaths()
{
    QFETCH(QString, folder);
    QFETCH(QString, path);
    QFETCH(QStringList, found);
    const QByteArray text = message("x");
    m_tree->write(u"Work.mbox/Messages/1.emlx"_s, QByteArray::number(text.size()) + '\n' + text);
    m_tree->write(u"Maildir/cur/1.a"_s, message("x"));
    m_tree->makeFolder(u"Maildir/new"_s);
    m_tree->write(u"box/Old"_s, mbox("x"));
    m_tree->write(u"ImapMail/example.org/Entw&APw-rfe"_s, mbox("x"));
    m_tree->write(u"ImapMail/example.org/Entw&APw-rfe.msf"_s, "");
    const QString before = QDir::currentPath();
    const auto back = qScopeGuard([&before] { QDir::setCurrent(before); });
    QVERIFY(QDir::setCurrent(m_tree->path(folder)));
    find(path, {});
    QCOMPARE(m_found, found);
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
