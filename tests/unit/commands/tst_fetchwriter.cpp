#include "../search/fakemailbox.h"
#include "core/commands/fetchwriter.h"
#include "core/wire/tokencursor.h"

#include <QTest>

using namespace Postnook;

// What a FETCH takes of the pool while it writes little: it reads in pieces, in jobs of bounded
// work, and ends when nobody waits for it.
class TestFetchWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void littleOutput_data();
    void littleOutput();
    void filtersAcrossPieces();
    void manyMessages();
    void decodesOncePerItem();
    void endsWhenCancelled_data();
    void endsWhenCancelled();

private:
    struct Outcome {
        QByteArray bytes;
        int jobs = 0;
        std::optional<ErrorCode> error;
    };

    static Outcome fetch(FakeMailbox &mailbox, const QByteArray &items);
};

namespace
{

QByteArray longHeader(qsizetype lines)
{
    return QByteArray(
               "X-Filler: seventy octets or so, as mail has them by the thousand at worst\r\n")
               .repeated(lines)
        + "Subject: last\r\n\r\n";
}

QByteArray base64Message(qsizetype size)
{
    QByteArray body;
    for (const QByteArray line = QByteArray(54, 'x').toBase64() + "\r\n"; body.size() < size;) {
        body += line;
    }
    return "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + body;
}

// "(A0B A1B ...)"
QByteArray numbered(const QByteArray &before, int count, const QByteArray &after)
{
    QByteArrayList items;
    for (int i = 0; i < count; ++i) {
        items.append(before + QByteArray::number(i) + after);
    }
    return '(' + items.join(' ') + ')';
}

} // namespace

TestFetchWriter::Outcome TestFetchWriter::fetch(FakeMailbox &mailbox, const QByteArray &items)
{
    TokenCursor cursor(items);
    FetchPlan plan;
    plan.mailbox = MailboxId(7);
    plan.viewUids = mailbox.allUids();
    plan.spans = {{0, plan.viewUids.size() - 1}};
    plan.items = parseFetchItems(cursor);
    Outcome outcome;
    for (FetchChunk chunk; !chunk.isLast;) {
        auto written = writeFetchChunk(mailbox, plan, chunk.next);
        ++outcome.jobs;
        if (!written) {
            outcome.error = written.error().code;
            break;
        }
        chunk = *std::move(written);
        outcome.bytes += chunk.bytes;
    }
    return outcome;
}

void TestFetchWriter::littleOutput_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("items");
    QTest::addColumn<QByteArray>("answer"); // of each item
    QTest::addColumn<int>("jobs");
    QTest::addColumn<int>("pauses"); // at least
    // A job works on 4 MiB, once to read the header and once to filter it.
    const QByteArray header = longHeader(30'000);
    const QByteArray encoded = base64Message(3'000'000);
    QTest::newRow("header fields") << header << numbered("BODY.PEEK[HEADER.FIELDS (", 12, ")]")
                                   << QByteArray("{2}\r\n\r\n") << 12 << 12 * 3;
    QTest::newRow("all other fields")
        << header << numbered("BODY.PEEK[HEADER.FIELDS.NOT (X-Filler ", 12, ")]")
        << QByteArray("{17}\r\nSubject: last\r\n\r\n") << 12 << 12 * 3;
    QTest::newRow("octets of a decoded part")
        << encoded << numbered("BINARY.PEEK[1]<200000", 10, ".1>") << QByteArray("{1}\r\nx") << 5
        << 10 * 2;
    QTest::newRow("beyond its end") << encoded << numbered("BINARY.PEEK[1]<900000", 10, ".1>")
                                    << QByteArray("{0}\r\n") << 5 << 10 * 2;
}

void TestFetchWriter::littleOutput()
{
    QFETCH(const QByteArray, message);
    QFETCH(const QByteArray, items);
    QFETCH(const QByteArray, answer);
    FakeMailbox mailbox;
    mailbox.add(1, message);
    const auto got = fetch(mailbox, items);
    QCOMPARE(got.error, std::nullopt);
    const int count = static_cast<int>(items.count("PEEK"));
    QCOMPARE(static_cast<int>(got.bytes.count(answer)), count);
    QCOMPARE(static_cast<int>(got.bytes.count('{')), count);
    QVERIFY(got.bytes.startsWith("* 1 FETCH (B") && got.bytes.endsWith(")\r\n"));
    QTEST(got.jobs, "jobs");
    QFETCH(const int, pauses);
    QVERIFY2(mailbox.timesOthersRan >= pauses, QByteArray::number(mailbox.timesOthersRan));
}

