#include "core/search/threadbuilder.h"
#include "plainthreads.h"

#include <QTest>

#include <random>

using namespace Postnook;

// RFC 5256 3: THREAD=REFERENCES and THREAD=ORDEREDSUBJECT.
class TestThreads : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void references_data();
    void references();
    void orderedSubject_data();
    void orderedSubject();
    void equalsThePlainOne_data();
    void equalsThePlainOne();
    void deepChains_data();
    void deepChains();
    void deepLoop();
    void thousandsOfOneId();
    void wideHostileLinks();
    void manyHostileMoves();
};

namespace
{

constexpr qsizetype Depth = 100'000;
enum class Order { Ascending, Descending, Random };

ThreadName name(qsizetype i)
{
    return static_cast<ThreadName>(i) + 1;
}

// "id<parent<grandparent subject", "-" for no id, a reply by "re:" in front of the subject; dates
// in order of the list unless "@n" stands at the end.
QList<ThreadMessage> messagesOf(const QByteArrayList &lines)
{
    QList<ThreadMessage> messages;
    ThreadNames names;
    for (const QByteArray &line : lines) {
        ThreadMessage message;
        message.uid = Uid(static_cast<quint32>(messages.size()) + 1);
        message.sentUtc = message.uid.value;
        auto words = line.split(' ');
        if (words.last().startsWith('@')) {
            message.sentUtc = words.takeLast().mid(1).toLongLong();
        }
        auto ids = words.takeFirst().split('<');
        const auto own = ids.takeFirst();
        message.messageId = names.of(own == "-" ? QByteArray() : own);
        for (; !ids.isEmpty(); ids.removeLast()) {
            message.references.append(names.of(ids.last()));
        }
        auto subject = words.value(0);
        if (subject.startsWith("re:")) {
            message.isReply = true;
            subject = subject.mid(3);
        }
        message.subject = names.of(subject);
        messages.append(message);
    }
    return messages;
}

} // namespace

void TestThreads::references_data()
{
    QTest::addColumn<QByteArrayList>("messages");
    QTest::addColumn<QByteArray>("threads");
    const auto row = [](const char *name, const QByteArrayList &messages, const char *threads) {
        QTest::newRow(name) << messages << QByteArray(threads);
    };
    row("none", {}, "");
    row("one", {"a"}, "(1)");
    row("two strangers", {"a x", "b y"}, "(1)(2)");
    row("an answer", {"a x", "b<a y"}, "(1 2)");
    row("a chain", {"a", "b<a", "c<b<a", "d<c"}, "(1 2 3 4)");
    row("two answers", {"a", "b<a", "c<a"}, "(1 (2)(3))");
    row("a chain that forks", {"a", "b<a", "c<b", "d<b", "e<c"}, "(1 2 (3 5)(4))");
    row("the answer comes first", {"b<a", "a @0"}, "(2 1)");
    row("1 a missing parent with one child goes", {"b<a x"}, "(1)");
    row("1 a missing parent with two children stays at the top", {"b<a x", "c<a y"}, "((1)(2))");
    row("1 a missing message within", {"a", "c<b<a", "d<b<a"}, "(1 (2)(3))");
    row("1 the first of a double id has it", {"a", "a", "b<a"}, "(1 3)(2)");
    row("1 no id", {"- x", "- y", "b<- z"}, "(1)(2)(3)");
    row("1A a known parent is not changed", {"a", "b", "c<b", "d<c<a"}, "(1)(2 3 4)");
    row("1B a message's own references win", {"a", "d<c<b<a", "c<b @0"}, "(1 3 2)");
    row("a message refers to itself", {"a<a"}, "(1)");
    row("two refer to each other", {"a<b", "b<a"}, "(2 1)");
    row("a loop of three", {"a<c", "b<a", "c<b"}, "(3 1 2)");
    row("5 the same subject", {"a x", "b x"}, "((1)(2))");
    row("5 an answer without references", {"a x", "b re:x"}, "(1 2)");
    row("5 an answer that is there first", {"b re:x", "a x"}, "(2 1)");
    row("5 answers to what is missing", {"a re:x", "b re:x"}, "((1)(2))");
    row("5 a dummy takes them in", {"b<a x", "c<a x", "d x", "e re:x"}, "((1)(2)(3)(4))");
    row("5 two dummies", {"b<a x", "c<a x", "e<d x", "f<d x"}, "((1)(2)(3)(4))");
    row("5 three of one subject", {"a x", "b x", "c x"}, "((1)(2)(3))");
    row("5 no subject", {"a", "b"}, "(1)(2)");
    row("6 by date, then by number", {"a", "c<a @5", "b<a @4", "d<a @5"}, "(1 (3)(2)(4))");
    row("6 threads by their first message", {"b<a @9", "c<a @3", "d @5"}, "((2)(1))(3)");
}

