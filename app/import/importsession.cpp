#include "app/import/importsession.h"

#include "app/control/controlprotocol.h"
#include "core/wire/mailboxnames.h"
#include "core/wire/responsewriter.h"

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
constexpr qint64 MaxReplyLineBytes = 65'536;

ImportSession::Reply parseTagged(QByteArray rest)
{
    ImportSession::Reply reply;
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

QByteArray quotedKey(const QByteArray &key)
{
    return '"' + key.toHex() + '"';
}

} // namespace

Result<void> ImportSession::open(const QString &controlSocket, const QString &account)
{
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

Result<void> ImportSession::readGreeting()
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

Result<QByteArrayList> ImportSession::knownKeys(const QByteArrayList &keys)
{
    QByteArray text = "XIMPORTED";
    for (const QByteArray &key : keys) {
        text += ' ' + quotedKey(key);
    }
    const auto reply = command(text);
    if (!reply) {
        return reply.error();
    }
    if (!reply->isOk) {
        return Error{ErrorCode::Unavailable,
                     u"the server does not say what was imported before: %1"_s.arg(reply->text)};
    }
    QByteArrayList known;
    for (const QByteArray &line : reply->untagged) {
        const auto words = line.split(' ');
        if (words.first() == "XIMPORTED") {
            for (const QByteArray &word : words.mid(1)) {
                known.append(QByteArray::fromHex(word));
            }
        }
    }
    return known;
}

Result<ImportSession::Reply> ImportSession::ensureMailbox(const MailboxName &name)
{
    QByteArray wireName;
    ResponseWriter(wireName).mailbox(name, NameCoding::ModifiedUtf7);
    if (name.utf8 != "INBOX") {
        auto made = command("CREATE " + wireName);
        if (!made || (!made->isOk && made->code != "ALREADYEXISTS")) {
            return made;
        }
    }
    return command("SUBSCRIBE " + wireName);
}

Result<ImportSession::Reply> ImportSession::append(const QList<ImportItem> &items)
{
    const QByteArray tag = newTag();
    QByteArray head = tag + " APPEND ";
    ResponseWriter(head).mailbox(items.first().mailbox, NameCoding::ModifiedUtf7);
    for (const ImportItem &item : items) {
        head += ' ';
        ResponseWriter writer(head);
        writer.flags(item.flags).space();
        if (item.date) {
            writer.dateTime(*item.date).space();
        }
        // RFC 4466 2.3: an extension stands before the message. A NUL needs a literal8 (RFC 3516).
        head += "X-IMPORT-KEY " + quotedKey(item.key) + (item.bytes.contains('\0') ? " ~{" : " {")
            + QByteArray::number(item.bytes.size()) + "+}\r\n";
        for (const QByteArray &part : {head, item.bytes}) {
            if (const auto sent = send(part); !sent) {
                return sent.error();
            }
        }
        head.clear();
    }
    const auto sent = send("\r\n");
    return sent ? readReply(tag) : Result<Reply>(sent.error());
}

void ImportSession::close()
{
    if (m_socket.state() == QLocalSocket::ConnectedState) {
        static_cast<void>(command("LOGOUT"));
    }
    m_socket.abort();
}

QByteArray ImportSession::newTag()
{
    return 'i' + QByteArray::number(++m_lastTag);
}

Result<ImportSession::Reply> ImportSession::command(const QByteArray &text)
{
    const QByteArray tag = newTag();
    const auto sent = send(tag + ' ' + text + "\r\n");
    return sent ? readReply(tag) : Result<Reply>(sent.error());
}

Result<void> ImportSession::send(const QByteArray &bytes)
{
    m_socket.write(bytes);
    while (m_socket.bytesToWrite() > MaxUnsentBytes) {
        if (!m_socket.waitForBytesWritten(ReplyTimeoutMs)) {
            return lost();
        }
    }
    return {};
}

Result<QByteArray> ImportSession::readLine()
{
    while (!m_socket.canReadLine()) {
        if (!m_socket.waitForReadyRead(ReplyTimeoutMs)
            || m_socket.bytesAvailable() > MaxReplyLineBytes) {
            return lost();
        }
    }
    return m_socket.readLine();
}

Result<ImportSession::Reply> ImportSession::readReply(const QByteArray &tag)
{
    QByteArrayList untagged;
    for (;;) {
        const auto line = readLine();
        if (!line) {
            return line.error();
        }
        const QByteArray text = line->trimmed();
        noteBye(text);
        if (text.startsWith("* ")) {
            untagged.append(text.mid(2));
        } else if (text.startsWith(tag + ' ')) {
            Reply reply = parseTagged(text.mid(tag.size() + 1));
            reply.untagged = untagged;
            return reply;
        }
    }
}

void ImportSession::noteBye(const QByteArray &line)
{
    if (line.startsWith("* BYE ")) {
        m_bye = QString::fromUtf8(line.mid(6).trimmed());
    }
}

Error ImportSession::lost()
{
    // It may have said why while we were sending.
    while (m_socket.canReadLine()) {
        noteBye(m_socket.readLine());
    }
    return {ErrorCode::Unavailable,
            u"the server went away: %1"_s.arg(m_bye.isEmpty() ? m_socket.errorString() : m_bye)};
}

qint64 appendedCount(const QByteArray &code)
{
    const auto words = code.split(' ');
    if (words.size() != 3 || words.first() != "APPENDUID") {
        return 0;
    }
    qint64 count = 0;
    for (const QByteArray &range : words.at(2).split(',')) {
        const auto colon = range.indexOf(':');
        const qint64 first = range.left(colon).toLongLong();
        const qint64 last = colon < 0 ? first : range.mid(colon + 1).toLongLong();
        count += std::max(first, last) - std::min(first, last) + 1;
    }
    return count;
}

} // namespace Postnook
