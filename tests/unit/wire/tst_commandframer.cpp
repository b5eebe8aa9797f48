#include "core/wire/commandframer.h"

#include <QRandomGenerator>
#include <QTest>

#include <functional>
#include <limits>

using namespace Postnook;

using Event = CommandFramer::Event;

namespace
{

// What the owner does with a literal.
using Answer = std::function<void(CommandFramer &)>;

void acceptOrRefuse(CommandFramer &framer)
{
    framer.fitsLimits() ? framer.acceptLiteral() : framer.skipCommand();
}

// Plays the owner and writes down what it saw, one line an event; streamed bytes are joined.
class Owner
{
public:
    explicit Owner(Answer answer)
        : m_answer(std::move(answer))
    {
    }

    CommandFramer &framer() { return m_framer; }
    QByteArrayList log() const { return m_log; }

    void feed(QByteArrayView bytes)
    {
        m_framer.feed(bytes);
        for (auto event = m_framer.next(); event != Event::NeedMore; event = m_framer.next()) {
            note(event);
        }
    }

private:
    void note(Event event)
    {
        switch (event) {
        case Event::NeedMore:
            break;
        case Event::Command:
            m_log += "command " + m_framer.take();
            break;
        case Event::LiteralAhead: {
            const auto &literal = m_framer.literal();
            m_log += "literal " + QByteArray::number(literal.size)
                + (literal.synchronising ? "" : "+") + (literal.binary ? "~ " : " ")
                + m_framer.text();
            m_answer(m_framer);
            break;
        }
        case Event::LiteralData:
            if (!m_log.last().startsWith("data ")) {
                m_log += "data ";
            }
            m_log.last() += m_framer.streamed();
            break;
        case Event::LiteralEnd:
            m_log += "end";
            break;
        case Event::LineTooLong:
            m_log += (m_framer.isOverrun() ? "overrun " : "tooLong ") + m_framer.text();
            break;
        case Event::BareCr:
            m_log += "bareCr " + m_framer.text();
            break;
        }
    }

    CommandFramer m_framer;
    Answer m_answer;
    QByteArrayList m_log;
};

// Small, so that short inputs reach them.
constexpr auto SmallLimits =
    CommandFramer::Limits{.lineBytes = 24, .literalBytes = 10, .allLiteralBytes = 15};

Owner makeOwner(const Answer &answer, bool rawLine = false)
{
    Owner owner(answer);
    owner.framer().setLimits(SmallLimits);
    owner.framer().setRawLine(rawLine);
    return owner;
}

} // namespace

class TestCommandFramer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void events_data();
    void events();
    void rawLines_data();
    void rawLines();
    void decisionMayTakeItsTime();
    void skipsFromAnyState();
    void skipsNothingBetweenCommands();
    void takeAmidCommand();
    void overrunIsFinal();
    void knowsMidCommand();
    void resetForgetsAllButLimits();
    void consumesOnlyWhatItReports();
    void randomStreams_data();
    void randomStreams();

private:
    static void compareForAllCuts(const std::function<Owner()> &make,
                                  const QByteArray &input,
                                  const QByteArrayList &expected);
};

void TestCommandFramer::compareForAllCuts(const std::function<Owner()> &make,
                                          const QByteArray &input,
                                          const QByteArrayList &expected)
{
    auto whole = make();
    whole.feed(input);
    QCOMPARE(whole.log(), expected);

    auto byOne = make();
    for (qsizetype i = 0; i < input.size(); ++i) {
        byOne.feed(QByteArrayView(input).sliced(i, 1));
    }
    QCOMPARE(byOne.log(), expected);
    QCOMPARE(byOne.framer().isMidCommand(), whole.framer().isMidCommand());

    for (qsizetype i = 1; i < input.size(); ++i) {
        auto cut = make();
        cut.feed(QByteArrayView(input).first(i));
        cut.feed(QByteArrayView(input).sliced(i));
        QCOMPARE(cut.log(), expected);
    }
}

