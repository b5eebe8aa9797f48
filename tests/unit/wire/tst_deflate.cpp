#include "core/wire/deflatewriter.h"
#include "core/wire/inflatereader.h"

#include <QRandomGenerator>
#include <QTest>

using namespace Postnook;

using State = InflateReader::State;

namespace
{

// "a NOOP\r\n" and "b NOOP\r\n" by another compressor, each with its flush; the end of a stream.
const QByteArray TwoNoops = QByteArray::fromHex("4a54f0f3f70fe0e502000000ffff4a82d200000000ffff");
constexpr qsizetype FirstNoopOctets = 14;
const QByteArray EmptyLastBlock = QByteArray::fromHex("0300");

QByteArray readAll(InflateReader &reader)
{
    QByteArray out;
    for (auto piece = reader.read(1000); !piece.isEmpty(); piece = reader.read(1000)) {
        out += piece;
    }
    return out;
}

QByteArray compressed(const QByteArray &bytes)
{
    return DeflateWriter().write(bytes);
}

// Text that compresses, octets that do not, in turns.
QByteArray mixedBytes(QRandomGenerator &random)
{
    QByteArray bytes;
    while (bytes.size() < 400'000) {
        const auto count = random.bounded(30'000);
        if (random.bounded(2) == 0) {
            bytes += QByteArray("* 1 FETCH (FLAGS (\\Seen))\r\n").repeated(count / 27);
        } else {
            for (int i = 0; i < count; ++i) {
                bytes += static_cast<char>(random.bounded(256));
            }
        }
    }
    return bytes;
}

} // namespace

class TestDeflate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatOthersCompressed()
    {
        InflateReader reader;
        reader.feed(TwoNoops);
        // A flush ends a piece.
        QVERIFY(reader.read(1000) == "a NOOP\r\n");
        QVERIFY(reader.isAtFlush());
        QVERIFY(reader.read(1000) == "b NOOP\r\n");
        QVERIFY(reader.isAtFlush());
        QVERIFY(reader.read(1000).isEmpty());
        QVERIFY(reader.isAtFlush());
        QVERIFY(reader.state() == State::Good);
    }

    void octetByOctet()
    {
        InflateReader reader;
        QByteArray out;
        for (qsizetype i = 0; i < TwoNoops.size(); ++i) {
            reader.feed(TwoNoops.mid(i, 1));
            const QByteArray piece = readAll(reader);
            out += piece;
            const bool isFlush = i == FirstNoopOctets - 1 || i == TwoNoops.size() - 1;
            QCOMPARE(reader.isAtFlush(), isFlush);
        }
        QVERIFY(out == "a NOOP\r\nb NOOP\r\n");
        QVERIFY(reader.state() == State::Good);
    }

    // What follows a flush is left as it came.
    void inputBehindAFlush()
    {
        InflateReader reader;
        reader.feed(compressed("c UNAUTHENTICATE\r\n") + "d NOOP\r\n");
        QVERIFY(reader.read(1000) == "c UNAUTHENTICATE\r\n");
        QVERIFY(reader.isAtFlush());
        QVERIFY(reader.takeInput() == "d NOOP\r\n");
        QVERIFY(reader.takeInput().isEmpty());
    }

    void inputBehindTheEnd()
    {
        InflateReader reader;
        reader.feed(TwoNoops + EmptyLastBlock + "d NOOP\r\n");
        QVERIFY(readAll(reader) == "a NOOP\r\nb NOOP\r\n");
        QVERIFY(reader.state() == State::Ended);
        QVERIFY(reader.isAtFlush());
        QVERIFY(reader.takeInput() == "d NOOP\r\n");
    }

