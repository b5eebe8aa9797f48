#include "app/control/localimap.h"

#include "app/control/controlprotocol.h"

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr auto ConnectTimeoutMs = 5'000;
// A batch is on disk within a second on all but the worst of disks.
constexpr auto ReplyTimeoutMs = 5 * 60'000;
constexpr qint64 MaxUnsentBytes = 1'048'576;
constexpr qint64 MaxUnreadBytes = 4'194'304; // more waits at the server
constexpr qint64 MaxReplyLineBytes = 1'048'576;
// Nothing larger is ever asked for.
constexpr qint64 MaxResponseBytes = 67'108'864;

LocalImap::Reply parseTagged(QByteArray rest)
{
    LocalImap::Reply reply;
    reply.isOk = rest.startsWith("OK");
    rest.remove(0, rest.indexOf(' ') + 1);
    if (rest.startsWith('[')) {
        const auto end = rest.indexOf(']');
        reply.code = rest.mid(1, end - 1);
        rest = rest.mid(end + 1);
    }
    reply.text = QString::fromUtf8(rest.trimmed());
    return reply;
}

// Of the literal that a line ends with; -1 when it ends with none.
qint64 literalSize(const QByteArray &line)
{
    if (!line.endsWith('}')) {
        return -1;
    }
    bool isNumber = false;
    const auto brace = line.lastIndexOf('{');
    const qint64 size = line.mid(brace + 1, line.size() - brace - 2).toLongLong(&isNumber);
    return brace >= 0 && isNumber && size >= 0 ? size : -1;
}

} // namespace

Result<void> LocalImap::open(const QString &controlSocket, const QString &account)
{
    m_socket.setReadBufferSize(MaxUnreadBytes);
    m_socket.connectToServer(controlSocket);
    if (!m_socket.waitForConnected(ConnectTimeoutMs)) {
        return lost();
    }
    const auto sent =
        send(ControlProtocol::toLine({{u"command"_s, u"imap"_s}, {u"account"_s, account}}));
    const auto line = sent.and_then([this] { return readLine(); });
    const auto reply =
        line.and_then([](const QByteArray &text) { return ControlProtocol::parseReply(text); });
    if (!reply) {
        return reply.error();
    }
    m_maxRequestBytes = static_cast<quint64>(reply->value("maxRequestSize"_L1).toInteger());
    return readGreeting();
}

Result<void> LocalImap::readGreeting()
{
    const auto greeting = readLine();
    if (!greeting) {
        return greeting.error();
    }
    if (!greeting->startsWith("* PREAUTH ")) {
        return Error{
            ErrorCode::Unavailable,
            u"the server takes no mail now: %1"_s.arg(QString::fromUtf8(greeting->trimmed()))};
    }
    return {};
}

void LocalImap::close()
{
    if (m_socket.state() == QLocalSocket::ConnectedState) {
        static_cast<void>(command("LOGOUT"));
    }
    m_socket.abort();
}

QByteArray LocalImap::newTag()
{
    return 'i' + QByteArray::number(++m_lastTag);
}

Result<LocalImap::Reply> LocalImap::command(const QByteArray &text, const OnResponse &onResponse)
{
    const QByteArray tag = newTag();
    const auto sent = send(tag + ' ' + text + "\r\n");
    return sent ? readReply(tag, onResponse) : Result<Reply>(sent.error());
}

Result<void> LocalImap::send(const QByteArray &bytes)
{
    m_socket.write(bytes);
    while (m_socket.bytesToWrite() > MaxUnsentBytes) {
        if (!m_socket.waitForBytesWritten(ReplyTimeoutMs)) {
            return lost();
        }
    }
    return {};
}

Result<QByteArray> LocalImap::readLine()
{
    while (!m_socket.canReadLine()) {
        if (m_socket.bytesAvailable() > MaxReplyLineBytes
            || !m_socket.waitForReadyRead(ReplyTimeoutMs)) {
            return lost();
        }
    }
    return m_socket.readLine();
}

Result<void> LocalImap::readBytes(qint64 count, QByteArray *to)
{
    while (count > 0) {
        if (m_socket.bytesAvailable() == 0 && !m_socket.waitForReadyRead(ReplyTimeoutMs)) {
            return lost();
        }
        const QByteArray bytes = m_socket.read(count);
        to->append(bytes);
        count -= bytes.size();
    }
    return {};
}

// A line, and what follows of it behind each literal.
Result<QByteArray> LocalImap::readResponse()
{
    QByteArray response;
    for (;;) {
        const auto line = readLine();
        if (!line) {
            return line.error();
        }
        const QByteArray text = line->trimmed();
        const qint64 literal = text.startsWith("* OK ") ? -1 : literalSize(text);
        if (literal < 0) {
            response += response.isEmpty() ? text : line->chopped(line->endsWith("\r\n") ? 2 : 1);
            return response;
        }
        if (response.size() + literal > MaxResponseBytes) {
            return Error{ErrorCode::TooBig, u"the server sends more than was asked for"_s};
        }
        response.reserve(response.size() + line->size() + literal + 2);
        response += *line;
        if (const auto read = readBytes(literal, &response); !read) {
            return read.error();
        }
    }
}

Result<LocalImap::Reply> LocalImap::readReply(const QByteArray &tag, const OnResponse &onResponse)
{
    QByteArrayList untagged;
    for (;;) {
        const auto response = readResponse();
        if (!response) {
            return response.error();
        }
        noteBye(*response);
        if (response->startsWith("* ")) {
            onResponse ? onResponse(response->mid(2)) : untagged.append(response->mid(2));
        } else if (response->startsWith(tag + ' ')) {
            Reply reply = parseTagged(response->mid(tag.size() + 1));
            reply.untagged = untagged;
            return reply;
        }
    }
}

void LocalImap::noteBye(const QByteArray &line)
{
    if (line.startsWith("* BYE ")) {
        m_bye = QString::fromUtf8(line.mid(6).trimmed());
    }
}

Error LocalImap::lost()
{
    // It may have said why while we were sending.
    while (m_socket.canReadLine()) {
        noteBye(m_socket.readLine());
    }
    return {ErrorCode::Unavailable,
            u"the server went away: %1"_s.arg(m_bye.isEmpty() ? m_socket.errorString() : m_bye)};
}

} // namespace Postnook
