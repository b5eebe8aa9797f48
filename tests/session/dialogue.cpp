#include "dialogue.h"

#include <QCoreApplication>

namespace Postnook
{

namespace
{

constexpr qsizetype PieceBytes = 65'536;

// The brace that closes the one at `at`; literal headers in between have theirs.
qsizetype closingBrace(const QByteArray &text, qsizetype at)
{
    int depth = 0;
    do {
        depth += text.at(at) == '{' ? 1 : 0;
        depth -= text.at(at) == '}' ? 1 : 0;
    } while (depth > 0 && ++at < text.size());
    return at;
}

QByteArray repeat(QByteArray text)
{
    for (auto at = text.indexOf("{repeat "); at >= 0; at = text.indexOf("{repeat ", at)) {
        const auto end = closingBrace(text, at);
        const QByteArray inner = text.mid(at + 8, end - at - 8);
        const auto space = inner.indexOf(' ');
        const QByteArray copies = inner.mid(space + 1).repeated(inner.first(space).toInt());
        text.replace(at, end - at + 1, copies);
        at += copies.size();
    }
    return text;
}

QByteArray unescape(const QByteArray &text)
{
    QByteArray out;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text.at(i) != '\\' || i + 1 == text.size()) {
            out += text.at(i);
            continue;
        }
        const char next = text.at(++i);
        switch (next) {
        case 'r':
            out += '\r';
            break;
        case 'n':
            out += '\n';
            break;
        case 't':
            out += '\t';
            break;
        case '0':
            out += '\0';
            break;
        case '\\':
            out += '\\';
            break;
        case 'x':
            out += static_cast<char>(text.mid(i + 1, 2).toInt(nullptr, 16));
            i += 2;
            break;
        default: // "\Seen" needs no doubling
            out += '\\';
            out += next;
        }
    }
    return repeat(out);
}

bool matches(const QByteArray &pattern, const QByteArray &line)
{
    const QByteArrayList pieces = [&] {
        QByteArrayList list;
        qsizetype from = 0;
        for (auto at = pattern.indexOf("<*>"); at >= 0; at = pattern.indexOf("<*>", from)) {
            list << pattern.mid(from, at - from);
            from = at + 3;
        }
        return list << pattern.mid(from);
    }();
    if (pieces.size() == 1) {
        return line == pattern;
    }
    if (!line.startsWith(pieces.first()) || !line.endsWith(pieces.last())
        || line.size() < pieces.first().size() + pieces.last().size()) {
        return false;
    }
    qsizetype at = pieces.first().size();
    for (qsizetype i = 1; i + 1 < pieces.size(); ++i) {
        at = line.indexOf(pieces.at(i), at);
        if (at < 0) {
            return false;
        }
        at += pieces.at(i).size();
    }
    return at <= line.size() - pieces.last().size();
}

} // namespace

QString Dialogue::run()
{
    int number = 0;
    for (const QByteArray &line : m_script.split('\n')) {
        ++number;
        const QString trouble = runLine(line);
        if (!trouble.isEmpty()) {
            return QStringLiteral("line %1: %2\n%3")
                .arg(number)
                .arg(trouble, QString::fromLatin1(m_transcript.join('\n')));
        }
    }
    return checkNothingLeft();
}

