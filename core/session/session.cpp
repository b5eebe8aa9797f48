#include "core/session/session.h"

#include "core/commands/fetchstream.h"
#include "core/mailbox/account.h"
#include "core/session/capabilities.h"
#include "core/session/deflatetransport.h"
#include "core/session/metadataupdates.h"
#include "core/session/notifier.h"
#include "core/session/sessionlog.h"
#include "core/session/transport.h"
#include "core/session/wirelog.h"
#include "core/wire/responsewriter.h"

#include <algorithm>
#include <utility>

namespace Postnook
{

namespace
{

// A client that was told nothing for so long idles; its compressor's memory is for others.
constexpr qint64 CompressorRestsAfterMs = 60'000;

// Of silence while a command runs, before the client is told how far it is (RFC 9585).
constexpr qint64 ProgressAfterMs = 10'000;

// ` ("tag" 3 10)`. A tag with "]" would end the response code for many a reader.
QByteArray progressCode(const QByteArray &tag, const CommandProgress &progress)
{
    QByteArray code;
    ResponseWriter writer(code);
    writer.raw(" (").nstring(tag, tag.contains(']')).space();
    if (progress.goal == 0) {
        writer.raw("NIL NIL)");
    } else {
        writer.number(std::min(progress.done, progress.goal - 1)).space().number(progress.goal);
        writer.raw(")");
    }
    return code;
}

} // namespace

Session::Session(SessionHost &host, std::unique_ptr<Transport> transport, quint64 id)
    : m_host(host)
    , m_id(id)
    , m_cancel(std::make_shared<std::atomic<bool>>(false))
{
    useTransport(std::move(transport));
    m_beganMs = m_lastInputMs = m_lastProgressMs = nowMs();
    applyLimits();
}

Session::~Session()
{
    m_cancel->store(true);
}

void Session::useTransport(std::unique_ptr<Transport> transport)
{
    m_transport = std::move(transport);
    connect(m_transport.get(), &Transport::readyRead, this, &Session::onReadyRead);
    connect(m_transport.get(), &Transport::bytesWritten, this, &Session::onBytesWritten);
    connect(m_transport.get(), &Transport::encrypted, this, &Session::onEncrypted);
    connect(m_transport.get(), &Transport::closed, this, &Session::onClosed);
}

void Session::begin()
{
    m_hasBegun = true;
    qCDebug(lcSession).noquote() << logName() << "connected from" << peerAddress()
                                 << m_transport->tlsDescription();
    send("* OK [CAPABILITY " + capabilities() + "] Postnook ready\r\n");
    onReadyRead();
}

void Session::beginPreauthenticated(std::shared_ptr<Account> account)
{
    if (m_isEnding) {
        return;
    }
    m_hasBegun = true;
    m_isPreauthenticated = true;
    logIn(std::move(account));
    send("* PREAUTH [CAPABILITY " + capabilities() + "] Postnook ready\r\n");
    onReadyRead();
}

qint64 Session::nowMs() const
{
    return options().monotonicMs();
}

QString Session::peerAddress() const
{
    return m_transport->peerAddress();
}

QString Session::logName() const
{
    const QString name = QLatin1Char('s') + QString::number(m_id);
    return m_account ? name + QLatin1Char(' ') + m_account->name() : name;
}

QByteArray Session::runningCommand() const
{
    const Running &oldest = isReplying() ? m_replying
        : m_storing.empty()              ? m_running
                                         : m_storing.front();
    return oldest.row != nullptr ? QByteArray(oldest.row->name) : QByteArray();
}

SessionState Session::state() const
{
    if (!m_account) {
        return SessionState::NotAuthenticated;
    }
    return m_view ? SessionState::Selected : SessionState::Authenticated;
}

bool Session::mayAuthenticate() const
{
    return m_transport->isEncrypted()
        || (options().allowPlaintextAuth && m_transport->peerIsLoopback());
}

QByteArray Session::capabilities() const
{
    const CapabilityState capabilityState{
        .isLoggedIn = m_account != nullptr,
        .canStartTls = m_transport->canStartTls(),
        .mayAuthenticate = mayAuthenticate(),
        .isCompressed = isCompressed(),
        .appendLimit = options().maxRequestSize,
        .hidden = options().hiddenCapabilities.of(m_account ? m_account->name() : QString())};
    return capabilityList(m_host.commands(), capabilityState);
}

NameCoding Session::nameCoding() const
{
    return nameCodingOf(m_enabled);
}

void Session::enable(EnabledExtensions extensions)
{
    const bool isNew =
        !m_enabled.testFlag(Extension::CondStore) && extensions.testFlag(Extension::CondStore);
    if (m_view && extensions.testFlag(Extension::UidOnly)) {
        send(m_view->contexts().cancelNumbered());
    }
    m_enabled |= extensions;
    if (isRev2() && m_view) {
        m_view->tellNothingRecent();
    }
    if (isNew && m_view) {
        send("* OK [HIGHESTMODSEQ " + QByteArray::number(m_view->toldModSeq().value)
             + "] All up to here was told\r\n");
    }
    // Who has used NOTIFY hears of metadata by that.
    if (m_enabled.testFlag(Extension::Metadata) && !m_metadataUpdates && !m_notifier) {
        m_metadataUpdates =
            std::make_unique<MetadataUpdates>(*m_account, m_id, [this] { onMetadataChanged(); });
    }
}

// --- Login, TLS, compression, end ----------------------------------------------------------------

void Session::logIn(std::shared_ptr<Account> account)
{
    if (m_isEnding) {
        return; // the client hung up while it was opened
    }
    m_account = std::move(account);
    m_badCommands = 0;
    applyLimits();
    m_host.accountChanged(*this);
}

void Session::logOut()
{
    if (isCompressed()) {
        m_deflate->end(); // RFC 8437 4.1
    }
    m_isPreauthenticated = false;
    tellNothingMore();
    m_metadataUpdates.reset();
    m_account.reset();
    m_enabled = {};
    m_badCommands = 0;
    m_beganMs = nowMs();
    applyLimits();
    m_host.accountChanged(*this);
}

void Session::applyLimits()
{
    const ImapOptions &o = options();
    CommandFramer::Limits limits;
    limits.lineBytes = m_account ? o.lineBytes : o.lineBytesBeforeLogin;
    limits.literalBytes = m_account ? o.literalBytes : o.literalBytesBeforeLogin;
    limits.allLiteralBytes = m_account ? o.allLiteralBytes : o.allLiteralBytesBeforeLogin;
    m_framer.setLimits(limits);
}

void Session::startTls()
{
    m_framer.reset();
    m_transport->startTls();
}

void Session::onEncrypted()
{
    // RFC 9051 6.2.1: nothing learned before TLS is kept.
    m_framer.reset();
    m_badCommands = 0;
    m_client = {};
    qCDebug(lcSession).noquote() << logName() << m_transport->tlsDescription();
}

bool Session::isCompressed() const
{
    return m_deflate != nullptr && m_deflate->isOn();
}

void Session::beginCompression()
{
    if (m_deflate == nullptr) {
        disconnect(m_transport.get(), nullptr, this, nullptr);
        auto deflate = std::make_unique<DeflateTransport>(std::move(m_transport));
        m_deflate = deflate.get();
        connect(m_deflate, &DeflateTransport::inputEnded, this, &Session::onInputEnded);
        useTransport(std::move(deflate));
    }
    m_deflate->begin(m_framer.takeUnread());
    if (std::exchange(m_hasHungUp, false)) {
        m_deflate->noteClosed();
    }
}

void Session::onInputEnded(const QByteArray &reason)
{
    qCInfo(lcSession).noquote() << logName() << reason;
    endWithBye(reason);
}

void Session::endWithBye(const QByteArray &reason)
{
    m_byeReason = reason;
    const bool isBusy = isReplying() || !m_storing.empty() || isFetchingNew();
    if (!isBusy && (!m_running.command || waitsForClient())) {
        sayBye(reason);
    }
}

bool Session::waitsForClient() const
{
    return m_wantsLine || m_sink != nullptr;
}

bool Session::isClientsTurn() const
{
    return m_hasBegun && (!m_running.command || waitsForClient());
}

void Session::sayBye(const QByteArray &reason)
{
    if (m_isEnding) {
        return;
    }
    send("* BYE " + reason + "\r\n");
    qCDebug(lcSession).noquote() << logName() << "bye:" << reason;
    close();
}

void Session::close()
{
    if (m_hasHungUp) {
        return end();
    }
    m_isEnding = true;
    m_transport->closeGracefully();
}

void Session::abort()
{
    if (m_hasHungUp) {
        return end();
    }
    m_isEnding = true;
    m_transport->abort();
}

// What the client had sent whole is done all the same, so that no message is lost; what only reads
// ends at once.
void Session::onClosed()
{
    m_hasHungUp = true;
    m_cancel->store(true);
    qCDebug(lcSession).noquote() << logName() << "closed";
    if (m_isEnding || !m_hasBegun) {
        m_isEnding = true;
        Q_EMIT ended();
    } else {
        process();
    }
}

// Of a session whose client has hung up. The view stays until this object goes: the command in
// progress may still look at it.
void Session::end()
{
    if (!std::exchange(m_isEnding, true)) {
        QMetaObject::invokeMethod(this, &Session::ended, Qt::QueuedConnection);
    }
}

void Session::tick(qint64 nowMs)
{
    const ImapOptions &o = options();
    if (m_deflate != nullptr && nowMs - m_lastProgressMs > CompressorRestsAfterMs) {
        m_deflate->rest();
    }
    if (!m_hasHungUp && m_transport->unsentBytes() > 0
        && nowMs - m_lastProgressMs > o.sendTimeoutMs) {
        qCDebug(lcSession).noquote() << logName() << "takes no output";
        abort();
    } else if (m_isEnding) {
        return;
    } else if (!m_account && isClientsTurn() && nowMs - m_beganMs > o.loginTimeoutMs) {
        sayBye("Too slow to log in");
    } else if (nowMs - m_lastInputMs > o.idleTimeoutMs && (!m_running.command || m_sink != nullptr)
               && !isFetchingNew()) {
        sayBye("Idle for too long");
    } else {
        tellProgress(nowMs);
    }
}

// RFC 9585: so that nobody takes the connection for dead.
void Session::tellProgress(qint64 nowMs)
{
    if (!m_running.command || isReplying()
        || nowMs - std::max(m_running.beganMs, m_lastSentMs) < ProgressAfterMs) {
        return;
    }
    if (const auto progress = m_running.command->progress()) {
        send("* OK [INPROGRESS" + progressCode(m_running.tag, *progress) + "] Still at it\r\n");
    }
}

// --- Output --------------------------------------------------------------------------------------

void Session::send(const QByteArray &bytes)
{
    if (m_isEnding || m_hasHungUp || bytes.isEmpty()) {
        return;
    }
    if (m_transport->unsentBytes() == 0) {
        m_lastProgressMs = nowMs();
    }
    m_lastSentMs = nowMs();
    logSent(logName(), bytes);
    m_transport->write(bytes);
}

bool Session::isOutputFull() const
{
    return !m_hasHungUp && m_transport->unsentBytes() >= options().outputMarkBytes;
}

void Session::onBytesWritten()
{
    m_lastProgressMs = nowMs();
    if (isOutputFull() || m_isEnding) {
        return;
    }
    if (isFetchingNew()) {
        m_newStream->resume();
    } else if (m_running.command && !isReplying()) {
        m_running.command->resume();
    }
    tellNow();
    process();
}

} // namespace Postnook
