#include "core/mailbox/verify.h"
#include "dialogueserver.h"

#include <QFile>
#include <QTest>

#include <sqlite3.h>

using namespace Postnook;

// What `postnook check` looks at beyond the store: that each text is as it came, and that what is
// stored of it is what is in it.
class TestVerify : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsWrong();
    void findsWhatIsWrong_data();
    void findsWhatIsWrong();
    void goesOnInSteps();
};

namespace
{

constexpr MemoryTransport::Peer Peer;

void append(const QPointer<MemoryTransport> &client,
            const QByteArray &mailbox,
            const QByteArray &message)
{
    const auto answer = command(client,
                                "APPEND " + mailbox + " {" + QByteArray::number(message.size())
                                    + "+}\r\n" + message);
    QVERIFY2(answer.contains("a OK "), answer);
}

Result<Verification> verify(DialogueServer &server, ContentId after = ContentId(0))
{
    const auto store = await(server.storage().mailStore(server.account().id));
    return store
        ? await((*store)->read([after](ReadTxn &txn) { return verifyContents(txn, after); }))
        : store.error();
}

void fill(DialogueServer &server)
{
    const auto client = server.connectClient(Peer);
    command(client, "LOGIN test secret");
    append(client, "INBOX", "From: a@b.example\r\nSubject: one\r\n\r\nText\r\n");
    append(client, "INBOX", "Subject: two\r\n\r\n" + QByteArray(100'000, 'x') + "\r\n");
    command(client, "SELECT INBOX");
    command(client, "COPY 2 Archive");
    command(client, "LOGOUT");
}

} // namespace

void TestVerify::nothingIsWrong()
{
    DialogueServer server;
    fill(server);
    const auto found = verify(server);
    QVERIFY(found.has_value());
    QCOMPARE(found->faults, QStringList());
    QCOMPARE(found->texts, 2);
    QCOMPARE(found->staleIndex, 0);
}

void TestVerify::findsWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QStringList>("faults");
    const auto inBoth = [](const char *fault) {
        return QStringList{QStringLiteral("mailbox Archive, UID 1: ") + QLatin1String(fault),
                           QStringLiteral("mailbox INBOX, UID 2: ") + QLatin1String(fault)};
    };
    const auto structure = "what is stored of the message's structure is not what it has";
    const auto bytes = "the bytes of the message are not those that came";
    QTest::newRow("an envelope") << QByteArray("UPDATE content SET envelope = x'28' WHERE id = 2")
                                 << inBoth(structure);
    QTest::newRow("a subject") << QByteArray("UPDATE content SET base_subject = x'61' WHERE id = 2")
                               << inBoth(structure);
    QTest::newRow("a digest") << QByteArray("UPDATE content SET sha256 = zeroblob(32) WHERE id = 2")
                              << inBoth(bytes);
    QTest::newRow("the bytes") << QByteArray(
        "UPDATE content_bytes SET bytes = CAST(replace(bytes, 'Text', 'Test') AS BLOB)"
        " WHERE content_id = 1")
                               << QStringList{QStringLiteral("mailbox INBOX, UID 1: ")
                                              + QLatin1String(bytes)};
    QTest::newRow("an expunged one")
        << QByteArray("DELETE FROM message WHERE content_id = 1;"
                      "UPDATE content SET sha256 = zeroblob(32) WHERE id = 1")
        << QStringList{QStringLiteral("an expunged message: ") + QLatin1String(bytes)};
}

void TestVerify::findsWhatIsWrong()
{
    QFETCH(const QByteArray, sql);
    QFETCH(const QStringList, faults);
    DialogueServer server;
    fill(server);
    server.restart();
    sqlite3 *handle = nullptr;
    const auto path = server.path() + QStringLiteral("/accounts/1/mail.db");
    QCOMPARE(sqlite3_open(path.toUtf8().constData(), &handle), SQLITE_OK);
    QCOMPARE(sqlite3_exec(handle, sql.constData(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(handle);
    const auto found = verify(server);
    QVERIFY(found.has_value());
    QCOMPARE(found->faults, faults);
}

void TestVerify::goesOnInSteps()
{
    DialogueServer server;
    fill(server);
    const auto first = verify(server);
    QVERIFY(!first->isLast);
    QCOMPARE(first->last, ContentId(2));
    const auto second = verify(server, first->last);
    QVERIFY(second->isLast);
    QCOMPARE(second->texts, 0);
}

QTEST_GUILESS_MAIN(TestVerify)
#include "tst_verify.moc"
