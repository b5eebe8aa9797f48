#include "core/mime/basesubject.h"
#include "core/search/collation.h"
#include "core/search/messagekeys.h"
#include "core/search/sortprogram.h"
#include "fakemailbox.h"
#include "plainsort.h"

#include <QTest>

#include <random>

using namespace Postnook;

namespace
{

// Messages of which it is known what they say, and what a sort has to compare.
class SortMailGenerator
{
public:
    explicit SortMailGenerator(quint32 seed)
        : m_random(seed)
    {
    }

    PlainSortMessage addTo(FakeMailbox &mailbox, quint32 uid);
    QByteArrayList program();
    QString subject();

private:
    int below(int n) { return static_cast<int>(m_random() % static_cast<unsigned>(n)); }
    bool oneIn(int n) { return below(n) == 0; }
    template <typename T>
    const T &pick(const QList<T> &list)
    {
        return list.at(below(static_cast<int>(list.size())));
    }
    std::optional<PlainAddress> addAddresses(QByteArray &header, const char *name);
    std::optional<qint64> addDate(QByteArray &header);
    QByteArray encoded(const QString &text);

    std::mt19937 m_random;
};

// Out of what RFC 5256 5 is made of.
QString SortMailGenerator::subject()
{
    static const QStringList tokens{
        QStringLiteral("Re:"),    QStringLiteral("re"),      QStringLiteral("FW"),
        QStringLiteral("fwd"),    QStringLiteral(":"),       QStringLiteral("["),
        QStringLiteral("]"),      QStringLiteral("[a]"),     QStringLiteral("[b] "),
        QStringLiteral(" "),      QStringLiteral("  "),      QStringLiteral("\t"),
        QStringLiteral("(fwd)"),  QStringLiteral("(FWD"),    QStringLiteral("[fwd:"),
        QStringLiteral("[Fwd: "), QStringLiteral("x"),       QStringLiteral("X"),
        QStringLiteral("ä"),      QStringLiteral("A\u0308"), QStringLiteral("ß"),
        QStringLiteral("日本"),   QStringLiteral("ǆ"),       QStringLiteral("ﬁ")};
    QString text;
    for (int i = below(9); i > 0; --i) {
        text += pick(tokens);
    }
    return text;
}

QByteArray SortMailGenerator::encoded(const QString &text)
{
    return oneIn(2) ? text.toUtf8() : "=?utf-8?b?" + text.toUtf8().toBase64() + "?=";
}

std::optional<PlainAddress> SortMailGenerator::addAddresses(QByteArray &header, const char *name)
{
    if (oneIn(5)) {
        header += oneIn(2) ? QByteArray() : name + QByteArray(":\r\n");
        return std::nullopt;
    }
    const QStringList names{{},
                            {},
                            QStringLiteral("Zoë"),
                            QStringLiteral("zoe"),
                            QStringLiteral("Änne B"),
                            QStringLiteral("änne b")};
    const PlainAddress address{pick(names),
                               pick(QByteArrayList{"ann", "Ann", "bob", "b.c"}),
                               pick(QByteArrayList{"x.org", "X.org", "y.org"})};
    const auto written = address.mailbox + '@' + *address.host;
    header += QByteArray(name) + ": ";
    if (oneIn(8)) { // ENVELOPE begins with the group's name
        header += "team: " + written + ";\r\n";
        return PlainAddress{{}, "team", std::nullopt};
    }
    header += address.name.isEmpty() ? (oneIn(2) ? written : "\"\" <" + written + '>')
                                     : encoded(address.name) + "\r\n <" + written + '>';
    header += oneIn(3) ? ", Aaron <aaa@a.org>\r\n" : "\r\n";
    return address;
}

std::optional<qint64> SortMailGenerator::addDate(QByteArray &header)
{
    const int day = 1 + below(4);
    const int hour = below(24);
    const int zone = below(5) - 2;
    const auto midnight = (20'454 + day - 1) * 86'400LL; // the first is 1 January 2026
    const auto written = "Date: " + QByteArray::number(day) + " Jan 2026 ";
    const auto time = QByteArray::number(hour).rightJustified(2, '0') + ":00:00 ";
    switch (below(8)) {
    case 0:
        return std::nullopt;
    case 1:
        header += "Date: soon\r\n";
        return std::nullopt;
    case 2: // RFC 5256 2.2: no such zone is UTC
        header += written + time + "+9999\r\n";
        return midnight + hour * 3600LL;
    case 3: // and no such time midnight
        header += written + "25:61:00 +0000\r\n";
        return midnight;
    default:
        header += written + time + (zone < 0 ? "-0" : "+0") + QByteArray::number(std::abs(zone))
            + "00\r\n";
        return midnight + (hour - zone) * 3600LL;
    }
}

PlainSortMessage SortMailGenerator::addTo(FakeMailbox &mailbox, quint32 uid)
{
    PlainSortMessage message{.uid = uid,
                             .subject = oneIn(5) ? QString() : subject().trimmed(),
                             .arrivedUtc = (20'454 + below(4)) * 86'400LL + below(3),
                             .sentUtc = {},
                             .size = 0,
                             .from = {},
                             .to = {},
                             .cc = {}};
    QByteArray header;
    if (!message.subject.isEmpty()) {
        header += "Subject: " + encoded(message.subject) + "\r\n";
    }
    message.sentUtc = addDate(header);
    message.from = addAddresses(header, "From");
    message.to = addAddresses(header, "To");
    message.cc = addAddresses(header, "Cc");
    const QByteArray bytes = header + "\r\n" + QByteArray(below(40), 'x');
    message.size = bytes.size();
    auto &stored = mailbox.add(uid, bytes);
    stored.internalDate = {message.arrivedUtc, (below(27) - 12) * 60};
    stored.expunged = oneIn(10);
    return message;
}

QByteArrayList SortMailGenerator::program()
{
    const QByteArrayList keys{
        "ARRIVAL", "CC", "DATE", "FROM", "SIZE", "SUBJECT", "TO", "DISPLAYFROM", "DISPLAYTO"};
    QByteArrayList words;
    for (int i = 1 + below(3); i > 0; --i) {
        if (oneIn(3)) {
            words.append("REVERSE");
        }
        words.append(pick(keys));
    }
    return words;
}

Result<QList<Uid>> sorted(FakeMailbox &mailbox,
                          const QList<Uid> &uids,
                          const SortProgram &program,
                          const Relevancies &relevancies = {})
{
    MessageKeys keys(AccountId(1), std::make_shared<KeyCache>());
    return sortMessages(mailbox, MailboxId(7), uids, program, keys, relevancies);
}

} // namespace

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
    void sortsByBeginnings();
    void threadsByWholeSubjects();
    void sortsByRelevancy();
    void findsThePlainBaseSubject();
    void equalsThePlainOne_data();
    void equalsThePlainOne();
    void readsEachKeyOnce();
    void keepsWhatLasts();
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
    const auto marks = QStringLiteral(u"\u0301\u0316").repeated(1'000'000);
    row("marks without end", u'a' + marks, u'A' + marks, 0);
    const auto letters = QString(u'\u00e9').repeated(3'000'000); // that take more room apart
    row("long", letters, letters.toUpper(), 0);
    row("letters by number", QStringLiteral("b"), QStringLiteral("a"), 1);
}

void TestSort::collates()
{
    QFETCH(const QString, a);
    QFETCH(const QString, b);
    QFETCH(const int, order);
    const int compared = collationKey(a.toUtf8()).compare(collationKey(b.toUtf8()));
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
    QTEST(toText(sorted(mailbox, mailbox.allUids(), parsed)), "sorted");
    QCOMPARE(mailbox.contentsOpened, 0);
    // And only those that are asked for.
    QCOMPARE(sorted(mailbox, {Uid(2), Uid(5)}, parsed)->size(), 2);
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
        QCOMPARE(toText(sorted(mailbox, mailbox.allUids(), parsed)), expected.join(' '));
    }
}

