#include "core/search/collation.h"
#include "core/search/sortprogram.h"
#include "fakemailbox.h"

#include <QTest>

#include <random>

using namespace Postnook;

// SORT (RFC 5256, RFC 5957) over messages as they are stored.
class TestSort : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parses_data();
    void parses();
    void collates_data();
    void collates();
    void sorts_data();
    void sorts();
    void keepsTheOrderOfEquals();
    void sortsByRelevancy();
    void stopsWhenCancelled();
};

void TestSort::parses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("count"); // 0: malformed
    QTest::newRow("one") << QByteArray("(ARRIVAL)") << 1;
    QTest::newRow("in any case") << QByteArray("(reverse Date sUbject)") << 2;
    QTest::newRow("all") << QByteArray(
        "(ARRIVAL CC DATE FROM SIZE SUBJECT TO DISPLAYFROM DISPLAYTO)")
                         << 9;
    QTest::newRow("twice") << QByteArray("(SIZE SIZE)") << 2;
    QTest::newRow("none") << QByteArray("()") << 0;
    QTest::newRow("no list") << QByteArray("DATE") << 0;
    QTest::newRow("unknown") << QByteArray("(COLOUR)") << 0;
    QTest::newRow("reverse of nothing") << QByteArray("(REVERSE)") << 0;
    QTest::newRow("reverse twice") << QByteArray("(REVERSE REVERSE DATE)") << 0;
    QTest::newRow("not closed") << QByteArray("(DATE") << 0;
    QTest::newRow("more than there are") << '(' + QByteArray("SIZE ").repeated(33) + "DATE)" << 0;
}

void TestSort::parses()
{
    QFETCH(const QByteArray, text);
    QFETCH(const int, count);
    TokenCursor cursor(text);
    const auto program = parseSortProgram(cursor);
    QCOMPARE(!cursor.hasFailed(), count > 0);
    if (count > 0) {
        QCOMPARE(program.size(), count);
        QVERIFY(cursor.atEnd());
    }
}

// rfc5051 2: what is equal, and what comes first.
void TestSort::collates_data()
{
    QTest::addColumn<QString>("a");
    QTest::addColumn<QString>("b");
    QTest::addColumn<int>("order");
    const auto row = [](const char *name, const QString &a, const QString &b, int order) {
        QTest::newRow(name) << a << b << order;
    };
    row("the same", QStringLiteral("abc"), QStringLiteral("abc"), 0);
    row("case", QStringLiteral("aBc"), QStringLiteral("AbC"), 0);
    row("case beyond ASCII", QStringLiteral("ÄRGER Ω"), QStringLiteral("ärger ω"), 0);
    row("composed and not", QStringLiteral("\u00e4"), QStringLiteral("a\u0308"), 0);
    row("compatible forms", QStringLiteral("\uff21\ufb01"), QStringLiteral("Afi"), 1);
    row("above the basic plane", QStringLiteral("\U00010428"), QStringLiteral("\U00010400"), 0);
    row("empty first", QString(), QStringLiteral("a"), -1);
    row("accents count", QStringLiteral("a"), QStringLiteral("ä"), -1);
    row("digraphs", QStringLiteral("\u01c6"), QStringLiteral("\u01c4"), 0);
    row("no full folding", QStringLiteral("\u00df"), QStringLiteral("ss"), 1);
    row("greek final sigma", QStringLiteral("\u03c2"), QStringLiteral("\u03c3"), 0);
    row("turkish, without a dot", QStringLiteral("\u0131"), QStringLiteral("i"), 0);
    row("turkish, with a dot", QStringLiteral("\u0130"), QStringLiteral("i\u0307"), 0);
    row("hangul in parts", QStringLiteral("\ud55c"), QStringLiteral("\u1112\u1161\u11ab"), 0);
    row("broken behind all", QStringLiteral("a\ufffd"), QStringLiteral("\U0010fffd"), 1);
    row("broken by octets", QStringLiteral("A\ufffd"), QStringLiteral("a\ufffd"), -1);
    row("letters by number", QStringLiteral("b"), QStringLiteral("a"), 1);
}

void TestSort::collates()
{
    QFETCH(const QString, a);
    QFETCH(const QString, b);
    QFETCH(const int, order);
    const int compared = collationKey(a).compare(collationKey(b));
    QCOMPARE((compared > 0) - (compared < 0), order);
}

void TestSort::sorts_data()
{
    QTest::addColumn<QByteArray>("program");
    QTest::addColumn<QByteArray>("sorted");
    const auto row = [](const char *program, const char *sorted) {
        QTest::newRow(program) << QByteArray(program) << QByteArray(sorted);
    };
    row("(ARRIVAL)", "3 1 2 5 4");
    row("(REVERSE ARRIVAL)", "4 5 2 1 3");
    row("(DATE)", "2 3 1 4 5");
    row("(SIZE)", "5 4 3 2 1");
    row("(SUBJECT)", "4 5 2 3 1");
    row("(SUBJECT REVERSE DATE)", "5 4 3 2 1");
    row("(REVERSE SUBJECT DATE)", "1 2 3 4 5");
    row("(FROM)", "4 5 2 1 3");
    row("(TO)", "2 4 5 3 1");
    row("(CC)", "1 2 3 4 5");
    row("(REVERSE CC)", "5 1 2 3 4");
    row("(DISPLAYFROM)", "4 5 3 2 1");
    row("(DISPLAYTO)", "2 5 4 3 1");
}

