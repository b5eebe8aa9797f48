#include "dialogueserver.h"
#include "tests/grammar/metadatagrammar.h"

#include <QRandomGenerator>
#include <QTest>

using namespace Postnook;

// METADATA (RFC 5464) where a dialogue is too short: values of any kind and size through a strict
// reader, clients that do not read, and more changes than anybody keeps for one.
class TestMetadata : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<DialogueServer>();
        m_client = connect();
    }
    void cleanup() { m_server.reset(); }

    void valuesComeBackAsTheyWere();
    void slowReader_data();
    void slowReader();
    void tooManyChangesEndTheSession_data();
    void tooManyChangesEndTheSession();
    void asManyChangesAsAreKept();

private:
    using Values = QMap<QByteArray, QByteArray>;

    QPointer<MemoryTransport> connect()
    {
        auto client = m_server->connectClient(
            {.isEncrypted = true, .canStartTls = false, .isLoopback = true});
        readTo(client, "Postnook ready\r\n");
        command(client, "LOGIN test secret");
        return client;
    }
    static QByteArray readTo(const QPointer<MemoryTransport> &client, const QByteArray &end)
    {
        QByteArray got;
        DialogueServer::waitFor([&] {
            got += client ? client->takeOutput() : QByteArray();
            return got.endsWith(end);
        });
        return got;
    }
    // What came before the tagged line, which must be OK.
    static QByteArray command(const QPointer<MemoryTransport> &client, const QByteArray &text)
    {
        client->clientSends("t " + text + "\r\n");
        QByteArray got;
        DialogueServer::waitFor([&] {
            got += client ? client->takeOutput() : QByteArray();
            return got.lastIndexOf("t OK") >= 0 && got.endsWith("\r\n");
        });
        return got.first(qMax(got.lastIndexOf("t OK"), qsizetype(0)));
    }
    // Cuts responses apart: a line that ends in a literal's header goes on behind the literal.
    static QByteArrayList split(const QByteArray &text)
    {
        QByteArrayList responses;
        qsizetype start = 0;
        for (qsizetype at = 0; at < text.size();) {
            const auto end = text.indexOf("\r\n", at);
            if (end < 0) {
                return {text}; // cut short: no grammar takes it
            }
            const auto open = text.lastIndexOf('{', end);
            bool isHeader = false;
            const int size = open >= at && text.at(end - 1) == '}'
                ? text.mid(open + 1, end - open - 2).toInt(&isHeader)
                : 0;
            at = end + 2 + size;
            if (!isHeader) {
                responses.append(text.mid(start, at - start));
                start = at;
            }
        }
        return responses;
    }
    static QByteArray pair(const QByteArray &name, const QByteArray &value)
    {
        return '"' + name + "\" ~{" + QByteArray::number(value.size()) + "+}\r\n" + value;
    }
    void setAll(const QByteArray &mailbox, const Values &values)
    {
        for (auto it = values.cbegin(); it != values.cend(); ++it) {
            command(m_client, "SETMETADATA " + mailbox + " (" + pair(it.key(), it.value()) + ')');
        }
    }
    static Values valuesOf(const QByteArrayList &responses, const QByteArray &mailbox)
    {
        Values values;
        for (const QByteArray &response : responses) {
            const auto parsed = Grammar::parseMetadata(response, Grammar::Revision::Rev1);
            if (!parsed || parsed->mailbox != mailbox) {
                return {{"not a METADATA response", response}};
            }
            for (const auto &[name, value] : parsed->values) {
                values.insert(name, value.value_or("NIL"));
            }
        }
        return values;
    }
    static Values largeValues()
    {
        Values values;
        for (int i = 0; i < 40; ++i) {
            values.insert("/private/" + QByteArray::number(i), QByteArray(60'000, char('a' + i)));
        }
        return values;
    }

    std::unique_ptr<DialogueServer> m_server;
    QPointer<MemoryTransport> m_client;
};

void TestMetadata::valuesComeBackAsTheyWere()
{
    QRandomGenerator random(5464);
    Values values;
    for (int i = 0; i < 120; ++i) {
        const int kind = random.bounded(4); // printable, no NUL, any octet, large
        QByteArray value;
        const int size = random.bounded(kind == 3 ? 65'537 : 1200);
        for (int n = 0; n < size; ++n) {
            value += static_cast<char>(kind == 0 ? random.bounded(0x20, 0x7f)
                                                 : random.bounded(kind == 1 ? 1 : 0, 256));
        }
        values.insert("/private/x y/" + QByteArray::number(i), value);
    }
    setAll("\"\"", values);
    const auto all = split(command(m_client, "GETMETADATA (DEPTH infinity) \"\" /private"));
    QVERIFY(all.size() > 1); // as several responses
    QCOMPARE(valuesOf(all, ""), values);
    for (const QByteArray &response : all) {
        QVERIFY(response.size() < 400'000);
    }
    const auto some =
        split(command(m_client, "GETMETADATA (DEPTH 1 MAXSIZE 500) {0+}\r\n \"/private/x y\""));
    Values expected;
    for (auto it = values.cbegin(); it != values.cend(); ++it) {
        if (it->size() <= 500) {
            expected.insert(it.key(), *it);
        }
    }
    QVERIFY(!expected.isEmpty());
    QCOMPARE(valuesOf(some, ""), expected);
}

void TestMetadata::slowReader_data()
{
    QTest::addColumn<QByteArray>("text");
    QByteArray names;
    const auto values = largeValues();
    for (auto it = values.cbegin(); it != values.cend(); ++it) {
        names += ' ' + it.key();
    }
    QTest::newRow("GETMETADATA") << QByteArray("GETMETADATA (DEPTH 1) Sent /private");
    QTest::newRow("LIST") << QByteArray("LIST \"\" Sent RETURN (METADATA (" + names.mid(1) + "))");
}

// The producer waits for a client that does not read, and goes on where it stopped.
void TestMetadata::slowReader()
{
    QFETCH(QByteArray, text);
    const auto values = largeValues();
    setAll("Sent", values);
    m_client->setHoldsOutput(true);
    m_client->clientSends("f " + text + "\r\n");
    qint64 most = 0;
    QByteArray got;
    const bool isDone = DialogueServer::waitFor([&] {
        most = qMax(most, m_client->unsentBytes());
        got += m_client->takeOutput();
        return got.endsWith("f OK Done\r\n");
    });
    QVERIFY(isDone);
    QVERIFY2(most < 2 * 262'144 + 2 * 65'536, QByteArray::number(most).constData());
    auto responses = split(got);
    responses.removeLast();
    if (responses.first().startsWith("* LIST")) {
        responses.removeFirst();
    }
    auto told = valuesOf(responses, "Sent");
    told.remove("/private/specialuse");
    QCOMPARE(told, values);
}

void TestMetadata::tooManyChangesEndTheSession_data()
{
    QTest::addColumn<bool>("isIdling");
    QTest::newRow("silent") << false;
    QTest::newRow("in IDLE, without reading") << true;
}

// Each name is set and removed, so that none of the limits on what is stored stands in the way.
void TestMetadata::tooManyChangesEndTheSession()
{
    QFETCH(bool, isIdling);
    const auto watcher = connect();
    command(watcher, "ENABLE METADATA");
    if (isIdling) {
        watcher->clientSends("i IDLE\r\n");
        readTo(watcher, "+ idling\r\n");
        watcher->setHoldsOutput(true);
        // Nothing more is written to who does not read.
        setAll("\"\"", {{"/private/first", "x"}});
        QVERIFY(DialogueServer::waitFor([&] { return watcher->unsentBytes() > 0; }));
    }
    bool isClosed = false;
    QObject::connect(
        watcher.data(), &Transport::closed, watcher.data(), [&isClosed] { isClosed = true; });
    for (int round = 0; round < 40 && !isClosed; ++round) {
        QByteArray pairs;
        QByteArray removals;
        for (int i = 0; i < 50; ++i) {
            const QByteArray name =
                " /private/" + QByteArray(200, 'n') + QByteArray::number(round * 50 + i);
            pairs += name + " \"x\"";
            removals += name + " NIL";
        }
        command(m_client, "SETMETADATA \"\" (" + pairs.mid(1) + ')');
        command(m_client, "SETMETADATA \"\" (" + removals.mid(1) + ')');
        if (isIdling && !isClosed) {
            QVERIFY(watcher->unsentBytes() < 2 * 262'144);
        }
    }
    QVERIFY(DialogueServer::waitFor([&] { return isClosed; }));
}

void TestMetadata::asManyChangesAsAreKept()
{
    const auto watcher = connect();
    command(watcher, "ENABLE METADATA");
    QByteArray pairs;
    for (int i = 0; i < 1000; ++i) {
        pairs += " /private/" + QByteArray::number(i) + " \"x\"";
    }
    command(m_client, "SETMETADATA \"\" (" + pairs.mid(1) + ')');
    command(m_client, "SETMETADATA \"\" (" + pairs.mid(1).replace("\"x\"", "NIL") + ')');
    const auto told = Grammar::parseMetadata(command(watcher, "NOOP"));
    QVERIFY2(told, told ? "" : qPrintable(told.error().text));
    QCOMPARE(told->mailbox, QByteArray());
    QCOMPARE(told->names.size(), 1000);
    QCOMPARE(command(watcher, "NOOP"), QByteArray());
}

QTEST_GUILESS_MAIN(TestMetadata)
#include "tst_metadata.moc"