void TestThreads::references()
{
    QFETCH(const QByteArrayList, messages);
    QFETCH(const QByteArray, threads);
    QCOMPARE(threadsByReferences(messagesOf(messages)), threads);
    QCOMPARE(plainThreadsByReferences(messagesOf(messages)), threads);
}

void TestThreads::orderedSubject_data()
{
    QTest::addColumn<QByteArrayList>("messages");
    QTest::addColumn<QByteArray>("threads");
    const auto row = [](const char *name, const QByteArrayList &messages, const char *threads) {
        QTest::newRow(name) << messages << QByteArray(threads);
    };
    row("none", {}, "");
    row("one", {"a x"}, "(1)");
    row("two of a subject", {"a x", "b y", "c re:x"}, "(1 3)(2)");
    row("three of a subject", {"a x", "b x", "c x"}, "(1 (2)(3))");
    row("the oldest first, whatever it is", {"a re:x @3", "b x @1", "c y @2"}, "(2 1)(3)");
    row("no subject is one too", {"a", "b", "c y @0"}, "(3)(1 2)");
}

void TestThreads::orderedSubject()
{
    QFETCH(const QByteArrayList, messages);
    QFETCH(const QByteArray, threads);
    QCOMPARE(threadsByOrderedSubject(messagesOf(messages)), threads);
    QCOMPARE(plainThreadsByOrderedSubject(messagesOf(messages)), threads);
}

void TestThreads::equalsThePlainOne_data()
{
    QTest::addColumn<int>("ids"); // so many different ones: the fewer, the more loops
    QTest::addColumn<int>("subjects");
    QTest::newRow("few ids") << 5 << 3;
    QTest::newRow("as many as messages") << 30 << 6;
    QTest::newRow("many missing") << 200 << 10;
    QTest::newRow("no subjects") << 40 << 1;
}

void TestThreads::equalsThePlainOne()
{
    QFETCH(const int, ids);
    QFETCH(const int, subjects);
    std::mt19937 random(20261129);
    const auto below = [&random](int n) {
        return static_cast<int>(random() % static_cast<unsigned>(n));
    };
    for (int round = 0; round < 1000; ++round) {
        QList<ThreadMessage> messages(below(40));
        for (qsizetype i = 0; i < messages.size(); ++i) {
            ThreadMessage &message = messages[i];
            message.uid = Uid(static_cast<quint32>(i) + 1);
            message.messageId = below(10) == 0 ? 0 : name(below(ids));
            for (int r = below(5); r > 0; --r) {
                message.references.append(name(below(ids)));
            }
            message.subject = static_cast<ThreadName>(below(subjects));
            message.isReply = below(2) == 0;
            message.sentUtc = below(20);
        }
        QCOMPARE(threadsByReferences(messages), plainThreadsByReferences(messages));
        QCOMPARE(threadsByOrderedSubject(messages), plainThreadsByOrderedSubject(messages));
    }
}

void TestThreads::deepChains_data()
{
    QTest::addColumn<Order>("order");
    QTest::addColumn<qsizetype>("references");
    for (const qsizetype references : {1, 10}) {
        const int count = static_cast<int>(references);
        QTest::addRow("oldest first, %d references", count) << Order::Ascending << references;
        QTest::addRow("newest first, %d references", count) << Order::Descending << references;
        QTest::addRow("in no order, %d references", count) << Order::Random << references;
    }
}

