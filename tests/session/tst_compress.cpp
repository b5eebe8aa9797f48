#include "core/wire/deflatewriter.h"
#include "core/wire/inflatereader.h"
#include "dialogueserver.h"

#include <QFile>
#include <QRandomGenerator>
#include <QTest>

#include <optional>

using namespace Postnook;

namespace
{

constexpr qsizetype PieceBytes = 65'536;

// Ends a deflate stream (RFC 1951 3.2.4).
QByteArray lastBlock(const QByteArray &content)
{
    const auto size = static_cast<char>(content.size());
    return '\x01' + QByteArray(1, size) + '\0' + static_cast<char>(~size) + '\xff' + content;
}

// Peak resident memory of this process in KiB; 0 where the system does not say.
qint64 peakMemoryKib()
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly)) {
        return 0;
    }
    const QByteArray status = file.readAll();
    const auto at = status.indexOf("VmHWM:");
    return status.mid(at + 6, 20).trimmed().split(' ').first().toLongLong();
}

// Counts the turns of the event loop while it lives.
class TurnCounter : public QObject
{
public:
    TurnCounter() { post(); }
    int turns() const { return m_turns; }

private:
    void post()
    {
        QMetaObject::invokeMethod(
            this,
            [this] {
                ++m_turns;
                post();
            },
            Qt::QueuedConnection);
    }

    int m_turns = 0;
};

} // namespace