void TestCommandFramer::events_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArrayList>("expected");

    const auto row =
        [](const char *name, const char *answer, QByteArray input, QByteArrayList log) {
            QTest::newRow(name) << QString::fromLatin1(answer) << input << log;
        };
    const QByteArray longLine(30, 'x');
    const QByteArray limitLine(24, 'x');

    row("nothing", "accept", "", {});
    row("rfc9051-2.2.1 line", "accept", "a NOOP\r\n", {"command a NOOP"});
    row("LF alone ends a line", "accept", "a NOOP\nb NOOP\n", {"command a NOOP", "command b NOOP"});
    row("empty lines are commands", "accept", "\r\n\n", {"command ", "command "});
    row("half a line", "accept", "a NOOP", {});
    row("half a line end", "accept", "a NOOP\r", {});
    row("pipelined", "accept", "a NOOP\r\nb NOOP\r\nc", {"command a NOOP", "command b NOOP"});
    row("NUL and 8 bit pass",
        "accept",
        QByteArray("a \0\xff\r\n", 6),
        {QByteArray("command a \0\xff", 12)});

    row("rfc9051-4.3 literal",
        "accept",
        "a L {3}\r\nx\ry {0}\r\n\r\n",
        {"literal 3 a L {3}\r\n",
         "literal 0 a L {3}\r\nx\ry {0}\r\n",
         "command a L {3}\r\nx\ry {0}\r\n"});
    row("rfc7888 non-synchronising",
        "accept",
        "a L {3+}\r\n\r\n\n c\r\n",
        {"literal 3+ a L {3+}\r\n", "command a L {3+}\r\n\r\n\n c"});
    row("rfc3516 literal8",
        "accept",
        "a ~{1}\r\n\n~{1+}\nx\r\n",
        {"literal 1~ a ~{1}\r\n",
         "literal 1+~ a ~{1}\r\n\n~{1+}\r\n",
         "command a ~{1}\r\n\n~{1+}\r\nx"});
    row("header behind LF alone",
        "accept",
        "a {1}\nb\n",
        {"literal 1 a {1}\r\n", "command a {1}\r\nb"});
    row("header ends with quote", "accept", "a L x \"{5}\"\r\n", {"command a L x \"{5}\""});
    row("header inside a line", "accept", "a {5} x\r\n", {"command a {5} x"});
    row("last brace counts",
        "accept",
        "a {{1}\r\nb\r\n",
        {"literal 1 a {{1}\r\n", "command a {{1}\r\nb"});
    row("header at the very start",
        "accept",
        "{1}\r\nb\r\n",
        {"literal 1 {1}\r\n", "command {1}\r\nb"});
    row("leading zeros",
        "accept",
        "a {0001}\r\nb\r\n",
        {"literal 1 a {0001}\r\n", "command a {0001}\r\nb"});
    row("session 86: no number", "accept", "a L {}\r\n", {"command a L {}"});
    row("plus without number", "accept", "a L {+}\r\n", {"command a L {+}"});
    row("session 16: negative", "accept", "a L {-1}\r\n", {"command a L {-1}"});
    row("plus in front", "accept", "a L {+1}\r\n", {"command a L {+1}"});
    row("two plus", "accept", "a L {1++}\r\n", {"command a L {1++}"});
    row("blank inside", "accept", "a L {1 }\r\n", {"command a L {1 }"});
    row("blank behind", "accept", "a L {1} \r\n", {"command a L {1} "});
    row("open brace only", "accept", "a L {1\r\n", {"command a L {1"});
    row("header and more", "accept", "a L {1}}\r\n", {"command a L {1}}"});

    row("largest number64",
        "refuse",
        "a {9223372036854775807}\r\nb\r\n",
        {"literal 9223372036854775807 a {9223372036854775807}\r\n", "command b"});
    row("session 16: past 2^63",
        "refuse",
        "a {9223372036854775808}\r\nb\r\n",
        {"literal 9223372036854775807 a {9223372036854775808}\r\n", "command b"});
    row("session 16: past 2^64",
        "refuse",
        "{18446744073709551617}\r\nb\r\n",
        {"literal 9223372036854775807 {18446744073709551617}\r\n", "command b"});

    row("literal above its limit",
        "accept",
        "a {11}\r\nb NOOP\r\n",
        {"literal 11 a {11}\r\n", "command b NOOP"});
    row("session 18: swallowed, not run",
        "accept",
        "a {11+}\r\nb NOOP\r\n...\r\nc NOOP\r\n",
        {"literal 11+ a {11+}\r\n", "command c NOOP"});
    row("session 19: literals above their sum",
        "accept",
        "a {8+}\r\n12345678 {8+}\r\n12345678\r\nb\r\n",
        {"literal 8+ a {8+}\r\n", "literal 8+ a {8+}\r\n12345678 {8+}\r\n", "command b"});
    row("the sum begins anew",
        "accept",
        "{8+}\r\n12345678\r\n{8+}\r\n12345678\r\n",
        {"literal 8+ {8+}\r\n",
         "command {8+}\r\n12345678",
         "literal 8+ {8+}\r\n",
         "command {8+}\r\n12345678"});

    row("streamed",
        "stream",
        "a {5}\r\n\r\n\r\nx {1+}\r\nyz\r\nb\r\n",
        {"literal 5 a {5}\r\n",
         "data \r\n\r\nx",
         "end",
         "literal 1+ a {5}\r\n {1+}\r\n",
         "data y",
         "end",
         "command a {5}\r\n {1+}\r\nz",
         "command b"});
    row("streamed, past the buffer limits",
        "stream",
        "a {20}\r\n12345678901234567890\r\n",
        {"literal 20 a {20}\r\n", "data 12345678901234567890", "end", "command a {20}\r\n"});
    row("rfc3502 streamed, empty",
        "stream",
        "a {0}\r\n\r\n",
        {"literal 0 a {0}\r\n", "end", "command a {0}\r\n"});
    row("streamed, cut", "stream", "a {5}\r\n\r\n", {"literal 5 a {5}\r\n", "data \r\n"});
    row("discarded",
        "discard",
        "a {5+}\r\nb C\r\n x\r\n",
        {"literal 5+ a {5+}\r\n", "end", "command a {5+}\r\n x"});

    row("session 58: refused",
        "refuse",
        "a {11+}\r\nx1 NOOP\r\nyy\r\nb\r\n",
        {"literal 11+ a {11+}\r\n", "command b"});
    row("refused, with further literals",
        "refuse",
        "a {2+}\r\nxx {3+}\r\nc\r\n {0+}\r\n\r\nb\r\n",
        {"literal 2+ a {2+}\r\n", "command b"});
    row("refused, a synchronising one follows",
        "refuse",
        "a {2+}\r\nxx {3}\r\nb\r\n",
        {"literal 2+ a {2+}\r\n", "command b"});
    row("abandoned", "abandon", "a {2}\r\nb\r\n", {"literal 2 a {2}\r\n", "command b"});
    row("refused, bare CR within",
        "refuse",
        "a {2+}\r\nxx\ry\r\nb\r\n",
        {"literal 2+ a {2+}\r\n", "command b"});
    row("refused, then endless",
        "refuse",
        "a {2+}\r\nxx" + QByteArray(24 * 70, 'y'),
        {"literal 2+ a {2+}\r\n", "overrun "});
    row("refused, then a literal past all bounds",
        "refuse",
        "a {2+}\r\nxx {999999+}\r\nb\r\n",
        {"literal 2+ a {2+}\r\n", "overrun "});
    row("refused, then many literals",
        "refuse",
        "a {2+}\r\nxx{500+}\r\n" + QByteArray(500, '\n') + "{500+}\r\n" + QByteArray(500, '\n')
            + "x\r\nb\r\n",
        {"literal 2+ a {2+}\r\n", "overrun "});

    row("line at the limit",
        "accept",
        limitLine + "\r\n" + limitLine + "\n",
        {"command " + limitLine, "command " + limitLine});
    row("line above the limit",
        "accept",
        limitLine + "x\r\nb\r\n",
        {"tooLong " + limitLine, "command b"});
    row("CR at the limit",
        "accept",
        limitLine + "\rx\r\nb\r\n",
        {"tooLong " + limitLine, "command b"});
    row("session 11: long tag",
        "accept",
        longLine + longLine + " NOOP\r\nb\r\n",
        {"tooLong " + limitLine, "command b"});
    row("long line takes its literal along",
        "accept",
        longLine + "{8+}\r\nb NOOP\r\nx\r\nc\r\n",
        {"tooLong " + limitLine, "command c"});
    row("long line, synchronising literal",
        "accept",
        longLine + "{8}\r\nb NOOP\r\n",
        {"tooLong " + limitLine, "command b NOOP"});
    row("long line, header across the limit",
        "accept",
        "12345678901234567890 {6+}\r\nb X\r\n\r\nc\r\n",
        {"tooLong 12345678901234567890 {6+", "command c"});
    row("lines of a command are counted together",
        "accept",
        "1234567890 {1+}\r\nx1234567890\r\nb\r\n",
        {"literal 1+ 1234567890 {1+}\r\n", "tooLong 1234567890 {1+}\r\nx123456789", "command b"});
    row("session 12: endless line",
        "accept",
        QByteArray(24 * 70, 'x') + "\r\nb NOOP\r\n",
        {"tooLong " + limitLine, "overrun "});
    row("long line, literal past all bounds",
        "accept",
        longLine + "{99999+}\r\nb\r\n",
        {"tooLong " + limitLine, "overrun "});

    row("session 76: bare CR",
        "accept",
        "a NOOP\rb NOOP\r\nc\r\n",
        {"bareCr a NOOP\rb NOOP", "command c"});
    row("CR CR LF", "accept", "a\r\r\nc\r\n", {"bareCr a\r", "command c"});
    row("bare CR in front", "accept", "\ra\nc\n", {"bareCr \ra", "command c"});
    row("bare CR takes its literal along",
        "accept",
        "a\r {6+}\r\nb X\r\n\r\nc\r\n",
        {"bareCr a\r {6+}", "command c"});
    row("bare CR, synchronising literal",
        "accept",
        "a\r {6}\r\nc\r\n",
        {"bareCr a\r {6}", "command c"});
    row("bare CR, literal past all bounds",
        "accept",
        "a\r {99999+}\r\nc\r\n",
        {"bareCr a\r {99999+}", "overrun "});
    row("bare CR behind a streamed literal",
        "stream",
        "a {2}\r\nxx\r)\r\nb\r\n",
        {"literal 2 a {2}\r\n", "data xx", "end", "bareCr a {2}\r\n\r)", "command b"});
}

