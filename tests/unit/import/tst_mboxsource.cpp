#include "importtest.h"

#include "app/import/mboxsource.h"

using namespace Postnook;
using namespace Postnook::Test;
using namespace Qt::StringLiterals;

class TestMboxSource : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void quoted();
    void counted();
    void bare();
    void cuts_data();
    void cuts();
    void lineEnds();
    void longLines();
    void tooLarge_data();
    void tooLarge();
    void keysStayWhenTheFileGrows_data();
    void keysStayWhenTheFileGrows();
    void keysStayWhenStatusChanges();
    void equalMessagesAreTwo();
    void internalNoteIsSkipped();
    void mozillaNotes_data();
    void mozillaNotes();
    void fileThatGrowsMeanwhile();
    void noMbox_data();
    void noMbox();
    void unreadable();

private:
    QList<ImportItem> read(const QByteArray &bytes, const ImportLimits &limits = Limits) const
    {
        MboxSource source(m_tree.write(u"x.mbox"_s, bytes), Inbox, limits);
        return itemsOf(source);
    }

    const Tree m_tree{};
};

namespace
{

const QByteArray First = "From ann Mon Jan  1 10:00:00 2024\n";
const QByteArray Second = "From otto Tue Jan  2 10:00:00 2024\n";

QList<ImportItem> readData(const char *name)
{
    MboxSource source(
        QString::fromUtf8(TEST_DATA "/import/") + QString::fromUtf8(name), Inbox, Limits);
    return itemsOf(source);
}

} // namespace