// The first of a field's megabytes are enough; no character is cut.
void TestSort::sortsByBeginnings()
{
    const auto euros = QByteArray("\xe2\x82\xac").repeated(333);
    FakeMailbox mailbox;
    mailbox.add(1, "Subject: " + euros + "\xe2\x82\xac z\r\n\r\n");
    mailbox.add(2, "Subject: " + euros + "\xe2\x82\xac a\r\n\r\n");
    mailbox.add(3, "Subject: " + euros + "\xe2\x82\xac\r\n\r\n");
    mailbox.add(4, "Subject: " + euros + "a\r\n\r\n");
    mailbox.add(5, "Subject: " + euros + "\r\n\r\n");
    TokenCursor cursor("(SUBJECT)");
    QCOMPARE(toText(sorted(mailbox, mailbox.allUids(), parseSortProgram(cursor))),
             QByteArray("1 2 3 5 4"));
}

// Not all that begins alike is one thread.
void TestSort::threadsByWholeSubjects()
{
    const QByteArray beginning(2000, 'b');
    FakeMailbox mailbox;
    mailbox.add(1, "Subject: " + beginning + "a\r\n\r\n");
    mailbox.add(2, "Subject: " + beginning + "b\r\n\r\n");
    mailbox.add(3, "Subject: Re: " + beginning.toUpper() + "A\r\n\r\n");
    MessageKeys keys(AccountId(1), std::make_shared<KeyCache>());
    const auto threads = keys.threadKeys(mailbox, MailboxId(7), mailbox.allUids());
    QVERIFY(threads);
    QVERIFY(threads->at(0).subject != threads->at(1).subject);
    QCOMPARE(threads->at(0).subject, threads->at(2).subject);
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
    for (const auto &[program, order] : orders) {
        TokenCursor cursor(program);
        const auto parsed = parseSortProgram(cursor);
        QVERIFY(Postnook::sortsByRelevancy(parsed));
        QCOMPARE(toText(sorted(mailbox, mailbox.allUids(), parsed, relevancies)),
                 QByteArray(order));
    }
    TokenCursor cursor("(SUBJECT)");
    QVERIFY(!Postnook::sortsByRelevancy(parseSortProgram(cursor)));
}