// A field that stands where two pieces of the header meet is whole.
void TestFetchWriter::filtersAcrossPieces()
{
    constexpr int PieceBytes = 256 * 1024;
    const QByteArray wanted = "To: ann,\r\n bob,\r\n carol\r\n";
    for (int missing = -1; missing <= wanted.size() + 1; ++missing) {
        const QByteArray filler = "X: " + QByteArray(PieceBytes - missing - 5, 'x') + "\r\n";
        FakeMailbox mailbox;
        mailbox.add(1, filler + wanted + "Cc: dave\r\n\r\nbody");
        QCOMPARE(fetch(mailbox, "BODY.PEEK[HEADER.FIELDS (To Cc)]").bytes,
                 "* 1 FETCH (BODY[HEADER.FIELDS (To Cc)] {" + QByteArray::number(wanted.size() + 12)
                     + "}\r\n" + wanted + "Cc: dave\r\n\r\n)\r\n");
    }
}

// One header is read once for all that is asked of it, a job ends also between messages, and others
// get their turn.
void TestFetchWriter::manyMessages()
{
    const QByteArray header = longHeader(1000);
    FakeMailbox mailbox;
    for (quint32 uid = 1; uid <= 100; ++uid) {
        mailbox.add(uid, header);
    }
    const auto got = fetch(mailbox, numbered("BODY.PEEK[HEADER.FIELDS (", 5, ")]"));
    QCOMPARE(static_cast<int>(got.bytes.count("* ")), 100);
    QCOMPARE(static_cast<int>(got.bytes.count("{2}\r\n\r\n")), 500);
    QVERIFY2(mailbox.bytesRead <= (100 + got.jobs) * header.size(),
             QByteArray::number(mailbox.bytesRead));
    QVERIFY2(got.jobs >= 10, QByteArray::number(got.jobs));
    QVERIFY2(mailbox.timesOthersRan >= 100, QByteArray::number(mailbox.timesOthersRan));
}

// What is sent of a part begins where the decoding for its literal's header had come.
void TestFetchWriter::decodesOncePerItem()
{
    const QByteArray message = base64Message(1'000'000);
    FakeMailbox mailbox;
    mailbox.add(1, message);
    const auto got = fetch(mailbox, "BINARY.PEEK[1]<700000.20>");
    QCOMPARE(got.bytes, "* 1 FETCH (BINARY[1]<700000> {20}\r\n" + QByteArray(20, 'x') + ")\r\n");
    QVERIFY2(mailbox.bytesRead < message.size() + 64 * 1024, QByteArray::number(mailbox.bytesRead));
}

void TestFetchWriter::endsWhenCancelled_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("item");
    QTest::newRow("header fields")
        << longHeader(30'000) << QByteArray("BODY.PEEK[HEADER.FIELDS (To)]");
    QTest::newRow("decoded part") << base64Message(3'000'000)
                                  << QByteArray("BINARY.PEEK[1]<2000000.1>");
    QTest::newRow("its size") << base64Message(3'000'000) << QByteArray("BINARY.SIZE[1]");
    QTest::newRow("text") << QByteArray(3'000'000, 'x') << QByteArray("BODY.PEEK[]");
}

void TestFetchWriter::endsWhenCancelled()
{
    QFETCH(const QByteArray, message);
    QFETCH(const QByteArray, item);
    FakeMailbox mailbox;
    mailbox.add(1, message);
    mailbox.cancelAtQuestion(3);
    QCOMPARE(fetch(mailbox, item).error, ErrorCode::Cancelled);
    QVERIFY(mailbox.timesOthersRan <= 2);
}

QTEST_GUILESS_MAIN(TestFetchWriter)
#include "tst_fetchwriter.moc"
