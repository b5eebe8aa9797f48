#include "app/server/listeners.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#ifndef Q_OS_WIN
#include <unistd.h>
#endif

using namespace Postnook;
using namespace Qt::StringLiterals;

namespace
{

const auto Loopback = u"127.0.0.1"_s;

bool hasIpv6()
{
    QTcpServer probe;
    return probe.listen(QHostAddress::LocalHostIPv6);
}

void cut(qintptr descriptor)
{
    QTcpSocket socket;
    socket.setSocketDescriptor(descriptor);
}

} // namespace

class TestListeners : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhoConnects();
    void freePortIsTheSameOnAllAddresses();
    void everyAddressOfBothFamilies();
    void takenPort_data();
    void takenPort();
    void nothingIsHalfBound();
    void forbiddenPort();
    void addressOfAnotherMachine();
    void writesAddresses_data();
    void writesAddresses();
};

void TestListeners::tellsWhoConnects()
{
    Listeners listeners;
    int connections = 0;
    QVERIFY(!listeners.bind({Loopback}, 0, PortKind::StartTls, [&connections](qintptr descriptor) {
        ++connections;
        cut(descriptor);
    }));
    QCOMPARE(listeners.ports().size(), 1);
    QTcpSocket client;
    client.connectToHost(Loopback, listeners.ports().first().port);
    QTRY_COMPARE(connections, 1);

    const auto port = listeners.ports().first().port;
    listeners.close();
    QTcpServer again;
    QVERIFY(again.listen(QHostAddress::LocalHost, port));
}

void TestListeners::freePortIsTheSameOnAllAddresses()
{
    if (!hasIpv6()) {
        QSKIP("no IPv6 here");
    }
    Listeners listeners;
    QVERIFY(!listeners.bind({Loopback, u"::1"_s}, 0, PortKind::Tls, cut));
    QCOMPARE(listeners.ports().size(), 2);
    QVERIFY(listeners.ports().first().port != 0);
    QCOMPARE(listeners.ports().at(1).port, listeners.ports().first().port);
}

void TestListeners::everyAddressOfBothFamilies()
{
    if (!hasIpv6()) {
        QSKIP("no IPv6 here");
    }
    Listeners listeners;
    QVERIFY(!listeners.bind({u"0.0.0.0"_s, u"::"_s}, 0, PortKind::StartTls, cut));
    QCOMPARE(listeners.ports().size(), 2);
}

void TestListeners::takenPort_data()
{
    QTest::addColumn<PortKind>("kind");
    QTest::addColumn<QString>("text");
    QTest::newRow("clear")
        << PortKind::StartTls
        << u"cannot listen on 127.0.0.1:%1 (STARTTLS): another program uses this "
           "port; stop it, or set bind-port to another port, say 1143"_s;
    QTest::newRow("TLS") << PortKind::Tls
                         << u"cannot listen on 127.0.0.1:%1 (TLS): another program uses this "
                            "port; stop it, or set bind-port-tls to another port, say 1993"_s;
    QTest::newRow("LMTP") << PortKind::Lmtp
                          << u"cannot listen on 127.0.0.1:%1 (LMTP): another program uses this "
                             "port; stop it, or set lmtp-port to another port, say 2400"_s;
}

void TestListeners::takenPort()
{
    QFETCH(PortKind, kind);
    QFETCH(QString, text);
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    Listeners listeners;
    const auto error = listeners.bind({Loopback}, other.serverPort(), kind, cut);
    QVERIFY(error);
    QCOMPARE(error->code, ExitCode::Unavailable);
    QCOMPARE(error->text, text.arg(other.serverPort()));
}

void TestListeners::nothingIsHalfBound()
{
    Listeners listeners;
    QVERIFY(!listeners.bind({Loopback}, 0, PortKind::StartTls, cut));
    const auto first = listeners.ports().first().port;
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    QVERIFY(listeners.bind({Loopback}, other.serverPort(), PortKind::Tls, cut));
    QVERIFY(listeners.ports().isEmpty());
    QTcpServer again;
    QVERIFY(again.listen(QHostAddress::LocalHost, first));
}

void TestListeners::forbiddenPort()
{
    QTcpServer probe;
    if (probe.listen(QHostAddress::LocalHost, 1)
        || probe.serverError() != QAbstractSocket::SocketAccessError) {
        QSKIP("low ports are allowed here");
    }
    Listeners listeners;
    const auto error = listeners.bind({Loopback}, 1, PortKind::StartTls, cut);
    QVERIFY(error);
    QCOMPARE(error->code, ExitCode::NoPermission);
    QVERIFY2(error->text.startsWith(u"cannot listen on 127.0.0.1:1 (STARTTLS): permission denied; "
                                    "ports below 1024 need a privilege: set bind-port to another "
                                    "port, say 1143"_s),
             qPrintable(error->text));
#ifdef Q_OS_LINUX
    QVERIFY2(error->text.contains(u"sudo sysctl net.ipv4.ip_unprivileged_port_start=143"_s),
             qPrintable(error->text));
#endif
}

void TestListeners::addressOfAnotherMachine()
{
    Listeners listeners;
    // TEST-NET-1 (RFC 5737): no machine has it.
    const auto error = listeners.bind({u"192.0.2.1"_s}, 1143, PortKind::StartTls, cut);
    QVERIFY(error);
    QCOMPARE(error->code, ExitCode::Unavailable);
    QCOMPARE(error->text,
             u"cannot listen on 192.0.2.1:1143 (STARTTLS): this machine has no such address now; "
             "correct bind-addr"_s);
}

void TestListeners::writesAddresses_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<PortKind>("kind");
    QTest::addColumn<QString>("text");
    QTest::newRow("IPv4") << Loopback << PortKind::StartTls << u"127.0.0.1:1143 (STARTTLS)"_s;
    QTest::newRow("IPv6") << u"::1"_s << PortKind::Tls << u"[::1]:1143 (TLS)"_s;
    QTest::newRow("all of IPv4") << u"0.0.0.0"_s << PortKind::Tls << u"0.0.0.0:1143 (TLS)"_s;
    QTest::newRow("all of IPv6") << u"::"_s << PortKind::StartTls << u"[::]:1143 (STARTTLS)"_s;
    QTest::newRow("mail servers") << Loopback << PortKind::Lmtp << u"127.0.0.1:1143 (LMTP)"_s;
}

void TestListeners::writesAddresses()
{
    QFETCH(QString, address);
    QFETCH(PortKind, kind);
    QFETCH(QString, text);
    const BoundPort port{QHostAddress(address), 1143, kind};
    QCOMPARE(port.toString(), text);
}

QTEST_GUILESS_MAIN(TestListeners)
#include "tst_listeners.moc"