void TestMboxSource::quoted()
{
    const auto items = readData("mboxrd.mbox");
    QCOMPARE(items.size(), 2);
    QCOMPARE(items.at(0).bytes,
             QByteArray("Status: RO\r\nSubject: quoted\r\n\r\nFrom here it goes on.\r\n"
                        ">From there too.\r\n> From with a blank stays.\r\n"
                        "From me to you, unquoted.\r\n\r\nFrom Russia with love\r\n"
                        "Year: 1963\r\n"));
    QCOMPARE(items.at(0).flags, MessageFlags({SystemFlag::Seen, {}}));
    QCOMPARE(*items.at(0).date, InternalDate({1'704'103'200, 0}));
    QCOMPARE(items.at(0).mailbox, Inbox);
    QVERIFY(items.at(0).origin.endsWith(u"mboxrd.mbox, message 1"_s));

    // The header stays as it is, and what is no keyword is left out.
    QCOMPARE(items.at(1).bytes,
             QByteArray("X-Status: AF\r\nX-Keywords: $Junk  two (bad) $junk\r\n"
                        "Subject: second\r\n\r\ntext\r\n"));
    QCOMPARE(items.at(1).flags.system, SystemFlag::Answered | SystemFlag::Flagged);
    QCOMPARE(items.at(1).flags.keywords, QByteArrayList({"$Junk", "two"}));
    QCOMPARE(*items.at(1).date, InternalDate({1'704'191'400, 60}));
}

void TestMboxSource::counted()
{
    const auto bytes = bytesOf(readData("mboxcl2.mbox"));
    QCOMPARE(bytes.size(), 4);
    QCOMPARE(bytes.at(0),
             QByteArray("Content-Length: 78\r\nSubject: counted, nothing quoted\r\n\r\n"
                        "one line\r\n\r\nFrom x@example.org Mon Jan  1 10:00:00 2024\r\n"
                        ">From as it was written\r\n"));
    QVERIFY(bytes.at(1).endsWith("\r\n\r\nFrom here\r\nwithout end"));
    QVERIFY(bytes.at(2).endsWith("\r\n\r\nthe count is not believed\r\n"));
    QVERIFY(bytes.at(3).endsWith("\r\n\r\nlast\r\n"));
}

void TestMboxSource::bare()
{
    const auto items = readData("bare.mbox");
    QCOMPARE(items.size(), 3);
    QVERIFY(items.at(0).bytes.endsWith("\r\n\r\nno empty line behind me\r\n"));
    QCOMPARE(items.at(0).flags.system, SystemFlag::Seen | SystemFlag::Flagged);
    QCOMPARE(*items.at(0).date, InternalDate({1'704'103'200, 0}));
    QCOMPARE(items.at(1).skipReason, u"it was deleted, and the file not compacted since"_s);
    QVERIFY(items.at(2).bytes.endsWith("\r\n\r\nthird"));
    QCOMPARE(*items.at(2).date, InternalDate({1'704'448'800, 120})); // of the Date: field
}

void TestMboxSource::cuts_data()
{
    QTest::addColumn<QByteArray>("mbox");
    QTest::addColumn<QByteArrayList>("messages");
    const auto row = [](const char *name, const QByteArray &mbox, const QByteArrayList &messages) {
        QTest::newRow(name) << mbox << messages;
    };
    row("empty", "", {});
    row("empty lines in front", "\n\n" + First + "A: b\n\nc\n", {"A: b\r\n\r\nc\r\n"});
    row("no empty line at the end", First + "A: b\n\nc\n", {"A: b\r\n\r\nc\r\n"});
    row("no line end at the end", First + "A: b\n\nc", {"A: b\r\n\r\nc"});
    row("one empty line is the format's",
        First + "A: b\n\nc\n\n\n" + Second + "A: b\n\nd\n\n\n",
        {"A: b\r\n\r\nc\r\n\r\n", "A: b\r\n\r\nd\r\n\r\n"});
    row("empty bodies", First + "A: b\n\n" + Second + "C: d\n\n", {"A: b\r\n\r\n", "C: d\r\n\r\n"});
    row("header only", First + "A: b\n", {"A: b\r\n"});
    row("separator only", First, {""});
    row("unknown first line", "From nobody knows\nA: b\n\nc\n", {"A: b\r\n\r\nc\r\n"});
    row("date in a body without header behind",
        First + "A: b\n\nc\n\n" + Second + "is what he wrote\n",
        {"A: b\r\n\r\nc\r\n\r\nFrom otto Tue Jan  2 10:00:00 2024\r\nis what he wrote\r\n"});
    row("bare of late",
        "From \nA: b\n\n>From c\n\nFrom \nno header\n\nFrom \nA: b\n\nd\n\n",
        {"A: b\r\n\r\nFrom c\r\n\r\nFrom \r\nno header\r\n", "A: b\r\n\r\nd\r\n"});
    const QByteArray two = "A: b\n\nc\n\n%1A: b\n\nFrom here on\n\nFrom ann@example.org you know\n"
                           "A: it\n\n";
    for (const QByteArray &line :
         {QByteArray("From ann@example.org Tue, 3 Mar 2020 10:00:00 +0100\n"),
          QByteArray("From ann@example.org 2020-03-03T10:00:00Z\n"),
          QByteArray("From ann@example.org\n")}) {
        row(line.trimmed().constData(),
            line + QByteArray(two).replace("%1", line),
            {"A: b\r\n\r\nc\r\n",
             "A: b\r\n\r\nFrom here on\r\n\r\nFrom ann@example.org you know\r\nA: it\r\n"});
    }
    row("no empty lines between",
        First + "A: b\n\nc\n" + Second + "A: b\n\nd\n",
        {"A: b\r\n\r\nc\r\n", "A: b\r\n\r\nd\r\n"});
    row("no empty line, and no header behind",
        First + "A: b\n\nc\n" + Second + "is what he wrote\n",
        {"A: b\r\n\r\nc\r\nFrom otto Tue Jan  2 10:00:00 2024\r\nis what he wrote\r\n"});
    row("count up to the end",
        First + "Content-Length: 2\n\nc\n",
        {"Content-Length: 2\r\n\r\nc\r\n"});
    row("count of nothing",
        First + "Content-Length: 0\n\n\n" + Second + "A: b\n\nc\n",
        {"Content-Length: 0\r\n\r\n", "A: b\r\n\r\nc\r\n"});
    row("count past the end",
        First + "Content-Length: 99\n\nc\n\n" + Second + "A: b\n\nc\n",
        {"Content-Length: 99\r\n\r\nc\r\n", "A: b\r\n\r\nc\r\n"});
    row("count that is no number",
        First + "Content-Length: -1\n\nc\n",
        {"Content-Length: -1\r\n\r\nc\r\n"});
}

void TestMboxSource::cuts()
{
    QFETCH(QByteArray, mbox);
    QFETCH(QByteArrayList, messages);
    QCOMPARE(bytesOf(read(mbox)), messages);
    QByteArray withCrLf = mbox;
    // Counts are of other bytes then.
    if (!mbox.contains("Content-Length")) {
        QCOMPARE(bytesOf(read(withCrLf.replace("\n", "\r\n"))), messages);
    }
}

void TestMboxSource::lineEnds()
{
    // Each message by itself: what has CRLF stays as it is, down to a stray LF.
    const auto items = read(First + "A: b\r\n\r\nc\nd\re\r\n\n" + Second + "A: b\n\nc\r\nd\re\n");
    QCOMPARE(bytesOf(items),
             QByteArrayList({"A: b\r\n\r\nc\nd\re\r\n", "A: b\r\n\r\nc\r\nd\re\r\n"}));
}

void TestMboxSource::longLines()
{
    const QByteArray line = QByteArray(200'000, 'x') + "\nFrom me\n";
    const auto items = read(First + "A: b\n\n" + line + "\n" + Second + "A: b\n\nc\n");
    QCOMPARE(items.size(), 2);
    QCOMPARE(items.at(0).bytes.size(), 8 + line.size() + 2);
}

void TestMboxSource::tooLarge_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::newRow("uncounted") << QByteArray("A: b\n\n");
    QTest::newRow("counted") << QByteArray("Content-Length: 3000\n\n");
    QTest::newRow("large header") << QByteArray("A: ") + QByteArray(3000, 'h') + "\n\n";
}

void TestMboxSource::tooLarge()
{
    QFETCH(QByteArray, header);
    const QByteArray body = QByteArray("text of it\n").repeated(300).left(2999) + '\n';
    const auto items =
        read(First + header + body + "\n" + Second + "A: b\n\nc\n", ImportLimits{1000});
    QCOMPARE(items.size(), 2);
    QCOMPARE(items.at(0).skipReason,
             u"it is larger than the 1000 bytes that max-request-size allows"_s);
    QVERIFY(items.at(0).bytes.isEmpty());
    QCOMPARE(items.at(1).bytes, QByteArray("A: b\r\n\r\nc\r\n"));
}

void TestMboxSource::keysStayWhenTheFileGrows_data()
{
    QTest::addColumn<QByteArray>("end");
    QTest::newRow("line end and empty line") << QByteArray("\n\n");
    QTest::newRow("line end") << QByteArray("\n");
    QTest::newRow("nothing") << QByteArray();
}

void TestMboxSource::keysStayWhenTheFileGrows()
{
    QFETCH(QByteArray, end);
    const QByteArray start = First + "A: b\n\nc\n\n" + Second + "A: b\n\nd";
    const auto before = keysOf(read(start + end));
    const auto after = keysOf(read(start + "\n\n" + First + "A: b\n\ne\n"));
    QCOMPARE(before.size(), 2);
    QCOMPARE(after.size(), 3);
    QCOMPARE(after.first(2), before);
    QVERIFY(!before.contains(after.at(2)));
}

void TestMboxSource::keysStayWhenStatusChanges()
{
    const auto before = keysOf(read(First + "A: b\n\nc\n"));
    const auto after = keysOf(read(First
                                   + "A: b\nstatus: RO\nX-Status: A\nX-Mozilla-Status: 0001\n"
                                     "X-Keywords: a\n b\nContent-Length: 2\nLines: 1\nX-UID: 7\n"
                                     "\nc\n"));
    QCOMPARE(after, before);
    QVERIFY(keysOf(read(First + "A: c\n\nc\n")) != before);
}

void TestMboxSource::equalMessagesAreTwo()
{
    const QByteArray message = "A: b\n\nc\n\n";
    const QByteArray mbox = First + message + Second + message;
    const auto keys = keysOf(read(mbox));
    QCOMPARE(keys.size(), 2);
    QVERIFY(keys.at(0) != keys.at(1));
    QCOMPARE(keys.at(0).size(), 32);
    QCOMPARE(keysOf(read(mbox)), keys);
    // One that is marked as deleted does not count, as it will be gone when the file is compacted.
    const auto others = keysOf(read(First + "X-Mozilla-Status: 0008\n" + message + mbox));
    QCOMPARE(others.mid(1), keys);
}

void TestMboxSource::internalNoteIsSkipped()
{
    const auto items =
        read(First
             + "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 2\n\nText\n\n"
             + Second + "A: b\n\nc\n");
    QCOMPARE(items.size(), 2);
    QCOMPARE(items.at(0).skipReason, u"it is a mail program's note about the file"_s);
    QVERIFY(items.at(1).skipReason.isEmpty());
}

void TestMboxSource::mozillaNotes_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<MessageFlags>("flags");
    const auto row = [](const char *title,
                        const QByteArray &header,
                        SystemFlags system,
                        const QByteArrayList &keywords) {
        QTest::newRow(title) << header << MessageFlags{system, keywords};
    };
    row("none", "X-Mozilla-Status: 0000\n", {}, {});
    row("replied and forwarded",
        "X-Mozilla-Status: 1003\n",
        SystemFlag::Seen | SystemFlag::Answered,
        {"$Forwarded"});
    row("tags",
        "X-Mozilla-Keys: $label1 todo  nonjunk $LABEL1      \n",
        {},
        {"$label1", "todo", "nonjunk"});
    row("receipt sent", "X-Mozilla-Status2: 00800000\n", {}, {"$MDNSent"});
    row("old label", "X-Mozilla-Status2: 06000000\n", {}, {"$label3"});
    row("deleted on the server", "X-Mozilla-Status2: 00200000\n", SystemFlag::Deleted, {});
    row("no number", "X-Mozilla-Status: what\nX-Mozilla-Status2:\n", {}, {});
}

void TestMboxSource::mozillaNotes()
{
    QFETCH(QByteArray, header);
    QFETCH(MessageFlags, flags);
    QCOMPARE(read("From -\n" + header + "A: b\n\nc\n").first().flags, flags);
}

void TestMboxSource::fileThatGrowsMeanwhile()
{
    const QString path =
        m_tree.write(u"x.mbox"_s, First + "A: b\n\nc\n\n" + Second + "A: b\n\nhal");
    MboxSource source(path, Inbox, Limits);
    QVERIFY(source.next()->skipReason.isEmpty());
    QFile file(path);
    QVERIFY(file.open(QIODevice::Append));
    file.write("f a message");
    file.close();
    QCOMPARE(source.next()->skipReason, u"the file was being written to; run the import again"_s);
    QVERIFY(!source.next());
}

void TestMboxSource::noMbox_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("message") << QByteArray("From: ann\n\ntext\n");
    QTest::newRow("text") << QByteArray("From Russia with love\n");
    QTest::newRow("quoted") << QByteArray(">From ann Mon Jan  1 10:00:00 2024\nA: b\n\nc\n");
    QTest::newRow("one long line") << QByteArray(100'000, 'x');
}

void TestMboxSource::noMbox()
{
    QFETCH(QByteArray, bytes);
    const auto items = read(bytes);
    QCOMPARE(items.size(), 1);
    QCOMPARE(items.first().skipReason, u"it does not begin as an mbox does, with a 'From ' line"_s);
    QVERIFY(!isMbox(QFileInfo(m_tree.path(u"x.mbox"_s)), true));
}

void TestMboxSource::unreadable()
{
    MboxSource source(m_tree.path(u"none"_s), Inbox, Limits);
    const auto items = itemsOf(source);
    QCOMPARE(items.size(), 1);
    QVERIFY(items.first().skipReason.startsWith(u"it cannot be read: "_s));
}

QTEST_GUILESS_MAIN(TestMboxSource)
#include "tst_mboxsource.moc"