QString Dialogue::runLine(const QByteArray &line)
{
    if (line.trimmed().isEmpty() || line.startsWith('#')) {
        return {};
    }
    if (line.startsWith("! ")) {
        return applySetting(line.mid(2).trimmed());
    }
    if (line.startsWith("T: ")) {
        server().advanceMs(line.mid(3).toLongLong() * 1000);
        return {};
    }
    if (line.startsWith("U: ")) {
        server().advanceUtc(line.mid(3).toLongLong());
        return {};
    }
    if (line == "R:") {
        m_clients.clear();
        server().restart();
        return {};
    }
    qsizetype digits = 1;
    while (digits < line.size() && line.at(digits) >= '0' && line.at(digits) <= '9') {
        ++digits;
    }
    const int number = line.mid(1, digits - 1).toInt();
    Client &who = client(number);
    const QByteArray head = line.at(0) + line.mid(digits).split(' ').first();
    const QByteArray text = unescape(line.mid(digits + head.size()));
    m_transcript << line.left(300);
    if (head == "C:" || head == "C-") {
        send(who, head == "C:" ? text + "\r\n" : text);
        return {};
    }
    if (head == "R-") {
        if (who.transport) {
            who.transport->clientSends(text);
        }
        return {};
    }
    if (head == "Z:") {
        beginCompression(who);
        return {};
    }
    if (head == "P:") {
        endCompression(who);
        return {};
    }
    if (head == "S:") {
        return expect(who, text);
    }
    if (head == "S?:") {
        return expectAmong(who, text);
    }
    if (head == "S=") {
        return expectLater(who, text);
    }
    if (head == "D:") {
        if (who.transport) {
            who.transport->clientCloses();
        }
        m_clients.remove(number);
        return {};
    }
    if (head == "X:") {
        return expectClosed(who);
    }
    return QStringLiteral("this is no dialogue line");
}

QString Dialogue::applySetting(const QByteArray &line)
{
    const auto space = line.indexOf(' ');
    const QByteArray name = space < 0 ? line : line.first(space);
    const int value = space < 0 ? 0 : line.mid(space + 1).toInt();
    if (name == "fresh") {
        m_isFresh = true;
    } else if (name == "preauth") {
        m_preauthenticated = value;
    } else if (name == "lmtp") {
        m_lmtp = value;
    } else if (name == "encrypted") {
        m_peer.isEncrypted = true;
    } else if (name == "starttls") {
        m_peer.canStartTls = true;
    } else if (name == "remote") {
        m_peer.isLoopback = false;
    } else if (name == "max-request-size") {
        m_setup.imap.maxRequestSize = static_cast<quint64>(value);
        m_setup.lmtp.maxMessageBytes = static_cast<quint64>(value);
    } else if (name == "line-bytes") {
        m_setup.imap.lineBytes = value;
    } else if (name == "max-notifications") {
        m_setup.imap.maxNotifications = value;
    } else if (name == "bad-commands") {
        m_setup.imap.badCommands = value;
        m_setup.lmtp.maxBadCommands = value;
    } else if (name == "max-sessions") {
        m_setup.imap.maxSessions = value;
        m_setup.lmtp.maxSessions = value;
    } else if (name == "max-sessions-not-logged-in") {
        m_setup.imap.maxSessionsNotLoggedIn = value;
    } else if (name == "max-sessions-not-logged-in-per-address") {
        m_setup.imap.maxSessionsNotLoggedInPerAddress = value;
    } else if (name == "max-sessions-per-account") {
        m_setup.imap.maxSessionsPerAccount = value;
    } else if (name == "hide") {
        m_setup.imap.hiddenCapabilities.byAccount[QStringLiteral("test")] =
            line.mid(space + 1).split(' ');
    } else if (name == "hide-all") {
        m_setup.imap.hiddenCapabilities.forAll = line.mid(space + 1).split(' ');
    } else {
        return QStringLiteral("unknown setting");
    }
    return {};
}

DialogueServer &Dialogue::server()
{
    if (!m_server) {
        m_server = std::make_unique<DialogueServer>(m_setup);
    }
    return *m_server;
}

Dialogue::Client &Dialogue::client(int number)
{
    if (!m_clients.contains(number)) {
        Client fresh;
        const bool isPreauthenticated = number == m_preauthenticated;
        const bool isLmtp = number == m_lmtp;
        fresh.transport = isLmtp ? server().connectLmtp()
            : isPreauthenticated ? server().connectPreauthenticated()
                                 : server().connectClient(m_peer);
        auto it = m_clients.insert(number, fresh);
        if (!m_isFresh && !isPreauthenticated && !isLmtp) {
            logIn(*it);
        }
    }
    return m_clients[number];
}

void Dialogue::logIn(Client &client)
{
    nextLine(client);
    client.transport->clientSends("login LOGIN test secret\r\n");
    nextLine(client);
}