void TestSort::findsThePlainBaseSubject()
{
    SortMailGenerator generator(20261129);
    for (int i = 0; i < 5'000; ++i) {
        const auto subject = generator.subject();
        const auto expected = plainBaseSubject(subject);
        const auto found = Mime::baseSubject(subject.toUtf8());
        QVERIFY2(
            found.text == expected.text.toUtf8()
                && found.isReplyOrForward == expected.isReplyOrForward,
            (subject.toUtf8() + "\nis      " + found.text + "\nand not " + expected.text.toUtf8())
                .constData());
    }
}

void TestSort::equalsThePlainOne_data()
{
    QTest::addColumn<quint32>("seed");
    const auto rounds = qMax(20, qEnvironmentVariableIntValue("POSTNOOK_RANDOM_ROUNDS"));
    for (quint32 seed = 1; seed <= static_cast<quint32>(rounds); ++seed) {
        QTest::addRow("seed %u", seed) << seed;
    }
}

void TestSort::equalsThePlainOne()
{
    QFETCH(const quint32, seed);
    constexpr quint32 Messages = 40;
    constexpr int Programs = 20;
    SortMailGenerator generator(seed);
    FakeMailbox mailbox;
    QList<PlainSortMessage> messages;
    for (quint32 uid = 1; uid <= Messages; ++uid) {
        messages.append(generator.addTo(mailbox, uid));
    }
    for (int i = 0; i < Programs; ++i) {
        const auto program = generator.program();
        const auto text = '(' + program.join(' ') + ')';
        TokenCursor cursor(text);
        const auto parsed = parseSortProgram(cursor);
        QList<Uid> expected;
        for (const auto uid : plainSort(messages, program)) {
            expected.append(Uid(uid));
        }
        const auto found = sorted(mailbox, mailbox.allUids(), parsed);
        QVERIFY2(
            found && *found == expected,
            (text + "\nfound    " + toText(found) + "\nexpected " + toText(expected)).constData());
    }
}

