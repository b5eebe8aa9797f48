#include "../import/importtest.h"

#include "app/export/exportfolder.h"
#include "app/import/messagenotes.h"

using namespace Postnook;
using namespace Postnook::Test;
using namespace Qt::StringLiterals;

class TestExportFolder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void goesOn();
    void oneAtATime();
    void parentIsThere();
    void cutWhileMoving();
    void importPassesOverUnfinished();
};

namespace
{

const ExportIdentity Eml{u"ann"_s, u"eml"_s, {}};
const PlannedMailbox Work{MailboxName("Work"), u"Work"_s, false};
const PlannedMailbox Below{MailboxName("Work/Below"), u"Work/Below"_s, false};

void put(ExportFolder &folder, const PlannedMailbox &mailbox, const QByteArray &text)
{
    const auto aside = folder.makeAside();
    QVERIFY(aside);
    for (const QString &name : {u"1.eml"_s, QString(QLatin1String(MessageNotesName))}) {
        QFile file(QDir(*aside).filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    QVERIFY(folder.putInPlace(mailbox));
    QVERIFY(folder.isDone(mailbox));
}

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

void TestExportFolder::refuses_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("reason");
    const QString marker = QLatin1String(ExportMarkerName);
    QTest::newRow("foreign file") << u"a.txt"_s << QByteArray("x") << u"is not empty"_s;
    QTest::newRow("hidden file") << u".a"_s << QByteArray("x") << u"is not empty"_s;
    QTest::newRow("ended") << marker
                           << QByteArray(R"({"account":"ann","format":"eml","ended":"2026-01-01"})")
                           << u"holds the export of 2026-01-01 already"_s;
    QTest::newRow("other account")
        << marker << QByteArray(R"({"account":"eve","format":"eml"})") << u"of something else"_s;
    QTest::newRow("other format") << marker << QByteArray(R"({"account":"ann","format":"mbox"})")
                                  << u"of something else"_s;
    QTest::newRow("other mailboxes")
        << marker << QByteArray(R"({"account":"ann","format":"eml","wanted":["Work"]})")
        << u"of something else"_s;
    QTest::newRow("broken marker") << marker << QByteArray("{") << u"of something else"_s;
}

void TestExportFolder::refuses()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, content);
    QFETCH(QString, reason);
    const Tree tree;
    tree.write(file, content);
    const auto folder = ExportFolder::open(tree.path(), Eml);
    QVERIFY(!folder);
    QCOMPARE(folder.error().code, ErrorCode::AlreadyExists);
    QVERIFY2(folder.error().text.contains(reason), qPrintable(folder.error().text));
    QCOMPARE(read(tree.path(file)), content);
}

void TestExportFolder::goesOn()
{
    const Tree tree;
    const QString path = tree.path(u"new/folder"_s);
    {
        auto folder = ExportFolder::open(path, Eml);
        QVERIFY(folder);
        QVERIFY((*folder)->plan().isEmpty());
        QVERIFY((*folder)->setPlan({Work, Below}));
        put(**folder, Work, "first");
        // Cut in the middle of the next one.
        const auto aside = (*folder)->makeAside();
        QVERIFY(aside);
        QFile half(QDir(*aside).filePath(u"half"_s));
        QVERIFY(half.open(QIODevice::WriteOnly));
    }
    auto folder = ExportFolder::open(path, Eml);
    QVERIFY(folder);
    QCOMPARE((*folder)->plan(), QList<PlannedMailbox>({Work, Below}));
    QVERIFY((*folder)->isDone(Work));
    QVERIFY(!(*folder)->isDone(Below));
    put(**folder, Below, "second");
    QVERIFY((*folder)->end());
    QCOMPARE(read(path + u"/Work/1.eml"_s), QByteArray("first"));
    QCOMPARE(read(path + u"/Work/Below/1.eml"_s), QByteArray("second"));
    QVERIFY(!QFileInfo::exists(path + u"/Work/Below/half"_s));
    QVERIFY(!QFileInfo::exists(path + u'/' + QLatin1String(UnfinishedExportName)));
    folder->reset();
    QVERIFY(!ExportFolder::open(path, Eml)); // it has ended
}

void TestExportFolder::oneAtATime()
{
    const Tree tree;
    const auto folder = ExportFolder::open(tree.path(), Eml);
    QVERIFY(folder && (*folder)->setPlan({Work}));
    const auto second = ExportFolder::open(tree.path(), Eml);
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::Busy);
}

// The folder of a mailbox is there because of one below it.
void TestExportFolder::parentIsThere()
{
    const Tree tree;
    const auto folder = ExportFolder::open(tree.path(), Eml);
    QVERIFY(folder && (*folder)->setPlan({Below, Work}));
    put(**folder, Below, "below");
    QVERIFY(!(*folder)->isDone(Work));
    put(**folder, Work, "above");
    QCOMPARE(read(tree.path(u"Work/1.eml"_s)), QByteArray("above"));
    QCOMPARE(read(tree.path(u"Work/Below/1.eml"_s)), QByteArray("below"));
}

void TestExportFolder::cutWhileMoving()
{
    const Tree tree;
    const auto folder = ExportFolder::open(tree.path(), Eml);
    QVERIFY(folder && (*folder)->setPlan({Work}));
    tree.write(u"Work/1.eml"_s, "moved, and then the machine went off");
    QVERIFY(!(*folder)->isDone(Work));
    put(**folder, Work, "whole");
    QCOMPARE(read(tree.path(u"Work/1.eml"_s)), QByteArray("whole"));
}

void TestExportFolder::importPassesOverUnfinished()
{
    const Tree tree;
    {
        const auto folder = ExportFolder::open(tree.path(u"out"_s), Eml);
        QVERIFY(folder && (*folder)->setPlan({Work, Below}));
        put(**folder, Work, "A: b\r\n\r\n");
        QVERIFY((*folder)->makeAside());
    }
    const MailboxNaming naming;
    SourceFinder finder(naming);
    finder.findIn(tree.path(u"out"_s));
    QCOMPARE(bytesOf(itemsFound(finder)), QByteArrayList({"A: b\r\n\r\n"}));
    QCOMPARE(finder.skipped().size(), 1);
    QVERIFY(finder.skipped().first().origin.endsWith(QLatin1String(UnfinishedExportName)));
}

QTEST_GUILESS_MAIN(TestExportFolder)
#include "tst_exportfolder.moc"