void TestCommandFramer::events()
{
    QFETCH(QString, answer);
    QFETCH(QByteArray, input);
    QFETCH(QByteArrayList, expected);

    const QHash<QString, Answer> answers = {
        {QStringLiteral("accept"), acceptOrRefuse},
        {QStringLiteral("stream"), &CommandFramer::streamLiteral},
        {QStringLiteral("discard"), &CommandFramer::discardLiteral},
        {QStringLiteral("refuse"), &CommandFramer::skipCommand},
        {QStringLiteral("abandon"), &CommandFramer::abandonCommand},
    };
    const auto how = answers.value(answer);
    compareForAllCuts([&] { return makeOwner(how); }, input, expected);
}

void TestCommandFramer::rawLines_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArrayList>("expected");

    QTest::newRow("rfc2177 DONE") << QByteArray("DONE\r\n") << QByteArrayList{"command DONE"};
    QTest::newRow("sasl empty response") << QByteArray("\r\n") << QByteArrayList{"command "};
    QTest::newRow("sasl cancel, LF alone") << QByteArray("*\n") << QByteArrayList{"command *"};
    QTest::newRow("braces mean nothing")
        << QByteArray("x {5+}\r\ny {5}\r\n") << QByteArrayList{"command x {5+}", "command y {5}"};
    QTest::newRow("bare CR") << QByteArray("a\rb {1+}\r\nc\r\n")
                             << QByteArrayList{"bareCr a\rb {1+}", "command c"};
    QTest::newRow("session 66 long response") << QByteArray(30, 'A')
            + "{9+}\r\nc\r\n" << QByteArrayList{"tooLong " + QByteArray(24, 'A'), "command c"};
}

