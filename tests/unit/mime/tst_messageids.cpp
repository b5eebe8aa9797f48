#include "core/mime/messageids.h"
#include "core/mime/messagescanner.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Postnook::Mime;

// What threads are made of: RFC 5256 3, RFC 5322 3.6.4, 4.5.4.
class TestMessageIds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ids_data();
    void ids();
    void longIds();
    void manyIds();
    void keys_data();
    void keys();
    void hostile_data();
    void hostile();
    void scannerKeepsThem();
};

void TestMessageIds::ids_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArrayList>("expected");
    const auto row = [](const char *name, const QByteArray &value, const QByteArrayList &expected) {
        QTest::newRow(name) << value << expected;
    };
    row("one", "<a@b>", {"a@b"});
    row("blanks around", " \t<a@b> ", {"a@b"});
    row("several", "<a@b> <c@d>", {"a@b", "c@d"});
    row("without a space between", "<a@b><c@d>", {"a@b", "c@d"});
    row("commas between", "<a@b>, <c@d>", {"a@b", "c@d"});
    row("folded between", "<a@b>\r\n <c@d>\r\n\t<e@f>", {"a@b", "c@d", "e@f"});
    row("folded inside", "<a.long\r\n .one@b>", {"a.long.one@b"});
    row("white space inside", "< a @ b >", {"a@b"});
    row("twice", "<a@b> <c@d> <a@b>", {"a@b", "c@d", "a@b"});
    row("case counts", "<A@b> <a@B>", {"A@b", "a@B"});
    // Different quoting, the same id (RFC 5256 3).
    row("rfc5256 quoted",
        R"(<"01KF8JCEOCBS0045PS"@xxx.yyy.com>)",
        {"01KF8JCEOCBS0045PS@xxx.yyy.com"});
    row("rfc5256 plain", "<01KF8JCEOCBS0045PS@xxx.yyy.com>", {"01KF8JCEOCBS0045PS@xxx.yyy.com"});
    row("rfc2822 A.6.3",
        "<1234   @   local(blah)  .machine .example>",
        {"1234@local.machine.example"});
    row("a bracket in a comment", "<a(b>c (d))@e> <f@g>", {"a@e", "f@g"});
    row("a comment inside without an end", "<a(b@c> <d@e>", {"a(b@c", "d@e"});
    row("quoted pair", R"(<"a\b\"c"@d>)", {"ab\"c@d"});
    row("a bracket in quotes", R"(<"a>b"@c>)", {"a>b@c"});
    row("part of it quoted", R"(<a."b".c@d>)", {"a.b.c@d"});
    row("an open quote", R"(<a"b@c>)", {"a\"b@c"});
    row("domain literal", "<a@[1.2.3.4]>", {"a@[1.2.3.4]"});
    row("two at signs", "<a@b@c>", {"a@b@c"});
    row("8-bit", "<gr\xfc\xdf@b>", {"gr\xfc\xdf@b"});
    row("UTF-8", "<gr\xc3\xbc\xc3\x9f@b>", {"gr\xc3\xbc\xc3\x9f@b"});
    row("a NUL", QByteArray("<a\0b@c>", 7), {"ab@c"});
    // Words, comments and strings around them: old In-Reply-To fields.
    row("a sentence", "Your message of \"Mon, 7 Feb 1994 <x@y> 10:00\" <a@b>.", {"a@b"});
    row("a comment", "<a@b> (from <x@y> (and <z@z>))", {"a@b"});
    row("a comment before", "(<x@y>)<a@b>", {"a@b"});
    row("a comment without an end", "<a@b> (<x@y>", {"a@b"});
    row("a name before", "Ann <a@b> and Bob <c@d>", {"a@b", "c@d"});
    row("quote without an end", "\"<a@b>", {"a@b"});
    // No brackets.
    row("bare", "a@b", {"a@b"});
    row("bare, several", "a@b c@d,\r\n e@f", {"a@b", "c@d", "e@f"});
    row("bare, in a sentence", "message of a@b", {});
    row("bare, no id", "abc", {});
    row("bare beside brackets", "a@b <c@d>", {"c@d"});
    // Not valid.
    row("nothing", "", {});
    row("blanks", " \r\n\t", {});
    row("empty brackets", "<>", {});
    row("no at sign", "<abc> <a@b>", {"a@b"});
    row("nothing before it", "<@b>", {});
    row("nothing behind it", "<a@>", {});
    row("not closed", "<a@b", {});
    row("not closed, then another", "<a@b <c@d>", {"c@d"});
    row("only closed", "a@b>", {"a@b>"});
    row("double brackets", "<<a@b>>", {"a@b"});
}

void TestMessageIds::ids()
{
    QFETCH(QByteArray, value);
    QTEST(messageIdsOrBare(value), "expected");
    QCOMPARE(messageIds(value), value.contains('<') ? messageIdsOrBare(value) : QByteArrayList());
}

void TestMessageIds::longIds()
{
    const auto id = [](qsizetype size) { return QByteArray(size - 2, 'a') + "@b"; };
    const auto longest = id(MaxMessageIdBytes);
    const auto tooLong = id(MaxMessageIdBytes + 1);
    QCOMPARE(messageIds('<' + longest + "> <" + tooLong + "> <c@d>"),
             QByteArrayList({longest, "c@d"}));
    QCOMPARE(messageIdsOrBare(longest), QByteArrayList{longest});
    QCOMPARE(messageIdsOrBare(tooLong), QByteArrayList());
    // Folding takes no part in it.
    QCOMPARE(messageIds("<a\r\n" + QByteArray(2000, ' ') + "@b>"), QByteArrayList{"a@b"});
}

