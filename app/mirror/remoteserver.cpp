#include "app/mirror/remoteserver.h"

#include "app/mirror/tlstrust.h"

#include <QDeadlineTimer>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr auto ConnectTimeoutMs = 30'000;
constexpr auto TlsTimeoutMs = 30'000;
constexpr qint64 ReadBufferBytes = 1'048'576; // unbounded otherwise, however slow the disk is

bool isQuotable(const QByteArray &text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; });
}

QByteArray quoted(QByteArray text)
{
    text.replace('\\', "\\\\").replace('"', "\\\"");
    return '"' + text + '"';
}

} // namespace

bool isTemporary(const ImapResponse &refusal)
{
    static const QByteArrayList codes{"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "CONTACTADMIN"};
    return refusal.name == "BYE" || codes.contains(refusal.codeName());
}

RemoteServer::RemoteServer(const RemoteAccess &access, const std::atomic<bool> &stop)
    : m_imap(m_socket, access.shownHost(), stop)
{
    m_socket.setReadBufferSize(ReadBufferBytes);
}

Result<std::unique_ptr<RemoteServer>> RemoteServer::open(const RemoteAccess &access,
                                                         const std::atomic<bool> &stop)
{
    std::unique_ptr<RemoteServer> server(new RemoteServer(access, stop));
    const auto opened =
        server->connectTo(access).and_then([&] { return server->logIn(access); }).and_then([&] {
            return server->enable();
        });
    if (!opened) {
        return opened.error();
    }
    return server;
}

Result<void> RemoteServer::connectTo(const RemoteAccess &access)
{
    if (auto trusted = trustFor(access, &m_socket); !trusted) {
        return trusted;
    }
    if (access.security == RemoteSecurity::Tls) {
        m_socket.connectToHostEncrypted(access.host, access.port);
    } else {
        m_socket.connectToHost(access.host, access.port);
    }
    if (!m_socket.waitForConnected(ConnectTimeoutMs)) {
        return Error{ErrorCode::Busy,
                     u"%1 cannot be reached: %2"_s.arg(access.shownHost(), m_socket.errorString())};
    }
    if (access.security == RemoteSecurity::Tls) {
        if (auto encrypted = waitForTls(access); !encrypted) {
            return encrypted;
        }
    }
    if (auto greeted = greet(); !greeted || access.security != RemoteSecurity::StartTls) {
        return greeted;
    }
    return startTls(access);
}

Result<void> RemoteServer::waitForTls(const RemoteAccess &access)
{
    if (!m_socket.waitForEncrypted(TlsTimeoutMs)) {
        return handshakeFault(access, m_socket);
    }
    return checkPeer(access, m_socket);
}

Result<void> RemoteServer::greet()
{
    const auto greeting = m_imap.readGreeting();
    if (!greeting) {
        return greeting.error();
    }
    takeCapabilities(*greeting);
    if (greeting->name == "PREAUTH") {
        m_isLoggedIn = true;
    } else if (!greeting->isOk()) {
        return m_imap.lost(greeting->words());
    }
    return {};
}

Result<void> RemoteServer::startTls(const RemoteAccess &access)
{
    if (m_isLoggedIn) { // it would be somebody in between who logged us in (RFC 9051 11.3)
        return m_imap.fault(u"it logs in before TLS"_s);
    }
    const auto reply = m_imap.command("STARTTLS");
    if (!reply) {
        return reply.error();
    }
    if (!reply->isOk()) {
        return Error{ErrorCode::Unavailable,
                     u"%1 refuses STARTTLS: %2"_s.arg(access.shownHost(), reply->words())};
    }
    if (m_imap.hasUnread()) {
        return m_imap.fault(u"something was put in front of the TLS connection"_s);
    }
    m_capabilities.clear(); // what was said in the clear may be anybody's (RFC 9051 6.2.1)
    m_socket.startClientEncryption();
    return waitForTls(access);
}

Result<void> RemoteServer::logIn(const RemoteAccess &access)
{
    if (m_capabilities.isEmpty()) {
        if (auto asked = askCapabilities(); !asked) {
            return asked;
        }
    }
    if (m_isLoggedIn) {
        return {};
    }
    const auto reply = sendLogin(access);
    if (!reply) {
        return reply.error();
    }
    if (!reply->isOk()) {
        return Error{isTemporary(*reply) ? ErrorCode::Busy : ErrorCode::NotPermitted,
                     u"%1 refuses the login of %2: %3"_s.arg(
                         access.shownHost(), access.user, reply->words())};
    }
    m_isLoggedIn = true;
    m_capabilities.clear(); // another list than before (RFC 9051 6.2.3)
    takeCapabilities(*reply);
    return m_capabilities.isEmpty() ? askCapabilities() : Result<void>();
}

Result<ImapResponse> RemoteServer::sendLogin(const RemoteAccess &access)
{
    const QByteArray user = access.user.toUtf8();
    const QByteArray password = access.password.toUtf8();
    if (can("AUTH=PLAIN")) {
        const QByteArray response = ('\0' + user + '\0' + password).toBase64();
        return can("SASL-IR") ? m_imap.command("AUTHENTICATE PLAIN " + response)
                              : sendInPieces({"AUTHENTICATE PLAIN\r\n", response + "\r\n"});
    }
    if (can("LOGINDISABLED")) {
        return Error{ErrorCode::NotPermitted,
                     u"%1 takes no password here"_s.arg(access.shownHost())};
    }
    if (isQuotable(user) && isQuotable(password)) {
        return m_imap.command("LOGIN " + quoted(user) + ' ' + quoted(password));
    }
    return sendInPieces({"LOGIN {" + QByteArray::number(user.size()) + "}\r\n",
                         user + " {" + QByteArray::number(password.size()) + "}\r\n",
                         password + "\r\n"});
}

// Each of them when the server asks for it.
Result<ImapResponse> RemoteServer::sendInPieces(const QByteArrayList &pieces)
{
    const QByteArray tag = m_imap.newTag();
    if (const auto sent = m_imap.write(tag + ' ' + pieces.first()); !sent) {
        return sent.error();
    }
    qsizetype next = 1;
    return m_imap.readReply(tag, [this, &pieces, &next](const ImapResponse &response) {
        if (response.kind != ImapResponse::Kind::Continuation) {
            takeCapabilities(response);
            return Result<void>();
        }
        if (next >= pieces.size()) {
            return Result<void>(m_imap.fault(u"it asks for more than there is"_s));
        }
        return m_imap.write(pieces.at(next++));
    });
}

Result<void> RemoteServer::askCapabilities()
{
    const auto reply = m_imap.command("CAPABILITY", [this](const ImapResponse &response) {
        takeCapabilities(response);
        return Result<void>();
    });
    return reply.transform([](const ImapResponse &) {});
}

void RemoteServer::takeCapabilities(const ImapResponse &response)
{
    if (response.isData("CAPABILITY")) {
        m_capabilities = response.arguments.toUpper().split(' ');
    } else if (response.codeName() == "CAPABILITY") {
        m_capabilities = response.codeArguments().toUpper().split(' ');
    }
}

// Changes since the last time, in one round trip (RFC 7162).
Result<void> RemoteServer::enable()
{
    if (!can("ENABLE") || !can("QRESYNC")) {
        return {};
    }
    const auto reply = m_imap.command("ENABLE QRESYNC", [this](const ImapResponse &response) {
        if (response.isData("ENABLED")) {
            m_enabled += response.arguments.toUpper().split(' ');
        }
        return Result<void>();
    });
    return reply.transform([](const ImapResponse &) {});
}

void RemoteServer::logOut()
{
    if (m_socket.state() == QAbstractSocket::ConnectedState) {
        static_cast<void>(m_imap.command("LOGOUT"));
    }
    m_socket.abort();
}

} // namespace Postnook