void TestCommandFramer::rawLines()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArrayList, expected);

    compareForAllCuts([] { return makeOwner(acceptOrRefuse, true); }, input, expected);
}

void TestCommandFramer::decisionMayTakeItsTime()
{
    CommandFramer framer;
    framer.feed("a {2+}\r\nxy\r\n");
    QCOMPARE(framer.next(), Event::LiteralAhead);
    QCOMPARE(framer.next(), Event::NeedMore);
    QVERIFY(framer.isMidCommand());
    QCOMPARE(framer.bufferedBytes(), 4);
    framer.acceptLiteral();
    QCOMPARE(framer.next(), Event::Command);
    QCOMPARE(framer.next(), Event::Command); // until it is taken
    QCOMPARE(framer.take(), "a {2+}\r\nxy");
    QCOMPARE(framer.next(), Event::NeedMore);
}

void TestCommandFramer::skipsFromAnyState()
{
    const QByteArray input = "a {4+}\r\n\r\n\r\n {4+}\r\nx\r\ny z\r\nb NOOP\r\n";
    // skipCommand() after each number of octets fed that still belong to the first command
    for (qsizetype fed = 1; fed <= input.indexOf("b NOOP"); ++fed) {
        for (const Answer &answer : {Answer(&CommandFramer::acceptLiteral),
                                     Answer(&CommandFramer::streamLiteral),
                                     Answer(&CommandFramer::discardLiteral)}) {
            Owner owner(answer);
            owner.feed(QByteArrayView(input).first(fed));
            owner.framer().skipCommand();
            owner.feed(QByteArrayView(input).sliced(fed));
            QCOMPARE(owner.log().last(), "command b NOOP");
            QVERIFY(!owner.framer().isMidCommand());
        }
    }

    CommandFramer framer;
    framer.feed("a NOOP\r\nb NOOP\r\n");
    QCOMPARE(framer.next(), Event::Command);
    framer.skipCommand(); // instead of take()
    QCOMPARE(framer.next(), Event::Command);
    QCOMPARE(framer.take(), "b NOOP");
}

