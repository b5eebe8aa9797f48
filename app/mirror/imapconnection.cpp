#include "app/mirror/imapconnection.h"

#include <QAbstractSocket>
#include <QDeadlineTimer>
#include <QLocalSocket>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr auto SilenceTimeoutMs = 3 * 60'000; // a large mailbox on a slow disk takes a minute
constexpr auto StopCheckMs = 200;
constexpr qint64 ReadBytes = 65'536;
constexpr qint64 MaxUnsentBytes = 1'048'576;
// SEARCH names every UID of a mailbox in one line: a million take 8 MB.
constexpr qsizetype MaxLineBytes = 16'777'216;
// Names, header fields, metadata.
constexpr quint64 MaxLiteralBytes = 1'048'576;
constexpr quint64 MaxLiteralsBytes = 4'194'304;
// Of one command: ten times the messages of the largest mailbox anybody has.
constexpr quint64 MaxResponses = 50'000'000;

bool announcesBody(const QByteArray &text)
{
    // text() ends in the literal's header: "... BODY[] {12}\r\n"
    const auto brace = text.lastIndexOf('{');
    auto before = QByteArrayView(text).first(std::max<qsizetype>(brace, 0));
    if (before.endsWith('~')) {
        before.chop(1);
    }
    constexpr QByteArrayView Item("BODY[] ");
    return before.size() > Item.size()
        && before.last(Item.size()).compare(Item, Qt::CaseInsensitive) == 0;
}

} // namespace

ImapConnection::ImapConnection(QIODevice &device,
                               const QString &peer,
                               const std::atomic<bool> &stop)
    : m_device(device)
    , m_peer(peer)
    , m_stop(stop)
{
    m_framer.setLimits({MaxLineBytes, MaxLiteralBytes, MaxLiteralsBytes});
}

Result<ImapResponse> ImapConnection::readGreeting()
{
    auto greeting = readResponse(nullptr);
    if (greeting && greeting->kind != ImapResponse::Kind::Status) {
        return fault(u"its greeting is none"_s);
    }
    return greeting;
}

Result<ImapResponse>
ImapConnection::command(const QByteArray &text, const OnData &onData, BodySink *sink)
{
    const QByteArray tag = newTag();
    const auto sent = write(tag + ' ' + text + "\r\n");
    return sent ? readReply(tag, onData, sink) : Result<ImapResponse>(sent.error());
}

QByteArray ImapConnection::newTag()
{
    return 'm' + QByteArray::number(++m_lastTag);
}

Result<void> ImapConnection::write(const QByteArray &bytes)
{
    if (m_device.write(bytes) != bytes.size()) {
        return gone();
    }
    QDeadlineTimer deadline(SilenceTimeoutMs);
    while (m_device.bytesToWrite() > MaxUnsentBytes) {
        if (m_stop) {
            return Error{ErrorCode::Cancelled, u"stopped"_s};
        }
        if (m_device.waitForBytesWritten(StopCheckMs)) {
            deadline.setRemainingTime(SilenceTimeoutMs);
        } else if (!isConnected() || deadline.hasExpired()) {
            return gone();
        }
    }
    return {};
}

Result<ImapResponse>
ImapConnection::readReply(const QByteArray &tag, const OnData &onData, BodySink *sink)
{
    for (quint64 count = 0; count < MaxResponses; ++count) {
        auto response = readResponse(sink);
        if (!response) {
            return response;
        }
        if (response->kind == ImapResponse::Kind::Tagged) {
            if (response->tag != tag) {
                return fault(u"it answers a command that was not sent"_s);
            }
            return response;
        }
        if (onData) {
            if (const auto taken = onData(*response); !taken) {
                return taken.error();
            }
        }
    }
    return fault(u"its answer has no end"_s);
}

bool ImapConnection::hasUnread() const
{
    return m_device.bytesAvailable() > 0 || m_framer.bufferedBytes() > 0 || m_framer.isMidCommand();
}

Result<ImapResponse> ImapConnection::readResponse(BodySink *sink)
{
    for (;;) {
        switch (m_framer.next()) {
        case CommandFramer::Event::NeedMore:
            if (const auto more = readMore(); !more) {
                return more.error();
            }
            break;
        case CommandFramer::Event::LiteralAhead:
            if (const auto taken = onLiteral(sink); !taken) {
                return taken.error();
            }
            break;
        case CommandFramer::Event::LiteralData:
            Q_ASSERT(sink != nullptr); // onLiteral() streams nothing else
            if (const auto taken = sink->takeLiteral(m_framer.streamed()); !taken) {
                return taken.error();
            }
            break;
        case CommandFramer::Event::LiteralEnd:
            break;
        case CommandFramer::Event::LineTooLong:
            return fault(u"a response is too long"_s);
        case CommandFramer::Event::BareCr:
            return fault(u"a line of its is broken"_s);
        case CommandFramer::Event::Command: {
            auto response = parseImapResponse(m_framer.take());
            if (!response) {
                return fault(response.error().text);
            }
            if (response->name == "BYE") {
                m_bye = response->words();
            }
            return response;
        }
        }
    }
}

Result<void> ImapConnection::onLiteral(BodySink *sink)
{
    if (announcesBody(m_framer.text())) {
        if (sink == nullptr) {
            m_framer.discardLiteral();
            return {};
        }
        m_framer.streamLiteral();
        return sink->beginLiteral(m_framer.literal().size);
    }
    if (!m_framer.fitsLimits()) {
        return fault(u"a literal is too large"_s);
    }
    m_framer.acceptLiteral();
    return {};
}

Result<void> ImapConnection::readMore()
{
    const QDeadlineTimer deadline(SilenceTimeoutMs);
    while (m_device.bytesAvailable() == 0) {
        if (m_stop) {
            return Error{ErrorCode::Cancelled, u"stopped"_s};
        }
        if (m_device.waitForReadyRead(StopCheckMs)) {
            continue;
        }
        if (!isConnected() && m_device.bytesAvailable() == 0) {
            return gone();
        }
        if (deadline.hasExpired()) {
            return lost(u"it does not answer"_s);
        }
    }
    m_framer.feed(m_device.read(ReadBytes));
    return {};
}

bool ImapConnection::isConnected() const
{
    if (const auto *socket = qobject_cast<const QAbstractSocket *>(&m_device)) {
        return socket->state() == QAbstractSocket::ConnectedState;
    }
    const auto *socket = qobject_cast<const QLocalSocket *>(&m_device);
    return socket != nullptr && socket->state() == QLocalSocket::ConnectedState;
}

Error ImapConnection::gone()
{
    return lost(m_bye.isEmpty() ? m_device.errorString() : m_bye);
}

Error ImapConnection::lost(const QString &why) const
{
    return {ErrorCode::Busy, u"the connection to %1 was lost: %2"_s.arg(m_peer, why)};
}

Error ImapConnection::fault(const QString &what) const
{
    return {ErrorCode::Unavailable, u"%1 does not speak IMAP as it should: %2"_s.arg(m_peer, what)};
}

} // namespace Postnook
