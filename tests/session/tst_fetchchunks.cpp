#include "dialogueserver.h"

#include <QTest>

using namespace Postnook;

// A FETCH goes out in chunks of about 256 KiB; wherever a chunk ends, the client must not see it.
class TestFetchChunks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<DialogueServer>();
        m_client = m_server->connectClient(
            {.isEncrypted = true, .canStartTls = false, .isLoopback = true});
        readTo("Postnook ready\r\n");
        command("LOGIN test secret");
    }
    void cleanup() { m_server.reset(); }

    void everyCut_data()
    {
        QTest::addColumn<int>("firstSize");
        constexpr int ChunkBytes = 256 * 1024;
        for (int missing = 0; missing < 120; missing += 3) {
            QTest::addRow("chunk less %d octets", missing) << ChunkBytes - missing;
        }
    }

    void everyCut()
    {
        QFETCH(int, firstSize);
        const QByteArray first(firstSize, 'a');
        const QByteArray second("Subject: x\r\n\r\nsecond");
        append(first);
        append(second);
        command("SELECT INBOX");
        const QByteArray got =
            command("FETCH 1:2 (UID RFC822.SIZE BODY.PEEK[] BODY.PEEK[HEADER.FIELDS (Subject)])");
        const QByteArray expected =
            response(1, first, "") + response(2, second, "Subject: x\r\n\r\n");
        QCOMPARE(got.size(), expected.size());
        QVERIFY(got == expected);
    }

    void bodyOfManyChunks()
    {
        QByteArray body;
        for (int i = 0; body.size() < 3'000'000; ++i) {
            body += QByteArray::number(i) + "\r\n";
        }
        append(body);
        command("SELECT INBOX");
        QCOMPARE(command("FETCH 1 BODY.PEEK[]"),
                 "* 1 FETCH (BODY[] {" + QByteArray::number(body.size()) + "}\r\n" + body
                     + ")\r\n");
        QCOMPARE(command("FETCH 1 BODY.PEEK[]<1000000.700000>"),
                 "* 1 FETCH (BODY[]<1000000> {700000}\r\n" + body.mid(1'000'000, 700'000)
                     + ")\r\n");
    }

    // The decoder goes on where a chunk ended, also in the middle of a group or an escape.
    void binaryOfManyChunks_data()
    {
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<QByteArray>("encoded");
        QTest::addColumn<QByteArray>("decoded");
        QByteArray octets;
        for (int i = 0; octets.size() < 1'000'000; ++i) {
            octets += QByteArray::number(i) + "=\xff \n";
        }
        QByteArray base64;
        QByteArray quoted;
        for (qsizetype i = 0; i < octets.size(); i += 54) {
            base64 += octets.mid(i, 54).toBase64() + "\r\n";
            quoted += octets.mid(i, 54).toPercentEncoding().replace('%', '=') + "= \r\n";
        }
        QTest::newRow("base64") << QByteArray("base64") << base64 << octets;
        QTest::newRow("base64 in one line") << QByteArray("base64") << octets.toBase64() << octets;
        QTest::newRow("quoted-printable") << QByteArray("quoted-printable") << quoted << octets;
        QTest::newRow("8bit") << QByteArray("8bit") << octets << octets;
    }

    void binaryOfManyChunks()
    {
        QFETCH(QByteArray, encoding);
        QFETCH(QByteArray, encoded);
        QFETCH(QByteArray, decoded);
        const QByteArray field = "Content-Transfer-Encoding: " + encoding + "\r\n";
        append(field + "Content-Type: application/octet-stream\r\n\r\n" + encoded);
        append(field + "\r\n" + encoded);
        command("SELECT INBOX");
        QCOMPARE(command("FETCH 1 (BINARY.SIZE[1] BINARY.PEEK[1] BINARY.PEEK[1]<500001.400000>)"),
                 "* 1 FETCH " + binaryItems(decoded));
        // RFC 9051 7.5.2: lines of text end in CRLF.
        QCOMPARE(command("FETCH 2 (BINARY.SIZE[1] BINARY.PEEK[1] BINARY.PEEK[1]<500001.400000>)"),
                 "* 2 FETCH " + binaryItems(QByteArray(decoded).replace("\n", "\r\n")));
    }

    // The producer waits for a client that does not read, and goes on where it stopped.
    void slowReader()
    {
        const QByteArray body(2'000'000, 'b');
        append(body);
        command("SELECT INBOX");
        m_client->setHoldsOutput(true);
        m_client->clientSends("f FETCH 1 BODY.PEEK[]\r\n");
        qint64 most = 0;
        QByteArray got;
        const bool isDone = DialogueServer::waitFor([&] {
            most = qMax(most, m_client->unsentBytes());
            got += m_client->takeOutput();
            return got.endsWith("f OK Done\r\n");
        });
        QVERIFY(isDone);
        QVERIFY(got.contains(body));
        QVERIFY2(most < 2 * 262'144 + 65'536, QByteArray::number(most).constData());
    }

    // So is LSUB: subscriptions may be many.
    void manySubscriptions()
    {
        constexpr int Count = 2'000;
        const auto store = await(m_server->storage().mailStore(m_server->account().id));
        QVERIFY(store.has_value());
        const auto added = await((*store)->write([](WriteTxn &txn) -> Result<void> {
            for (int i = 0; i < Count; ++i) {
                const QByteArray name = "many/" + QByteArray(900, 'x') + QByteArray::number(i);
                if (auto done = txn.setSubscribed(MailboxName(name), true); !done) {
                    return done;
                }
            }
            return {};
        }));
        QVERIFY(added.has_value());
        m_client->setHoldsOutput(true);
        m_client->clientSends("l LSUB \"\" many/*\r\n");
        qint64 most = 0;
        QByteArray got;
        QVERIFY(DialogueServer::waitFor([&] {
            most = qMax(most, m_client->unsentBytes());
            got += m_client->takeOutput();
            return got.endsWith("l OK Done\r\n");
        }));
        QCOMPARE(static_cast<int>(got.count("* LSUB () \"/\" many/x")), Count);
        QVERIFY2(most < 2 * 262'144 + 65'536, QByteArray::number(most).constData());
    }

private:
    static QByteArray response(int number, const QByteArray &message, const QByteArray &fields)
    {
        return "* " + QByteArray::number(number) + " FETCH (UID " + QByteArray::number(number)
            + " RFC822.SIZE " + QByteArray::number(message.size()) + " BODY[] {"
            + QByteArray::number(message.size()) + "}\r\n" + message
            + " BODY[HEADER.FIELDS (Subject)] {" + QByteArray::number(fields.size()) + "}\r\n"
            + fields + ")\r\n";
    }

    static QByteArray binaryItems(const QByteArray &decoded)
    {
        return "(BINARY.SIZE[1] " + QByteArray::number(decoded.size()) + " BINARY[1] {"
            + QByteArray::number(decoded.size()) + "}\r\n" + decoded
            + " BINARY[1]<500001> {400000}\r\n" + decoded.mid(500'001, 400'000) + ")\r\n";
    }

    void append(const QByteArray &message)
    {
        command("APPEND INBOX {" + QByteArray::number(message.size()) + "+}\r\n" + message);
    }

    // What came before the tagged line, which must be OK.
    QByteArray command(const QByteArray &text)
    {
        m_client->clientSends("t " + text + "\r\n");
        QByteArray got = readTo(" Done\r\n", "t OK");
        return got.first(qMax(got.lastIndexOf("t OK"), qsizetype(0)));
    }

    QByteArray readTo(const QByteArray &end, const QByteArray &tagged = {})
    {
        QByteArray got;
        DialogueServer::waitFor([&] {
            got += m_client->takeOutput();
            return got.endsWith(end)
                || (!tagged.isEmpty() && got.endsWith("\r\n") && got.contains(tagged));
        });
        return got;
    }

    std::unique_ptr<DialogueServer> m_server;
    QPointer<MemoryTransport> m_client;
};

QTEST_GUILESS_MAIN(TestFetchChunks)
#include "tst_fetchchunks.moc"
