#include "imapclient.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace
{

constexpr auto TimeoutMs = 30'000; // the machine may be busy with other tests

} // namespace

ImapClient::ImapClient()
{
    m_socket.setPeerVerifyMode(QSslSocket::VerifyNone);
}

bool ImapClient::connectTls(quint16 port)
{
    m_socket.connectToHostEncrypted(u"127.0.0.1"_s, port);
    m_greeting = readLine();
    return m_socket.isEncrypted() && m_greeting.startsWith("* OK");
}

bool ImapClient::connectClear(quint16 port)
{
    m_socket.connectToHost(u"127.0.0.1"_s, port);
    m_greeting = readLine();
    return m_greeting.startsWith("* OK");
}

bool ImapClient::startTls(const QByteArray &behind)
{
    const QByteArray tag = 't' + QByteArray::number(++m_tag);
    send(tag + " STARTTLS\r\n" + behind);
    if (!readLine().startsWith(tag + " OK")) {
        return false;
    }
    m_socket.startClientEncryption();
    return QTest::qWaitFor(
               [this] {
                   return m_socket.isEncrypted()
                       || m_socket.state() == QAbstractSocket::UnconnectedState;
               },
               TimeoutMs)
        && m_socket.isEncrypted();
}

QByteArrayList ImapClient::command(const QByteArray &command)
{
    const QByteArray tag = 't' + QByteArray::number(++m_tag);
    send(tag + ' ' + command + "\r\n");
    QByteArrayList lines;
    do {
        lines += readLine();
    } while (!m_isLost && !lines.last().startsWith(tag + ' '));
    return lines;
}

bool ImapClient::succeeds(const QByteArray &command_)
{
    const auto last = command(command_).last();
    return last.mid(last.indexOf(' ') + 1).startsWith("OK");
}

bool ImapClient::login(const QByteArray &name, const QByteArray &password)
{
    return succeeds("LOGIN \"" + name + "\" \"" + password + '"');
}

void ImapClient::send(const QByteArray &bytes)
{
    m_socket.write(bytes);
}

QByteArray ImapClient::readLine()
{
    const auto lineOrEnd = [this] {
        return m_socket.canReadLine() || m_socket.state() == QAbstractSocket::UnconnectedState;
    };
    m_isLost = !QTest::qWaitFor(lineOrEnd, TimeoutMs) || !m_socket.canReadLine();
    return m_isLost ? QByteArray() : m_socket.readLine().trimmed();
}

bool ImapClient::waitForDisconnect()
{
    return QTest::qWaitFor([this] { return m_socket.state() == QAbstractSocket::UnconnectedState; },
                           TimeoutMs);
}

QByteArray ImapClient::unread()
{
    return m_socket.readAll();
}