void TestCommandFramer::skipsNothingBetweenCommands()
{
    CommandFramer framer;
    framer.skipCommand();
    framer.feed("a NOOP\r\nb NOOP\r\n");
    QCOMPARE(framer.next(), Event::Command);
    QCOMPARE(framer.take(), "a NOOP");
    framer.skipCommand();
    QCOMPARE(framer.next(), Event::Command);
    QCOMPARE(framer.take(), "b NOOP");
}

void TestCommandFramer::takeAmidCommand()
{
    CommandFramer framer;
    framer.feed("a {2+}\r\nxy z\r\n");
    QCOMPARE(framer.next(), Event::LiteralAhead);
    QCOMPARE(framer.take(), "a {2+}\r\n");
    framer.streamLiteral();
    QCOMPARE(framer.next(), Event::LiteralData);
    QCOMPARE(framer.streamed(), "xy");
    QCOMPARE(framer.next(), Event::LiteralEnd);
    QCOMPARE(framer.next(), Event::Command);
    QCOMPARE(framer.take(), " z");
}

void TestCommandFramer::overrunIsFinal()
{
    Owner owner = makeOwner(acceptOrRefuse);
    owner.feed(QByteArray(24 * 70, 'x'));
    QVERIFY(owner.framer().isOverrun());
    const auto log = owner.log();
    owner.framer().skipCommand();
    owner.feed("\r\na NOOP\r\n");
    QCOMPARE(owner.log(), log);
    QCOMPARE(owner.framer().bufferedBytes(), 0);
    owner.framer().reset();
    QVERIFY(!owner.framer().isOverrun());
}