// The first, which began the conversation, and the last.
void TestMessageIds::manyIds()
{
    QByteArray value;
    QByteArrayList all;
    for (int i = 0; i < 250; ++i) {
        const auto id = QByteArray::number(i) + "@x";
        all.append(id);
        value += '<' + id + ">\r\n ";
        const auto expected =
            all.size() <= MaxReferences ? all : all.first(1) + all.last(MaxReferences - 1);
        QCOMPARE(messageIds(value), expected);
    }
}

void TestMessageIds::keys_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("messageId");
    QTest::addColumn<QByteArrayList>("references");
    const auto row = [](const char *name,
                        const QByteArray &header,
                        const QByteArray &messageId,
                        const QByteArrayList &references) {
        QTest::newRow(name) << header << messageId << references;
    };
    row("none", "Subject: a\r\n", {}, {});
    row("id", "Message-ID: <a@b>\r\n", "a@b", {});
    row("any case", "MESSAGE-id: <a@b>\r\nREFERENCES: <c@d>\r\n", "a@b", {"c@d"});
    row("the first field counts", "Message-ID: <a@b>\r\nMessage-ID: <c@d>\r\n", "a@b", {});
    row("the first field, though empty", "Message-ID: x\r\nMessage-ID: <c@d>\r\n", {}, {});
    row("the first id counts", "Message-ID: <a@b> <c@d>\r\n", "a@b", {});
    row("references", "References: <a@b> <c@d>\r\n", {}, {"a@b", "c@d"});
    row("references before In-Reply-To",
        "In-Reply-To: <x@y>\r\nReferences: <a@b>\r\n <c@d>\r\n",
        {},
        {"a@b", "c@d"});
    row("In-Reply-To", "In-Reply-To: <a@b>\r\n", {}, {"a@b"});
    row("of In-Reply-To the first",
        "In-Reply-To: Message of Monday from ann@x <a@b> <c@d>\r\n",
        {},
        {"a@b"});
    row("references without a valid one",
        "References: nothing\r\nIn-Reply-To: <a@b>\r\n",
        {},
        {"a@b"});
    row("empty references", "References:\r\nIn-Reply-To: <a@b>\r\n", {}, {"a@b"});
    row("In-Reply-To, an address", "In-Reply-To: someone@example.org\r\n", {}, {});
    row("no brackets", "Message-ID: a@b\r\nReferences: c@d\r\n", "a@b", {"c@d"});
    row("In-Reply-To without a valid one", "In-Reply-To: your mail\r\n", {}, {});
    row("in the body", "Subject: a\r\n\r\nMessage-ID: <a@b>\r\n", {}, {});
    row("line ends of one octet",
        "Message-ID: <a@b>\nReferences: <c@d>\n <e@f>\n",
        "a@b",
        {"c@d", "e@f"});
}

void TestMessageIds::keys()
{
    QFETCH(QByteArray, header);
    const auto meta = scanMessage(header + "\r\nbody\r\n");
    QTEST(meta.messageId, "messageId");
    QTEST(meta.references, "references");
}

void TestMessageIds::hostile_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("count");
    constexpr qsizetype Bytes = 10 * 1024 * 1024;
    QTest::newRow("ids") << QByteArray("<a@b>").repeated(Bytes / 5) << int(MaxReferences);
    QTest::newRow("folded ids") << QByteArray("<a@b>\r\n ").repeated(Bytes / 8)
                                << int(MaxReferences);
    QTest::newRow("bare ids") << QByteArray("a@b ").repeated(Bytes / 4) << int(MaxReferences);
    QTest::newRow("brackets") << QByteArray(Bytes, '<') << 0;
    QTest::newRow("closing brackets") << '<' + QByteArray(Bytes, '>') << 0;
    QTest::newRow("quotes") << QByteArray("<\"").repeated(Bytes / 2) << 0;
    QTest::newRow("comments") << QByteArray("<(").repeated(Bytes / 2) << 0;
    QTest::newRow("closed comments") << '<' + QByteArray("()").repeated(Bytes / 2) << 0;
    QTest::newRow("backslashes") << "<\"" + QByteArray(Bytes, '\\') << 0;
    QTest::newRow("one id") << '<' + QByteArray(Bytes, 'a') + "@b>" << 0;
    QTest::newRow("at signs") << QByteArray(Bytes, '@') << 0;
}

void TestMessageIds::hostile()
{
    QFETCH(QByteArray, value);
    QFETCH(int, count);
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(messageIdsOrBare(value).size(), qsizetype(count));
    // A way through it that is not linear takes minutes.
    QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
}

void TestMessageIds::scannerKeepsThem()
{
    QByteArray references = "References:";
    for (int i = 0; i < 10'000; ++i) {
        references += "\r\n <" + QByteArray::number(i) + "@example.org>";
    }
    const auto meta = scanMessage("Message-ID: <m@x>\r\n" + references + "\r\n\r\n");
    QCOMPARE(meta.messageId, QByteArray("m@x"));
    QCOMPARE(meta.references.size(), MaxReferences);
    QCOMPARE(meta.references.first(), QByteArray("0@example.org"));
    QCOMPARE(meta.references.last(), QByteArray("9999@example.org"));
}

QTEST_GUILESS_MAIN(TestMessageIds)
#include "tst_messageids.moc"