void Dialogue::send(Client &client, const QByteArray &bytes)
{
    if (client.transport) {
        client.transport->clientSends(client.deflate ? client.deflate->write(bytes) : bytes);
    }
}

void Dialogue::beginCompression(Client &client)
{
    client.deflate = std::make_shared<DeflateWriter>();
    client.inflate = std::make_shared<InflateReader>();
    client.inflate->feed(std::exchange(client.unread, {}));
}

void Dialogue::endCompression(Client &client)
{
    client.unread += client.inflate->takeInput();
    client.deflate.reset();
    client.inflate.reset();
}

void Dialogue::collect(Client &client)
{
    QByteArray came;
    if (client.transport) {
        came = client.transport->takeOutput();
        client.isClosed = client.isClosed || client.transport->isClosed();
    } else {
        client.isClosed = true;
    }
    if (!client.inflate) {
        client.unread += came;
        return;
    }
    // Only as far as lines are asked for: the server may stop compressing behind one of them.
    client.inflate->feed(came);
    while (!client.unread.contains("\r\n")) {
        const QByteArray piece = client.inflate->read(PieceBytes);
        if (piece.isEmpty()) {
            break;
        }
        client.unread += piece;
    }
}

bool Dialogue::hasLine(Client &client)
{
    collect(client);
    return client.unread.contains("\r\n");
}

QByteArray Dialogue::nextLine(Client &client)
{
    DialogueServer::waitFor([&] { return hasLine(client) || client.isClosed; });
    const auto end = client.unread.indexOf("\r\n");
    if (end < 0) {
        return client.isClosed ? "(closed)" : "(nothing came: " + client.unread + ')';
    }
    const QByteArray line = client.unread.first(end);
    client.unread.remove(0, end + 2);
    return line;
}

QString Dialogue::expect(Client &client, const QByteArray &pattern)
{
    const QByteArray line = nextLine(client);
    if (matches(pattern, line)) {
        return {};
    }
    return QStringLiteral("expected \"%1\"\n     got \"%2\"")
        .arg(QString::fromLatin1(pattern), QString::fromLatin1(line));
}

QString Dialogue::expectAmong(Client &client, const QByteArray &pattern)
{
    // Lines that do not match go back to the end: the run of S?: lines takes them in any order.
    QByteArrayList passedOver;
    QString trouble =
        QStringLiteral("not among the lines that came: ") + QString::fromLatin1(pattern);
    while (true) {
        const QByteArray line = nextLine(client);
        if (matches(pattern, line)) {
            trouble.clear();
            break;
        }
        if (line.startsWith('(')) {
            break;
        }
        passedOver << line;
    }
    QByteArray before;
    for (const QByteArray &line : passedOver) {
        before += line + "\r\n";
    }
    client.unread.prepend(before);
    return trouble;
}

QString Dialogue::expectLater(Client &client, const QByteArray &pattern)
{
    QByteArrayList seen;
    while (true) {
        const QByteArray line = nextLine(client);
        if (matches(pattern, line)) {
            return {};
        }
        seen << line;
        if (line.startsWith('(')) {
            return QStringLiteral("never came: %1\n%2")
                .arg(QString::fromLatin1(pattern), QString::fromLatin1(seen.join('\n')));
        }
    }
}

QString Dialogue::expectClosed(Client &client)
{
    const bool isClosed = DialogueServer::waitFor([&] {
        collect(client);
        return client.isClosed;
    });
    return isClosed ? QString() : QStringLiteral("the connection is still open");
}

QString Dialogue::checkNothingLeft()
{
    QCoreApplication::processEvents();
    for (auto it = m_clients.begin(); it != m_clients.end(); ++it) {
        collect(*it);
        if (!it->unread.isEmpty()) {
            return QStringLiteral("client %1 has unread: %2\n%3")
                .arg(it.key())
                .arg(QString::fromLatin1(it->unread), QString::fromLatin1(m_transcript.join('\n')));
        }
    }
    return {};
}

} // namespace Postnook