    // Nothing of a piece waits in the compressor, however the pieces are cut.
    void roundTrip_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 20; ++seed) {
            QTest::addRow("seed %u", seed) << seed;
        }
    }

    void roundTrip()
    {
        QFETCH(quint32, seed);
        QRandomGenerator random(seed);
        const QByteArray bytes = mixedBytes(random);
        DeflateWriter writer;
        InflateReader reader;
        QByteArray got;
        for (qsizetype at = 0; at < bytes.size();) {
            const QByteArray piece = bytes.mid(at, 1 + random.bounded(60'000));
            at += piece.size();
            const QByteArray wire = writer.write(piece);
            for (qsizetype from = 0; from < wire.size();) {
                const QByteArray packet = wire.mid(from, 1 + random.bounded(9'000));
                from += packet.size();
                reader.feed(packet);
                got += readAll(reader);
            }
            QVERIFY(got == bytes.first(at));
            QVERIFY(reader.isAtFlush());
        }
        QVERIFY(reader.state() == State::Good);
    }

    // Its memory given back, it goes on with the same stream.
    void restInBetween()
    {
        DeflateWriter writer;
        InflateReader reader;
        for (int i = 0; i < 5; ++i) {
            reader.feed(writer.write("* 23 FETCH (FLAGS (\\Seen))\r\n"));
            QCOMPARE(readAll(reader), "* 23 FETCH (FLAGS (\\Seen))\r\n");
            writer.rest();
        }
        QVERIFY(reader.state() == State::Good);
    }

    void smallerOnTheWire()
    {
        const QByteArray text = QByteArray("* 1 FETCH (FLAGS (\\Seen))\r\n").repeated(1000);
        QVERIFY(compressed(text).size() < text.size() / 20);
        // What cannot be made smaller grows by little: a header for each 64 KiB, and the flush.
        QRandomGenerator random(1);
        QByteArray noise(1'000'000, '\0');
        for (char &octet : noise) {
            octet = static_cast<char>(random.bounded(256));
        }
        QVERIFY(compressed(noise).size() < noise.size() + noise.size() / 1000);
    }

    // As much as is asked for, and not more, whatever it could become.
    void bomb()
    {
        constexpr qsizetype Size = 50'000'000;
        constexpr qsizetype Piece = 65'536;
        InflateReader reader;
        const QByteArray wire = compressed(QByteArray(Size, '\0'));
        QVERIFY(wire.size() < Size / 200);
        reader.feed(wire);
        qsizetype got = 0;
        qsizetype pieces = 0;
        for (auto piece = reader.read(Piece); !piece.isEmpty(); piece = reader.read(Piece)) {
            QVERIFY(piece.size() <= Piece);
            QVERIFY(piece.capacity() <= 2 * Piece);
            QVERIFY(piece.count('\0') == piece.size());
            got += piece.size();
            ++pieces;
        }
        QCOMPARE(got, Size);
        QCOMPARE(pieces, (Size + Piece - 1) / Piece);
    }

    // Of a command what has come, then the rest.
    void truncated()
    {
        for (qsizetype cut = 0; cut <= TwoNoops.size(); ++cut) {
            InflateReader reader;
            reader.feed(TwoNoops.first(cut));
            const QByteArray before = readAll(reader);
            QVERIFY(reader.state() == State::Good);
            reader.feed(TwoNoops.sliced(cut));
            QVERIFY(before + readAll(reader) == "a NOOP\r\nb NOOP\r\n");
        }
    }

    void damaged_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<QByteArray>("before");
        QTest::newRow("block type 3") << QByteArray("\x07") << QByteArray();
        QTest::newRow("a stored block's length")
            << QByteArray("\x00\x01\x02\x03\x04", 5) << QByteArray();
        QTest::newRow("text") << QByteArray("a NOOP\r\n") << QByteArray();
        QTest::newRow("zlib's header") << QByteArray::fromHex("789c") + TwoNoops << QByteArray();
        QTest::newRow("gzip's header")
            << QByteArray::fromHex("1f8b0800000000000003") + TwoNoops << QByteArray();
        QTest::newRow("behind good data")
            << TwoNoops + '\x07' << QByteArray("a NOOP\r\nb NOOP\r\n");
        // RFC 1951 3.2.5: a distance beyond what there was.
        QTest::newRow("what was never sent")
            << QByteArray::fromHex("4a82d200000000ffff") << QByteArray("b");
    }

    void damaged()
    {
        QFETCH(QByteArray, wire);
        QFETCH(QByteArray, before);
        InflateReader reader;
        reader.feed(wire);
        QCOMPARE(readAll(reader), before);
        QVERIFY(reader.state() == State::Damaged);
        reader.feed(TwoNoops);
        QVERIFY(reader.read(1000).isEmpty());
        QVERIFY(reader.state() == State::Damaged);
    }

    void garbage()
    {
        QRandomGenerator random(1978);
        const QByteArray good = compressed(mixedBytes(random)).first(2'000);
        for (int round = 0; round < 4'000; ++round) {
            // Half of them a good stream with some octets changed
            QByteArray wire(round % 2 == 0 ? QByteArray(random.bounded(1, 200), '\0') : good);
            for (int i = round % 2 == 0 ? int(wire.size()) : random.bounded(1, 20); i > 0; --i) {
                wire[random.bounded(int(wire.size()))] = static_cast<char>(random.bounded(256));
            }
            InflateReader reader;
            reader.feed(wire);
            qsizetype got = 0;
            for (auto piece = reader.read(500); !piece.isEmpty(); piece = reader.read(500)) {
                QVERIFY(piece.size() <= 500);
                got += piece.size();
            }
            QVERIFY(got <= wire.size() * 1032); // the most that deflate can make of an octet
        }
    }
};

QTEST_GUILESS_MAIN(TestDeflate)
#include "tst_deflate.moc"