void TestCommandFramer::knowsMidCommand()
{
    CommandFramer framer;
    QVERIFY(!framer.isMidCommand());
    framer.feed("\r");
    QVERIFY(framer.isMidCommand());
    QCOMPARE(framer.next(), Event::NeedMore);
    QVERIFY(framer.isMidCommand());
    framer.feed("\na {0}\r\n\r\n");
    QCOMPARE(framer.next(), Event::Command);
    framer.take();
    QVERIFY(framer.isMidCommand());
    QCOMPARE(framer.next(), Event::LiteralAhead);
    framer.streamLiteral();
    QCOMPARE(framer.next(), Event::LiteralEnd);
    QVERIFY(framer.isMidCommand());
    QCOMPARE(framer.next(), Event::Command);
    QVERIFY(framer.isMidCommand());
    framer.take();
    QVERIFY(!framer.isMidCommand());
}

void TestCommandFramer::resetForgetsAllButLimits()
{
    auto owner = makeOwner(&CommandFramer::streamLiteral, true);
    auto &framer = owner.framer();
    framer.setRawLine(false);
    framer.feed("a STARTTLS\r\nb {9}\r\nxyz");
    QCOMPARE(framer.next(), Event::Command);
    framer.take();
    QVERIFY(framer.isMidCommand());
    framer.reset();
    QVERIFY(!framer.isMidCommand());
    QCOMPARE(framer.bufferedBytes(), 0);
    QCOMPARE(framer.next(), Event::NeedMore);
    framer.feed("c {1}\r\n");
    QCOMPARE(framer.next(), Event::LiteralAhead);
    QCOMPARE(framer.text(), "c {1}\r\n");
}

void TestCommandFramer::consumesOnlyWhatItReports()
{
    CommandFramer framer;
    framer.feed("a\r\nDONE {5}\r\nb\r\n");
    QCOMPARE(framer.next(), Event::Command);
    QCOMPARE(framer.take(), "a");
    QCOMPARE(framer.bufferedBytes(), 13);
    framer.setRawLine(true);
    QCOMPARE(framer.next(), Event::Command);
    QCOMPARE(framer.take(), "DONE {5}");
    framer.setRawLine(false);
    QCOMPARE(framer.bufferedBytes(), 3);
    QCOMPARE(framer.next(), Event::Command);
    QCOMPARE(framer.take(), "b");
    QCOMPARE(framer.bufferedBytes(), 0);
}

void TestCommandFramer::randomStreams_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 40; ++seed) {
        QTest::addRow("seed %u", seed) << seed;
    }
}

// Octets that matter, in any order: whole or in pieces, the owner sees the same.
void TestCommandFramer::randomStreams()
{
    QFETCH(quint32, seed);
    QRandomGenerator random(seed);
    const QByteArrayList pieces = {"a",
                                   "b ",
                                   "\r\n",
                                   "\r\n",
                                   "\n",
                                   "\r",
                                   "{3}\r\n",
                                   "{5+}\r\n",
                                   "{12+}\r\n",
                                   "{",
                                   "}",
                                   "+",
                                   "~",
                                   "7",
                                   "\"",
                                   "{700+}\r\n",
                                   "xxxxxxxx"};
    QByteArray input;
    for (int i = 0; i < 400; ++i) {
        input += pieces[random.bounded(static_cast<int>(pieces.size()))];
    }
    // A choice that depends on the literal alone, so that it is the same for every cut.
    const Answer answer = [](CommandFramer &framer) {
        switch (framer.text().size() % 4) {
        case 0:
            return framer.streamLiteral();
        case 1:
            return framer.discardLiteral();
        case 2:
            return framer.skipCommand();
        default:
            return acceptOrRefuse(framer);
        }
    };
    auto whole = makeOwner(answer);
    whole.feed(input);
    for (int round = 0; round < 10; ++round) {
        auto inPieces = makeOwner(answer);
        for (qsizetype from = 0; from < input.size();) {
            const auto count =
                std::min<qsizetype>(random.bounded(1, round * 4 + 2), input.size() - from);
            inPieces.feed(QByteArrayView(input).sliced(from, count));
            from += count;
        }
        QCOMPARE(inPieces.log(), whole.log());
    }
}

QTEST_GUILESS_MAIN(TestCommandFramer)
#include "tst_commandframer.moc"
