#include "accountmail.h"

#include <QRegularExpression>
#include <QTcpSocket>

using namespace Postnook;
using namespace Postnook::Test;
using namespace Qt::StringLiterals;

// Mail that another mail server brings.
class TestE2eLmtp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void survivesAKill();
    void largeMessage();
    void manyRecipients();
    void isOffByDefault();
    void endsWithTheServer();

private:
    bool start();
    bool connectTo();
    QByteArray readLine();
    // The replies to lines that each get one.
    QByteArrayList say(const QByteArrayList &lines);
    // The replies for the recipients.
    QByteArrayList bring(const QByteArrayList &recipients, const QByteArray &text);

    std::unique_ptr<Home> m_home;
    std::unique_ptr<ServerProcess> m_server;
    std::unique_ptr<QTcpSocket> m_socket;
};

namespace
{

constexpr auto TimeoutMs = 60'000;

} // namespace

void TestE2eLmtp::init()
{
    m_socket.reset();
    m_server.reset();
    m_home = std::make_unique<Home>();
    QVERIFY(m_home->addAccount(u"ann"_s, "secret"));
    QVERIFY(m_home->addAccount(u"bob"_s, "secret"));
}

bool TestE2eLmtp::start()
{
    m_server = std::make_unique<ServerProcess>(*m_home);
    return m_server->start({u"--lmtp-port=0"_s}) && m_server->waitForLog(u" (LMTP)"_s)
        && connectTo();
}

bool TestE2eLmtp::connectTo()
{
    static const QRegularExpression listening(u"listening on 127\\.0\\.0\\.1:(\\d+) \\(LMTP\\)"_s);
    const auto port = listening.match(m_server->log()).captured(1).toUShort();
    m_socket = std::make_unique<QTcpSocket>();
    m_socket->connectToHost(u"127.0.0.1"_s, port);
    return m_socket->waitForConnected(TimeoutMs) && readLine().startsWith("220 ");
}

QByteArray TestE2eLmtp::readLine()
{
    while (!m_socket->canReadLine()) {
        if (!m_socket->waitForReadyRead(TimeoutMs)) {
            return {};
        }
    }
    return m_socket->readLine().trimmed();
}

QByteArrayList TestE2eLmtp::say(const QByteArrayList &lines)
{
    QByteArrayList replies;
    for (const QByteArray &line : lines) {
        m_socket->write(line + "\r\n");
        QByteArray reply = readLine();
        while (reply.size() > 3 && reply.at(3) == '-') {
            reply = readLine();
        }
        replies.append(reply);
    }
    return replies;
}

QByteArrayList TestE2eLmtp::bring(const QByteArrayList &recipients, const QByteArray &text)
{
    say({"LHLO relay.example", "MAIL FROM:<eve@example.org>"});
    for (const QByteArray &recipient : recipients) {
        say({"RCPT TO:<" + recipient + '>'});
    }
    say({"DATA"});
    m_socket->write(text + ".\r\n");
    QByteArrayList replies;
    while (replies.size() < recipients.size()) {
        replies.append(readLine());
    }
    return replies;
}

void TestE2eLmtp::survivesAKill()
{
    QVERIFY(start());
    const auto replies =
        bring({"ann@example.org", "bob@example.org"}, "Subject: hello\r\n\r\ntext\r\n");
    m_server->kill();
    QCOMPARE(replies,
             QByteArrayList(
                 {"250 2.1.5 <ann@example.org> has it", "250 2.1.5 <bob@example.org> has it"}));
    m_server->waitForEnd();
    QVERIFY(start());
    for (const QString &account : {u"ann"_s, u"bob"_s}) {
        const auto mail = mailOf(*m_home, account);
        QCOMPARE(mail.size(), 1);
        QCOMPARE(mail.first().mailbox, "INBOX");
        QCOMPARE(mail.first().flags, QByteArray("0 "));
        const QByteArray &bytes = mail.first().bytes;
        QVERIFY(bytes.startsWith("Return-Path: <eve@example.org>\r\nReceived: from relay.example ("
                                 "[127.0.0.1])\r\n by "));
        QVERIFY(bytes.contains(" with LMTP\r\n for <" + account.toUtf8() + "@example.org>; "));
        QVERIFY(bytes.endsWith("\r\nSubject: hello\r\n\r\ntext\r\n"));
    }
}

// Larger than every buffer on its way, with dots at the beginning of all lines.
void TestE2eLmtp::largeMessage()
{
    QVERIFY(start());
    const QByteArray line = QByteArray(75, 'x') + "\r\n";
    const QByteArray text = "\r\n" + ("." + line).repeated(100'000);
    QCOMPARE(bring({"ann", "bob"}, "\r\n" + (".." + line).repeated(100'000)),
             QByteArrayList({"250 2.1.5 <ann> has it", "250 2.1.5 <bob> has it"}));
    const auto mail = mailOf(*m_home, u"bob"_s);
    QCOMPARE(mail.size(), 1);
    QVERIFY(mail.first().bytes.endsWith(text));
}

void TestE2eLmtp::manyRecipients()
{
    QVERIFY(start());
    const QByteArrayList recipients(100, "ann");
    QCOMPARE(bring(recipients, "text\r\n"), QByteArrayList(100, "250 2.1.5 <ann> has it"));
    QCOMPARE(mailOf(*m_home, u"ann"_s).size(), 100);
    say({"MAIL FROM:<>"});
    QCOMPARE(say(QByteArrayList(100, "RCPT TO:<bob>")), QByteArrayList(100, "250 2.1.5 <bob>"));
    QCOMPARE(say({"RCPT TO:<bob>"}), QByteArrayList{"452 4.5.3 There are too many recipients"});
}

void TestE2eLmtp::isOffByDefault()
{
    m_server = std::make_unique<ServerProcess>(*m_home);
    QVERIFY(m_server->start());
    QVERIFY(!m_server->log().contains(u"LMTP"_s));
}

void TestE2eLmtp::endsWithTheServer()
{
    QVERIFY(start());
    say({"LHLO relay.example", "MAIL FROM:<>", "RCPT TO:<ann>", "DATA"});
    m_socket->write("half a mess");
    m_server->terminate();
    QCOMPARE(readLine(), "421 4.3.2 The server is stopping");
    QCOMPARE(m_server->waitForEnd(), 0);
}

QTEST_GUILESS_MAIN(TestE2eLmtp)
#include "tst_e2elmtp.moc"