void TestSort::sorts()
{
    QFETCH(const QByteArray, program);
    FakeMailbox mailbox;
    mailbox
        .add(
            1,
            "From: Zoe <m@x>\r\nTo: c@x\r\nSubject: zebra and much more of it to be the largest\r\n"
            "Date: Thu, 1 Jan 2026 12:00:00 +0000\r\n\r\nwith a body that makes it longer than "
            "others")
        .received(" 2-Jan-2026 00:00:00 +0000");
    mailbox
        .add(2,
             "From: =?utf-8?q?=C3=84nne?= <b@x>\r\nSubject: Re: apple\r\n"
             "Date: Thu, 1 Jan 2026 01:00:00 +0200\r\n\r\nwith a body of some length, too")
        .received(" 3-Jan-2026 00:00:00 +0000");
    mailbox
        .add(3,
             "From: albert <n@x>\r\nTo: \"b\" <b@y>\r\nSubject: APPLE\r\n"
             "Date: Thu, 1 Jan 2026 00:00:00 +0000\r\n\r\nbody")
        .received(" 1-Jan-2026 23:00:00 -0000");
    mailbox.add(4, "To: a@z\r\nDate: Sat, 3 Jan 2026 00:00:00 +0000\r\n\r\nbody")
        .received(" 5-Jan-2026 00:00:00 +0100");
    mailbox.add(5, "From: a@zz\r\nTo: A@y\r\nCc: q@x\r\n\r\n")
        .received(" 4-Jan-2026 10:00:00 +0000");

    TokenCursor cursor(program);
    const auto parsed = parseSortProgram(cursor);
    QVERIFY(!cursor.hasFailed());
    QTEST(toText(sortMessages(mailbox, MailboxId(7), mailbox.allUids(), parsed)), "sorted");
    QCOMPARE(mailbox.contentsOpened, 0);
    // And only those that are asked for.
    QCOMPARE(sortMessages(mailbox, MailboxId(7), {Uid(2), Uid(5)}, parsed)->size(), 2);
}

void TestSort::keepsTheOrderOfEquals()
{
    FakeMailbox mailbox;
    QByteArrayList expected;
    for (quint32 uid = 1; uid <= 200; ++uid) {
        mailbox.add(uid, "Subject: same\r\n\r\n");
        expected.append(QByteArray::number(uid));
    }
    for (const char *program : {"(SUBJECT)", "(REVERSE SUBJECT)", "(REVERSE SIZE FROM)"}) {
        TokenCursor cursor(program);
        const auto parsed = parseSortProgram(cursor);
        QCOMPARE(toText(sortMessages(mailbox, MailboxId(7), mailbox.allUids(), parsed)),
                 expected.join(' '));
    }
}

// RFC 6203 6: the most relevant first.
void TestSort::sortsByRelevancy()
{
    FakeMailbox mailbox;
    mailbox.add(1, "Subject: b\r\n\r\n");
    mailbox.add(2, "Subject: a\r\n\r\n");
    mailbox.add(3, "Subject: a\r\n\r\n");
    mailbox.add(4, "Subject: c\r\n\r\n");
    Relevancies relevancies;
    relevancies.add(Uid(1), 40);
    relevancies.add(Uid(2), 7);
    relevancies.add(Uid(3), 40);
    const std::pair<const char *, const char *> orders[] = {
        {"(RELEVANCY)", "4 1 3 2"}, // what has no score meets the search exactly
        {"(REVERSE RELEVANCY)", "2 1 3 4"},
        {"(RELEVANCY SUBJECT)", "4 3 1 2"},
        {"(SUBJECT RELEVANCY)", "3 2 1 4"},
    };
    for (const auto &[program, sorted] : orders) {
        TokenCursor cursor(program);
        const auto parsed = parseSortProgram(cursor);
        QVERIFY(Postnook::sortsByRelevancy(parsed));
        QCOMPARE(
            toText(sortMessages(mailbox, MailboxId(7), mailbox.allUids(), parsed, relevancies)),
            QByteArray(sorted));
    }
    TokenCursor cursor("(SUBJECT)");
    QVERIFY(!Postnook::sortsByRelevancy(parseSortProgram(cursor)));
}

void TestSort::stopsWhenCancelled()
{
    FakeMailbox mailbox;
    for (quint32 uid = 1; uid <= 20; ++uid) {
        mailbox.add(uid, "a");
    }
    mailbox.cancelAtQuestion(5);
    const auto sorted =
        sortMessages(mailbox, MailboxId(7), mailbox.allUids(), {{SortCriterion::Key::Size, false}});
    QVERIFY(!sorted.has_value());
    QCOMPARE(sorted.error().code, ErrorCode::Cancelled);
    QVERIFY(mailbox.rowsVisited < 20);
}

QTEST_GUILESS_MAIN(TestSort)
#include "tst_sort.moc"