void TestThreads::deepChains()
{
    QFETCH(const Order, order);
    QFETCH(const qsizetype, references);
    QList<ThreadMessage> messages;
    QByteArray expected = "(";
    for (qsizetype i = 0; i < Depth; ++i) {
        ThreadMessage message;
        message.messageId = name(i);
        for (qsizetype r = std::max<qsizetype>(0, i - references); r < i; ++r) {
            message.references.append(name(r));
        }
        message.uid = Uid(static_cast<quint32>(i) + 1);
        message.sentUtc = i;
        messages.append(message);
        expected += (i == 0 ? "" : " ") + QByteArray::number(message.uid.value);
    }
    if (order == Order::Descending) {
        std::reverse(messages.begin(), messages.end());
    } else if (order == Order::Random) {
        std::shuffle(messages.begin(), messages.end(), std::mt19937(20261129));
    }
    QVERIFY(threadsByReferences(messages) == expected + ')');
}

// Each refers to the one before, and the first to the last: the link that came first stays.
void TestThreads::deepLoop()
{
    QList<ThreadMessage> messages;
    QByteArray expected = '(' + QByteArray::number(Depth);
    for (qsizetype i = 0; i < Depth; ++i) {
        ThreadMessage message;
        message.uid = Uid(static_cast<quint32>(i) + 1);
        message.messageId = name(i);
        message.references = {name(i == 0 ? Depth - 1 : i - 1)};
        messages.append(message);
        expected += i + 1 < Depth ? ' ' + QByteArray::number(message.uid.value) : QByteArray(")");
    }
    QVERIFY(threadsByReferences(messages) == expected);
}

// "the second message must not replace the first": the others have no id, and all refer to it.
void TestThreads::thousandsOfOneId()
{
    QList<ThreadMessage> messages;
    QByteArray expected = "(1 ";
    for (qsizetype i = 0; i < Depth; ++i) {
        ThreadMessage message;
        message.uid = Uid(static_cast<quint32>(i) + 1);
        message.messageId = 1;
        message.references = {1};
        message.subject = 1;
        messages.append(message);
        expected += i == 0 ? QByteArray() : '(' + QByteArray::number(message.uid.value) + ')';
    }
    QVERIFY(threadsByReferences(messages) == expected + ')');
    QVERIFY(threadsByOrderedSubject(messages) == expected + ')');
}

// Whole trees are hung below the end of a long chain, one after the other: each link has to be
// looked at for a loop.
void TestThreads::wideHostileLinks()
{
    constexpr int Count = 50'000;
    QList<ThreadMessage> messages;
    const auto add = [&messages](ThreadName id, const QList<ThreadName> &references) {
        ThreadMessage message;
        message.uid = Uid(static_cast<quint32>(messages.size()) + 1);
        message.messageId = id;
        message.references = references;
        messages.append(message);
    };
    const auto in = [](int chain, int i) { return name(chain * Count + i); };
    const auto missing = in(5, 0);
    for (int i = 0; i < Count; ++i) {
        add(in(0, i), {i == 0 ? missing : in(0, i - 1)});
    }
    for (int i = 0; i < Count; ++i) {
        add(in(1, i), {in(2, i), in(3, i)});
        add(in(4, i), {in(0, Count - 1), in(2, i)});
    }
    const auto threads = threadsByReferences(messages);
    QCOMPARE(threads.count('('), threads.count(')'));
    QVERIFY(threads.startsWith("(1 2 3 "));
}

// The first messages make one long chain of the others, by what they refer to; each of those then
// takes itself and all below it to the end of another long chain.
void TestThreads::manyHostileMoves()
{
    constexpr int Count = 50'000;
    constexpr int References = 100;
    QList<ThreadMessage> messages;
    const auto add = [&messages](ThreadName id, const QList<ThreadName> &references) {
        ThreadMessage message;
        message.uid = Uid(static_cast<quint32>(messages.size()) + 1);
        message.messageId = id;
        message.references = references;
        messages.append(message);
    };
    const auto in = [](int chain, int i) { return name(chain * (Count + References) + i); };
    for (const int chain : {0, 1}) {
        for (int i = 0; i + 1 < Count; i += References - 1) {
            QList<ThreadName> references;
            for (int r = i; r < i + References; ++r) {
                references.append(in(chain, r));
            }
            add(0, references);
        }
    }
    for (int i = 0; i < Count; ++i) {
        add(in(1, i), {in(0, Count - 1)});
    }
    const auto threads = threadsByReferences(messages);
    QCOMPARE(threads.count('('), threads.count(')'));
    QVERIFY(threads.count('(') > Count);
}

QTEST_GUILESS_MAIN(TestThreads)
#include "tst_threads.moc"
