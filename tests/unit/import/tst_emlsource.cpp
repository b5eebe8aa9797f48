#include "importtest.h"

#include "app/import/emlsource.h"
#include "app/import/messagefile.h"

using namespace Postnook;
using namespace Postnook::Test;
using namespace Qt::StringLiterals;

class TestEmlSource : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lineEnds_data();
    void lineEnds();
    void dates_data();
    void dates();
    void keys();
    void reasons();
    void recognised_data();
    void recognised();
};

void TestEmlSource::lineEnds_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char *name, const char *file, const char *message) {
        QTest::newRow(name) << QByteArray(file) << QByteArray(message);
    };
    row("CRLF", "A: b\r\n\r\nc\r\n", "A: b\r\n\r\nc\r\n");
    row("LF", "A: b\n\nc\n", "A: b\r\n\r\nc\r\n");
    row("CRLF with stray LF and CR", "A: b\r\n\r\nc\nd\re", "A: b\r\n\r\nc\nd\re");
    row("LF with stray CRLF and CR", "A: b\n\nc\r\nd\re", "A: b\r\n\r\nc\r\nd\re");
    row("no line end", "A: b", "A: b");
    row("CR only", "A: b\r\rc", "A: b\r\rc");
    row("begins with LF", "\nc", "\r\nc");
    row("nothing", "", "");
    row("a line of an mbox in front", "From ann\r\nA: b\r\n", "From ann\r\nA: b\r\n");
}

void TestEmlSource::lineEnds()
{
    QFETCH(QByteArray, file);
    QFETCH(QByteArray, message);
    const Tree tree;
    tree.write(u"a.eml"_s, file);
    EmlSource source(tree.path(), {u"a.eml"_s}, Inbox, Limits);
    const auto item = source.next();
    QCOMPARE(item->bytes, message);
    QCOMPARE(item->mailbox, Inbox);
    QCOMPARE(source.bytesRead(), file.size());
    QVERIFY(!source.next());
}

void TestEmlSource::dates_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<InternalDate>("date");
    const InternalDate ofFile{1'200'000'000, 0};
    QTest::newRow("header") << QByteArray("A: b\nDate: Mon, 1 Jan 2024 10:00:00 +0100\n\nc")
                            << InternalDate{1'704'099'600, 60};
    QTest::newRow("folded") << QByteArray("date:\n Mon, 1 Jan 2024\n 10:00:00 GMT\n\nc")
                            << InternalDate{1'704'103'200, 0};
    QTest::newRow("in the body") << QByteArray("A: b\n\nDate: Mon, 1 Jan 2024 10:00:00 +0100\n")
                                 << ofFile;
    QTest::newRow("unreadable") << QByteArray("Date: tomorrow\n\nc") << ofFile;
    QTest::newRow("none") << QByteArray("A: b\n\nc") << ofFile;
}

void TestEmlSource::dates()
{
    QFETCH(QByteArray, file);
    QFETCH(InternalDate, date);
    const Tree tree;
    tree.write(u"a.eml"_s, file);
    tree.setTime(u"a.eml"_s, 1'200'000'000);
    EmlSource source(tree.path(), {u"a.eml"_s}, Inbox, Limits);
    QCOMPARE(*source.next()->date, date);
}

void TestEmlSource::keys()
{
    const Tree tree;
    tree.write(u"a.eml"_s, "A: b\n\nc\n");
    tree.write(u"b.eml"_s, "A: b\n\nc\n");
    const QStringList names{u"a.eml"_s, u"b.eml"_s, u"a.eml"_s};
    EmlSource source(tree.path(), names, Inbox, Limits);
    const auto keys = keysOf(itemsOf(source));
    QVERIFY(keys.at(0) != keys.at(1)); // another source
    QCOMPARE(keys.at(0), keys.at(2));
    // However the file is reached.
    EmlSource indirect(tree.path() + u"/."_s, {u"a.eml"_s}, Inbox, Limits);
    QCOMPARE(indirect.next()->key, keys.at(0));
    tree.write(u"a.eml"_s, "A: b\n\nd\n");
    EmlSource changed(tree.path(), {u"a.eml"_s}, Inbox, Limits);
    QVERIFY(changed.next()->key != keys.at(0));
}

void TestEmlSource::reasons()
{
    const Tree tree;
    tree.write(u"large.eml"_s, QByteArray(1001, 'x'));
    EmlSource source(tree.path(), {u"none.eml"_s, u"large.eml"_s}, Inbox, {1000});
    const auto items = itemsOf(source);
    QVERIFY(items.at(0).skipReason.startsWith(u"it cannot be read: "_s));
    QCOMPARE(items.at(1).skipReason,
             u"it is larger than the 1000 bytes that max-request-size allows"_s);
}

void TestEmlSource::recognised_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("inFolder");
    QTest::addColumn<bool>("given");
    QTest::newRow("eml") << u"a.eml"_s << QByteArray("anything") << true << true;
    QTest::newRow("EML") << u"a.EML"_s << QByteArray() << true << true;
    QTest::newRow("message") << u"a.txt"_s << QByteArray("Subject: x\n\ny") << false << true;
    QTest::newRow("text") << u"a.txt"_s << QByteArray("some text: x\n") << false << false;
    QTest::newRow("binary") << u"a.bin"_s << QByteArray("\x7f\x45LF:\n") << false << false;
    QTest::newRow("empty") << u"a"_s << QByteArray() << false << false;
}

void TestEmlSource::recognised()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(bool, inFolder);
    QFETCH(bool, given);
    const Tree tree;
    const QFileInfo file(tree.write(name, bytes));
    QCOMPARE(isEml(file, false), inFolder);
    QCOMPARE(isEml(file, true), given);
}

QTEST_GUILESS_MAIN(TestEmlSource)
#include "tst_emlsource.moc"