void TestSort::readsEachKeyOnce()
{
    FakeMailbox mailbox;
    const auto add = [&mailbox](quint32 uid, const QByteArray &subject) {
        mailbox.add(uid, "Subject: " + subject + "\r\n\r\n");
    };
    add(2, "pear");
    add(5, "apple");
    add(8, "fig");
    MessageKeys keys(AccountId(1), std::make_shared<KeyCache>());
    const auto sortBy = [&](const QByteArray &program, const QList<Uid> &uids) {
        mailbox.rowsVisited = 0;
        TokenCursor cursor(program);
        return toText(
            sortMessages(mailbox, MailboxId(7), uids, parseSortProgram(cursor), keys, {}));
    };
    QCOMPARE(sortBy("(SUBJECT)", {Uid(2), Uid(8)}), QByteArray("8 2"));
    QCOMPARE(mailbox.rowsVisited, 2);
    QCOMPARE(sortBy("(SUBJECT)", {Uid(2), Uid(5), Uid(8)}), QByteArray("5 8 2"));
    QCOMPARE(mailbox.rowsVisited, 3); // texts are compared, and of a few all are read again
    QCOMPARE(sortBy("(REVERSE SUBJECT)", {Uid(2), Uid(5), Uid(8)}), QByteArray("2 8 5"));
    QCOMPARE(mailbox.rowsVisited, 0);
    QCOMPARE(sortBy("(SUBJECT SIZE)", {Uid(5), Uid(8)}), QByteArray("5 8"));
    QCOMPARE(mailbox.rowsVisited, 2); // another key
    add(3, "fig");
    add(9, "banana");
    QCOMPARE(sortBy("(SUBJECT)", mailbox.allUids()), QByteArray("5 9 3 8 2"));
    QCOMPARE(mailbox.rowsVisited, 5);
    sortBy("(SIZE)", mailbox.allUids());
    QCOMPARE(mailbox.rowsVisited, 3); // a number is read once
    // What is gone is sorted as though it had no key.
    QCOMPARE(sortBy("(SIZE)", {Uid(4), Uid(5)}), QByteArray("4 5"));
    // Threads too.
    QCOMPARE(keys.threadKeys(mailbox, MailboxId(7), mailbox.allUids())->size(), 5);
    mailbox.rowsVisited = 0;
    const auto threads = keys.threadKeys(mailbox, MailboxId(7), {Uid(3), Uid(9)});
    QCOMPARE(threads->size(), 2);
    QCOMPARE(threads->last().uid, Uid(9));
    QCOMPARE(mailbox.rowsVisited, 0);
}

// What an older scanner has found may be found anew, and otherwise.
void TestSort::keepsWhatLasts()
{
    FakeMailbox mailbox;
    mailbox.add(1, "Subject: b\r\n\r\n").meta.scannerVersion = 1;
    mailbox.add(2, "Subject: a\r\n\r\n");
    MessageKeys keys(AccountId(1), std::make_shared<KeyCache>());
    const auto ranks = [&] {
        return *keys.sortKeys(mailbox, MailboxId(7), SortCriterion::Key::Subject, {Uid(1), Uid(2)});
    };
    QCOMPARE(ranks(), QList<qint64>({1, 0}));
    mailbox.add(1, "Subject: A\r\n\r\n");
    QCOMPARE(ranks(), QList<qint64>({0, 0}));
}

void TestSort::stopsWhenCancelled()
{
    FakeMailbox mailbox;
    for (quint32 uid = 1; uid <= 20; ++uid) {
        mailbox.add(uid, "a");
    }
    mailbox.cancelAtQuestion(5);
    const auto found = sorted(mailbox, mailbox.allUids(), {{SortCriterion::Key::Size, false}});
    QVERIFY(!found.has_value());
    QCOMPARE(found.error().code, ErrorCode::Cancelled);
    QVERIFY(mailbox.rowsVisited < 20);
}

QTEST_GUILESS_MAIN(TestSort)
#include "tst_sort.moc"