// Compression (RFC 4978) where a dialogue cannot say how the octets are cut, or how many they are.
class TestCompress : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<DialogueServer>();
        m_client = m_server->connectClient(
            {.isEncrypted = true, .canStartTls = false, .isLoopback = true});
        m_unread.clear();
        m_deflate.reset();
        m_inflate.reset();
        readTo("Postnook ready\r\n");
        m_client->clientSends("a LOGIN test secret\r\n");
        readTo("Logged in\r\n");
    }
    void cleanup() { m_server.reset(); }

    // A client is told not to (section 3); one that does it all the same is understood.
    void compressedBehindTheCommand()
    {
        beginCompression();
        m_client->clientSends("b COMPRESS DEFLATE\r\n" + m_deflate->write("c NOOP\r\n"));
        QCOMPARE(readPlainLine(), "b OK DEFLATE active\r\n");
        QCOMPARE(readTo("c OK Done\r\n"), "c OK Done\r\n");
    }

    void octetByOctet()
    {
        compress();
        for (const char octet : m_deflate->write("c NOOP\r\nd CAPABILITY\r\ne NOOP\r\n")) {
            m_client->clientSends(QByteArray(1, octet));
        }
        const QByteArray got = readTo("e OK Done\r\n");
        QVERIFY(got.startsWith("c OK Done\r\n* CAPABILITY IMAP4rev1 IMAP4rev2 "));
        QVERIFY(got.endsWith("d OK Done\r\ne OK Done\r\n"));
    }

    // RFC 8437 4.1: the command is the last that is compressed, and what comes behind it may be on
    // the same wire already. Wherever the octets are cut, and whether the client's compressor ends
    // with a flush or with the end of its stream.
    void loginBehindUnauthenticate_data()
    {
        QTest::addColumn<bool>("endsStream");
        QTest::newRow("flush") << false;
        QTest::newRow("end of stream") << true;
    }

    void loginBehindUnauthenticate()
    {
        QFETCH(bool, endsStream);
        const QByteArray last = "d UNAUTHENTICATE\r\n";
        qsizetype cut = 0;
        for (bool isLast = false; !isLast; ++cut) {
            compress();
            QByteArray wire = m_deflate->write("c NOOP\r\n")
                + (endsStream ? lastBlock(last) : m_deflate->write(last))
                + "e LOGIN test secret\r\nf NOOP\r\n";
            isLast = cut == wire.size();
            m_client->clientSends(wire.first(cut));
            QCoreApplication::processEvents();
            m_client->clientSends(wire.sliced(cut));
            QCOMPARE(readTo("d OK Not logged in any more\r\n"),
                     "c OK Done\r\nd OK Not logged in any more\r\n");
            endCompression();
            const QByteArray got = readTo("f OK Done\r\n");
            QVERIFY2(got.startsWith("e OK [CAPABILITY "), got.constData());
            QVERIFY(got.endsWith(" Logged in\r\nf OK Done\r\n"));
        }
        QVERIFY(cut > 40);
    }

    void largeMessage_data()
    {
        QTest::addColumn<QByteArray>("message");
        QByteArray text;
        for (int i = 0; text.size() < 5'000'000; ++i) {
            text += "line " + QByteArray::number(i) + "\r\n";
        }
        QTest::newRow("text") << text;
        QRandomGenerator random(1);
        QByteArray noise(3'750'000, Qt::Uninitialized);
        for (char &octet : noise) {
            octet = static_cast<char>(random.bounded(256));
        }
        QByteArray base64;
        for (qsizetype i = 0; i < noise.size(); i += 57) {
            base64 += noise.mid(i, 57).toBase64() + "\r\n";
        }
        QTest::newRow("base64") << base64;
    }

    void largeMessage()
    {
        QFETCH(QByteArray, message);
        compress();
        const QByteArray header = "{" + QByteArray::number(message.size());
        for (const char *kind : {"}", "+}"}) {
            sends("b APPEND INBOX " + header + kind + "\r\n");
            if (kind[0] == '}') {
                QCOMPARE(readTo("\r\n"), "+ Ready for the message\r\n");
            }
            const QByteArray wire = m_deflate->write(message + "\r\n");
            for (qsizetype i = 0; i < wire.size(); i += 10'000) {
                m_client->clientSends(wire.mid(i, 10'000));
            }
            QVERIFY(readTo("Stored\r\n").startsWith("b OK [APPENDUID "));
        }
        sends("c SELECT INBOX\r\n");
        readTo("c OK [READ-WRITE] Selected\r\n");
        const QByteArray literal = " FETCH (BODY[] " + header + "}\r\n" + message + ")\r\n";
        sends("d FETCH 1:2 BODY.PEEK[]\r\n");
        QVERIFY(readTo("d OK Done\r\n") == "* 1" + literal + "* 2" + literal + "d OK Done\r\n");
    }

    // 100 MB in 100 kB, as a literal that is read and dropped: they pass by in small pieces, the
    // event loop goes on between them, and none of them stays.
    void bomb()
    {
        compress();
        constexpr int Megabytes = 100;
        QByteArray wire = m_deflate->write("b APPEND INBOX {104857600+}\r\n");
        const QByteArray zeros(1'048'576, '\0');
        for (int i = 0; i < Megabytes; ++i) {
            wire += m_deflate->write(zeros);
        }
        wire += m_deflate->write("\r\nc NOOP\r\n");
        QVERIFY(wire.size() < 1'000'000);
        const qint64 before = peakMemoryKib();
        const TurnCounter counter;
        m_client->clientSends(wire);
        QCOMPARE(readTo("c OK Done\r\n"),
                 "b NO [TOOBIG] The message is larger than this server takes\r\nc OK Done\r\n");
        QVERIFY2(counter.turns() >= Megabytes * 16,
                 QByteArray::number(counter.turns()).constData());
        const qint64 more = peakMemoryKib() - before;
        QVERIFY2(more < 4'096, QByteArray::number(more).constData());
    }

    // The mark counts what waits for the client, compressed as it is.
    void slowReader()
    {
        QRandomGenerator random(2);
        QByteArray noise(2'000'000, Qt::Uninitialized);
        for (char &octet : noise) {
            octet = static_cast<char>(random.bounded(1, 256));
        }
        compress();
        sends("b APPEND INBOX {2000000+}\r\n" + noise + "\r\n");
        readTo("Stored\r\n");
        sends("c SELECT INBOX\r\n");
        readTo("c OK [READ-WRITE] Selected\r\n");
        m_client->setHoldsOutput(true);
        sends("d FETCH 1 BODY.PEEK[]\r\n");
        qint64 most = 0;
        QByteArray got;
        const bool isDone = DialogueServer::waitFor([&] {
            most = qMax(most, m_client->unsentBytes());
            got += readAll();
            return got.endsWith("d OK Done\r\n");
        });
        QVERIFY(isDone);
        QVERIFY(got == "* 1 FETCH (BODY[] {2000000}\r\n" + noise + ")\r\nd OK Done\r\n");
        QVERIFY2(most < 2 * 262'144 + 65'536, QByteArray::number(most).constData());
    }

    // An idle session has given back its compressor's memory, and forgets what was said before.
    void idle()
    {
        compress();
        const auto first = capabilityOctets();
        const auto second = capabilityOctets();
        QVERIFY(second < first / 4);
        const auto other = m_server->connectClient({});
        QCoreApplication::processEvents(); // the session hears that all was taken
        m_server->advanceMs(61'000);
        // That one's time to log in ends in the same round of time limits.
        QVERIFY(DialogueServer::waitFor([&] { return other.isNull(); }));
        QCOMPARE(capabilityOctets(), first);
        QCOMPARE(capabilityOctets(), second);
    }

    // Commands that fit into few octets, and a client that takes no answer: they wait as they came.
    void flood()
    {
        compress();
        m_client->setHoldsOutput(true);
        const QByteArray commands = QByteArray("b CAPABILITY\r\n").repeated(1'000);
        for (int i = 0; i < 30; ++i) {
            m_client->clientSends(m_deflate->write(commands));
        }
        QByteArray got;
        qsizetype answers = 0;
        qint64 most = 0;
        const bool isDone = DialogueServer::waitFor([&] {
            most = qMax(most, m_client->unsentBytes());
            got += readAll();
            const auto end = got.lastIndexOf('\n') + 1;
            answers += got.first(end).count("b OK Done\r\n");
            got.remove(0, end);
            return answers == 30'000;
        });
        QVERIFY(isDone);
        QVERIFY2(most < 2 * 262'144, QByteArray::number(most).constData());
    }

private:
    void beginCompression()
    {
        m_deflate.emplace();
        m_inflate.emplace();
    }

    void endCompression()
    {
        m_unread = m_inflate->takeInput();
        m_deflate.reset();
        m_inflate.reset();
    }

    void compress()
    {
        m_client->clientSends("z COMPRESS DEFLATE\r\n");
        QCOMPARE(readPlainLine(), "z OK DEFLATE active\r\n");
        beginCompression();
    }

    void sends(const QByteArray &bytes) { m_client->clientSends(m_deflate->write(bytes)); }

    // The compressed octets of an answer.
    qsizetype capabilityOctets()
    {
        sends("c CAPABILITY\r\n");
        const QByteArray wire = m_client->takeOutput();
        m_unread += wire;
        return readTo("c OK Done\r\n").isEmpty() ? 0 : wire.size();
    }

    QByteArray readPlainLine()
    {
        DialogueServer::waitFor([&] {
            m_unread += m_client->takeOutput();
            return m_unread.contains("\r\n");
        });
        const auto end = m_unread.indexOf("\r\n") + 2;
        const QByteArray line = m_unread.first(end);
        m_unread.remove(0, end);
        return line;
    }

    // What there is, up to a flush of the server.
    QByteArray read()
    {
        m_unread += m_client->takeOutput();
        const QByteArray came = std::exchange(m_unread, {});
        if (!m_inflate) {
            return came;
        }
        m_inflate->feed(came);
        return m_inflate->read(PieceBytes);
    }

    QByteArray readAll()
    {
        QByteArray got;
        for (auto piece = read(); !piece.isEmpty(); piece = read()) {
            got += piece;
        }
        return got;
    }

    QByteArray readTo(const QByteArray &end)
    {
        QByteArray got;
        DialogueServer::waitFor([&] {
            for (auto piece = read(); !piece.isEmpty(); piece = read()) {
                got += piece;
                if (got.endsWith(end)) {
                    return true;
                }
            }
            return false;
        });
        return got;
    }

    std::unique_ptr<DialogueServer> m_server;
    QPointer<MemoryTransport> m_client;
    QByteArray m_unread; // neither inflated nor taken for plain
    std::optional<DeflateWriter> m_deflate;
    std::optional<InflateReader> m_inflate;
};

QTEST_GUILESS_MAIN(TestCompress)
#include "tst_compress.moc"
