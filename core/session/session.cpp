#include "core/session/session.h"

#include "core/commands/fetchstream.h"
#include "core/mailbox/account.h"
#include "core/session/capabilities.h"
#include "core/session/commandhead.h"
#include "core/session/deflatetransport.h"
#include "core/session/metadataupdates.h"
#include "core/session/notifier.h"
#include "core/session/sessionlog.h"
#include "core/session/transport.h"
#include "core/session/wirelog.h"
#include "core/wire/responsewriter.h"
#include "core/wire/tokencursor.h"

#include <algorithm>
#include <utility>

namespace Postnook
{

namespace
{

// Input read ahead of the running command. Enough for pipelining, little enough for 4,000 sessions.
constexpr qsizetype ReadAheadBytes = 256 * 1024;

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

// --- Input ---------------------------------------------------------------------------------------

void Session::onReadyRead()
{
    m_lastInputMs = nowMs();
    process();
}

void Session::process()
{
    if (m_isProcessing || !m_hasBegun) {
        return;
    }
    m_isProcessing = true;
    for (bool goesOn = true; goesOn && !m_isEnding;) {
        if (m_framer.bufferedBytes() < readAheadBytes()) {
            m_framer.feed(m_transport->readAll());
        }
        goesOn = processOne();
    }
    m_isProcessing = false;
    const bool pause = !m_isEnding && m_framer.bufferedBytes() >= readAheadBytes();
    if (pause != m_isPaused) {
        m_isPaused = pause;
        m_transport->setReadingPaused(pause);
    }
}

// Compressed input is not read ahead: it may end with the command that waits (RFC 8437 4.1).
qsizetype Session::readAheadBytes() const
{
    return isCompressed() ? 1 : ReadAheadBytes;
}

bool Session::processOne()
{
    if (m_isFinishing || m_literalPending || isFetchingNew()) {
        return false;
    }
    if (m_command && m_sink == nullptr && !m_wantsLine) {
        return false;
    }
    if (!m_command && !m_contextWaiters.empty()) {
        return false; // another view, or other searches, are not what the job looks at
    }
    if ((m_sink != nullptr && m_sink->isFull()) || (!m_command && isOutputFull())) {
        return false;
    }
    const CommandFramer::Event event = m_framer.next();
    if (event == CommandFramer::Event::NeedMore) {
        return false;
    }
    if (m_sink != nullptr) {
        feedSink(event);
    } else if (m_command) {
        feedLine(event);
    } else if (event == CommandFramer::Event::Command) {
        dispatch(m_framer.take());
    } else if (event == CommandFramer::Event::LiteralAhead) {
        onLiteralAhead();
    } else if (event == CommandFramer::Event::BareCr) {
        reply(tagOfLine(), Status::bad("A carriage return without line feed"));
    } else if (event == CommandFramer::Event::LineTooLong) {
        reply(tagOfLine(), Status::bad("The line is too long"));
        if (m_framer.isOverrun() || !m_account) {
            sayBye("The line is too long");
        }
    }
    return true;
}

void Session::feedSink(CommandFramer::Event event)
{
    switch (event) {
    case CommandFramer::Event::LiteralData:
        m_sink->literalData(m_framer.streamed());
        return;
    case CommandFramer::Event::LiteralEnd:
        m_sink->literalEnded();
        return;
    case CommandFramer::Event::LiteralAhead:
        m_literalPending = true;
        m_sink->literalAnnounced(m_framer.text(), m_framer.literal());
        return;
    case CommandFramer::Event::Command:
        std::exchange(m_sink, nullptr)->commandEnded(m_framer.take());
        return;
    case CommandFramer::Event::LineTooLong:
        m_sink = nullptr;
        finishCommand(Status::bad("The command is too long", "LIMIT"), {});
        return;
    case CommandFramer::Event::BareCr:
        m_sink = nullptr;
        finishCommand(Status::bad("A carriage return without line feed"), {});
        return;
    case CommandFramer::Event::NeedMore:
        return;
    }
}

void Session::feedLine(CommandFramer::Event event)
{
    // A line past the limits is no line a client of AUTHENTICATE or IDLE sends: "*" cancels both.
    m_command->lineReceived(event == CommandFramer::Event::Command ? m_framer.take()
                                                                   : QByteArray("*"));
}

void Session::expectLine(bool on)
{
    m_wantsLine = on;
    m_framer.setRawLine(on);
}

// --- Literals ------------------------------------------------------------------------------------

void Session::onLiteralAhead()
{
    TokenCursor cursor(m_framer.text());
    const CommandHead head = readCommandHead(cursor);
    const CommandRow *row = findCommand(head.name);
    Status refusal;
    if (!mayRun(row, &refusal) && m_framer.literal().synchronising) {
        const QByteArray tag = tagOfLine();
        m_framer.abandonCommand();
        reply(tag, refusal);
        return;
    }
    if (mayRun(row, nullptr) && row->flags.testFlag(CommandFlag::TakesLiterals) && head.hasTag()
        && offerToSink(row, head.tag)) {
        return;
    }
    if (!m_framer.fitsLimits()) {
        refuseLiteral(row);
        return;
    }
    if (m_framer.literal().synchronising) {
        send("+ Ready\r\n");
    }
    m_framer.acceptLiteral();
}

bool Session::offerToSink(const CommandRow *row, const QByteArray &tag)
{
    auto command = row->make(*this);
    if (!command->literalSink()->takesLiteral(m_framer.text())) {
        return false;
    }
    m_command = std::move(command);
    m_row = row;
    m_tag = tag;
    m_sink = m_command->literalSink();
    m_literalPending = true;
    m_commandBeganMs = nowMs();
    logReceived(logName(), m_framer.text(), *m_row);
    m_sink->literalAnnounced(m_framer.text(), m_framer.literal());
    return true;
}

// Of a line that never becomes a command: "*" where it has no tag.
QByteArray Session::tagOfLine() const
{
    TokenCursor cursor(m_framer.text());
    const CommandHead head = readCommandHead(cursor);
    return head.hasTag() ? head.tag : QByteArray("*");
}

void Session::refuseLiteral(const CommandRow *row)
{
    if (!m_framer.literal().synchronising) {
        // It is on its way already; reading it to its end would serve the sender only.
        sayBye("The literal is too large");
        return;
    }
    const QByteArray tag = tagOfLine();
    const Status refusal = row->make(*this)->refusalOf(m_framer.literal());
    m_framer.abandonCommand();
    reply(tag, refusal);
}

void Session::acceptLiteral()
{
    if (m_framer.literal().synchronising) {
        send("+ Ready for the message\r\n");
    }
    m_framer.streamLiteral();
    m_literalPending = false;
    process();
}

// --- Commands ------------------------------------------------------------------------------------

const CommandRow *Session::findCommand(const QByteArray &name) const
{
    for (const CommandRow &row : m_host.commands()) {
        if (name == row.name) {
            return &row;
        }
    }
    return nullptr;
}

bool Session::mayRun(const CommandRow *row, Status *refusal) const
{
    Status status;
    if (row == nullptr || (row->flags.testFlag(CommandFlag::ForImport) && !m_isPreauthenticated)) {
        status = Status::bad("Unknown command");
    } else if (!row->states.testFlag(state())) {
        status = state() == SessionState::NotAuthenticated ? Status::bad("Log in first")
            : row->states.testFlag(SessionState::Selected) ? Status::bad("Select a mailbox first")
                                                           : Status::bad("Not in this state");
    } else if (row->flags.testFlag(CommandFlag::SendsPassword) && !mayAuthenticate()) {
        // Before anything is looked at (RFC 9051 6.2.3).
        status =
            Status::no("Logging in needs TLS: use STARTTLS or the TLS port", "PRIVACYREQUIRED");
    } else if (row->flags.testFlag(CommandFlag::ByNumber)
               && m_enabled.testFlag(Extension::UidOnly)) {
        status = Status::bad("Messages go by UID only", "UIDREQUIRED");
    } else if (row->flags.testFlag(CommandFlag::NeedsWritable) && m_view && m_view->isReadOnly()) {
        status = Status::no("The mailbox is open read-only", "READ-ONLY");
    } else {
        return true;
    }
    if (refusal != nullptr) {
        *refusal = status;
    }
    return false;
}

void Session::dispatch(const QByteArray &text)
{
    TokenCursor cursor(text, nameCoding());
    const CommandHead head = readCommandHead(cursor);
    if (!head.hasTag()) {
        reply("*", Status::bad("A command begins with a tag"));
        return;
    }
    const CommandRow *row = findCommand(head.name);
    if (Status refusal; !mayRun(row, &refusal)) {
        reply(head.tag, refusal);
        return;
    }
    m_row = row;
    m_tag = head.tag;
    m_command = row->make(*this);
    m_commandBeganMs = nowMs();
    logReceived(logName(), text, *m_row);
    m_command->start(cursor);
}

void Session::reply(const QByteArray &tag, const Status &status)
{
    send(tag + ' ' + status.toBytes() + "\r\n");
    noteOutcome(status);
}

void Session::noteOutcome(const Status &status)
{
    if (status.kind != Status::Kind::Bad) {
        m_badCommands = 0;
        return;
    }
    const int limit = m_account ? options().badCommands : options().badCommandsBeforeLogin;
    if (++m_badCommands >= limit) {
        sayBye("Too many bad commands");
    }
}

void Session::finishCommand(const Status &status, std::function<void()> after)
{
    if (m_sink != nullptr) {
        // Answered before its last octet came: what is still on its way is not read as commands.
        if (m_literalPending && m_framer.literal().synchronising) {
            m_framer.abandonCommand();
        } else {
            m_framer.skipCommand();
        }
        m_sink = nullptr;
        m_literalPending = false;
    }
    expectLine(false);
    m_afterReply = std::move(after);
    m_isFinishing = true;
    if (m_view) {
        m_view->hub().whenCaughtUp(m_command.get(), [this, status] {
            whenContextsKnow([this, status] { tellUpdatesAndReply(status); });
        });
    } else {
        tellUpdatesAndReply(status);
    }
}

void Session::whenContextsKnow(std::function<void()> then)
{
    if (!m_view || (m_contextWaiters.empty() && !m_view->contexts().isStale())) {
        then();
        return;
    }
    m_contextWaiters.push_back(std::move(then));
    if (m_contextWaiters.size() > 1) {
        return;
    }
    const auto query = m_view->contexts().takeQuery(m_view->searchScope(options().nowUtc(), true));
    m_account->store()
        .read([query](ReadTxn &txn) { return evaluateContexts(txn, query); },
              {JobClass::Interactive, m_cancel})
        .then(this, [this, query](const Result<ContextAnswer> &answer) {
            onContextsAnswered(query, answer);
        });
}

void Session::onContextsAnswered(const ContextQuery &query, const Result<ContextAnswer> &answer)
{
    if (m_view && answer) {
        m_view->contexts().apply(query, *answer);
    } else if (m_view) {
        qCWarning(lcSession).noquote() << logName() << answer.error().text;
        send(m_view->contexts().cancelAll());
    }
    for (const auto &then : std::exchange(m_contextWaiters, {})) {
        then();
    }
    process();
}

void Session::tellUpdatesAndReply(const Status &status)
{
    QByteArray out;
    Status told = status;
    if (m_view) {
        const Uid newest = m_view->newestUid();
        const bool hasExpunged = m_view->writeUpdates(out, updatesOfCommand(), m_enabled);
        addModSeq(told, hasExpunged, m_view->newestUid() > newest, out);
    }
    writeOtherUpdates(out);
    tellSearchesAndNew(std::move(out),
                       [this, told](const QByteArray &rest) { replyTagged(told, rest); });
}

// Of what is not the selected mailbox. Who has used NOTIFY hears of metadata by that.
void Session::writeOtherUpdates(QByteArray &out)
{
    QByteArray metadata;
    if (m_metadataUpdates) {
        m_metadataUpdates->write(metadata, nameCoding());
    }
    if (m_notifier) {
        m_notifier->write(out);
    } else {
        out += metadata;
    }
}

// What the end of a command may tell of the selected mailbox.
ViewUpdates Session::updatesOfCommand() const
{
    ViewUpdates kinds = m_notifier ? m_notifier->wanted() : AllViewUpdates;
    if (m_row->flags.testFlag(CommandFlag::TellsModSeq)) {
        kinds |= ViewUpdate::Expunged; // its own, whatever NOTIFY said
    }
    if (m_row->flags.testFlag(CommandFlag::HoldsExpunges) || m_command->holdsExpunges()) {
        kinds &= ~ViewUpdates(ViewUpdate::Expunged);
    }
    return kinds;
}

void Session::replyTagged(const Status &status, QByteArray out)
{
    out += m_tag + ' ' + status.toBytes() + "\r\n";
    send(out);
    qCDebug(lcSession).noquote() << logName() << m_tag << m_row->name << status.toBytes()
                                 << nowMs() - m_commandBeganMs << "ms";
    // The command may be the caller.
    m_command.release()->deleteLater();
    m_row = nullptr;
    m_isFinishing = false;
    if (const auto after = std::exchange(m_afterReply, nullptr)) {
        after();
    }
    noteOutcome(status);
    if (!m_byeReason.isEmpty()) {
        sayBye(m_byeReason);
    }
    tellNow();
    process();
}

// RFC 7162 3.2, 3.2.7: how far the client has been told, where it may think otherwise.
void Session::addModSeq(Status &status, bool hasExpunged, bool hasAdded, QByteArray &out) const
{
    if (!m_enabled.testFlag(Extension::CondStore)) {
        return;
    }
    const QByteArray code = "HIGHESTMODSEQ " + QByteArray::number(m_view->toldModSeq().value);
    const bool isToBeTold = !m_notifier || m_notifier->wanted().testFlag(ViewUpdate::Expunged);
    if (m_view->holdsExpunges() && isToBeTold) {
        out += "* OK [" + code + "] Expunged messages are held back\r\n";
    } else if (hasAdded && m_row->flags.testFlag(CommandFlag::AddsMessages)
               && m_enabled.testFlag(Extension::QResync)) {
        // EXISTS has no MODSEQ: a client that comes back would hear of its own messages as changed.
        out += "* OK [" + code + "] All up to here was told\r\n";
    } else if (hasExpunged && m_row->flags.testFlag(CommandFlag::TellsModSeq)
               && status.kind == Status::Kind::Ok && status.code.isEmpty()) {
        status.code = code;
    }
}

NameCoding Session::nameCoding() const
{
    return isRev2() || m_enabled.testFlag(Extension::Utf8Accept) ? NameCoding::Utf8
                                                                 : NameCoding::ModifiedUtf7;
}

void Session::enable(EnabledExtensions extensions)
{
    const bool isNew =
        !m_enabled.testFlag(Extension::CondStore) && extensions.testFlag(Extension::CondStore);
    m_enabled |= extensions;
    if (isRev2() && m_view) {
        m_view->tellNothingRecent();
    }
    if (isNew && m_view) {
        send("* OK [HIGHESTMODSEQ " + QByteArray::number(m_view->toldModSeq().value)
             + "] All up to here was told\r\n");
    }
    if (m_enabled.testFlag(Extension::Metadata) && !m_metadataUpdates) {
        m_metadataUpdates =
            std::make_unique<MetadataUpdates>(*m_account, m_id, [this] { onMetadataChanged(); });
    }
}

void Session::sendUpdates(ViewUpdates kinds)
{
    whenContextsKnow([this, kinds] {
        if (m_view && m_view->hasUpdates(kinds)) {
            QByteArray out;
            m_view->writeUpdates(out, kinds, m_enabled);
            send(out);
        }
    });
}

void Session::onMetadataChanged()
{
    if (m_metadataUpdates->isOverflowing()) {
        endWithBye("Too many changes of metadata wait to be told");
    } else {
        tellNow();
    }
}

// --- Between commands ----------------------------------------------------------------------------

Notifier &Session::notifier()
{
    if (!m_notifier) {
        m_notifier = std::make_unique<Notifier>(*this);
    }
    return *m_notifier;
}

bool Session::isFetchingNew() const
{
    return m_newStream != nullptr;
}

bool Session::mayTellNow() const
{
    const bool isTime = m_command ? m_command->isIdle() && !m_isFinishing : m_notifier != nullptr;
    // A client that does not read is told later: what is new is kept, each message once.
    return isTime && m_account && !m_isEnding && !isOutputFull() && !isFetchingNew();
}

void Session::tellNow()
{
    if (mayTellNow()) {
        whenContextsKnow([this] { tellAll(); });
    }
}

void Session::tellAll()
{
    if (!mayTellNow()) { // the job on the contexts took its time
        return;
    }
    QByteArray out;
    const ViewUpdates kinds = !m_notifier ? AllViewUpdates
        : m_command                       ? m_notifier->wanted()
                                          : m_notifier->wantedAtOnce();
    if (m_view && m_view->hasUpdates(kinds)) {
        m_view->writeUpdates(out, kinds, m_enabled);
    }
    writeOtherUpdates(out);
    tellSearchesAndNew(std::move(out), [this](const QByteArray &rest) {
        send(rest);
        if (!m_byeReason.isEmpty()) {
            sayBye(m_byeReason);
        }
    });
}

// How results of searches change, and FETCH responses for new messages just told, as far as a
// search or NOTIFY asks for them. `done` gets what is left to be sent.
void Session::tellSearchesAndNew(QByteArray out,
                                 const std::function<void(const QByteArray &)> &done)
{
    const FetchPlan plan = m_view ? planForNew() : FetchPlan();
    // NOTIFY wants FETCH behind ADDTO (RFC 5465 5.2), a search before it (RFC 5465 7).
    const bool isNotified = m_notifier && !m_notifier->newItems().isEmpty();
    if (m_view && (plan.spans.isEmpty() || isNotified)) {
        m_view->contexts().writeChanges(out, m_view->uids());
    }
    if (plan.spans.isEmpty()) {
        done(out);
        return;
    }
    send(out);
    m_newStream = std::make_unique<FetchStream>(*this, plan, [this, done](const Result<void> &end) {
        if (!end) { // the client knows of the messages and can ask
            qCWarning(lcSession).noquote() << logName() << end.error().text;
        }
        m_newStream.release()->deleteLater(); // it is the one that speaks
        QByteArray rest;
        if (m_view) {
            m_view->contexts().writeChanges(rest, m_view->uids());
        }
        done(rest);
        tellNow();
        process();
    });
    m_newStream->start();
}

FetchPlan Session::planForNew()
{
    const QList<Uid> told = m_view->takeToldNew();
    auto [items, uids] = m_view->contexts().newMembers(told);
    if (m_notifier && !m_notifier->newItems().isEmpty()) {
        items += m_notifier->newItems();
        uids = told;
    }
    if (uids.isEmpty() || items.isEmpty()) {
        return {};
    }
    FetchPlan plan = FetchStream::planFor(*this);
    plan.spans = spansOf(uids, plan.viewUids);
    // As in all FETCH responses that nobody asked for word by word (RFC 7162 3.1, 3.2.4).
    if (!plan.isUidOnly) {
        items.prepend(uidItem());
    }
    if (m_enabled.testFlag(Extension::CondStore)) {
        items.append(modSeqItem());
    }
    for (const FetchItem &item : std::as_const(items)) {
        if (!plan.items.contains(item)) {
            plan.items.append(item);
        }
    }
    return plan;
}

void Session::tellNothingMore()
{
    m_notifier.reset();
    m_view.reset();
}

void Session::sendNewKeywords()
{
    if (m_view && m_view->hasNewKeywords()) {
        QByteArray out;
        m_view->writeFlagLists(out);
        send(out);
    }
}

// --- Login, TLS, compression, end ----------------------------------------------------------------

void Session::logIn(std::shared_ptr<Account> account)
{
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
}

void Session::onInputEnded(const QByteArray &reason)
{
    qCInfo(lcSession).noquote() << logName() << reason;
    endWithBye(reason);
}

void Session::endWithBye(const QByteArray &reason)
{
    m_byeReason = reason;
    if ((!m_command || waitsForClient()) && !isFetchingNew()) {
        sayBye(reason);
    }
}

bool Session::waitsForClient() const
{
    return m_wantsLine || m_sink != nullptr;
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
    m_isEnding = true;
    m_transport->closeGracefully();
}

void Session::abort()
{
    m_isEnding = true;
    m_transport->abort();
}

void Session::onClosed()
{
    m_isEnding = true;
    m_cancel->store(true);
    // The view stays until this object goes: the command in progress may still look at it.
    qCDebug(lcSession).noquote() << logName() << "closed";
    Q_EMIT ended();
}

void Session::tick(qint64 nowMs)
{
    const ImapOptions &o = options();
    if (m_deflate != nullptr && nowMs - m_lastProgressMs > CompressorRestsAfterMs) {
        m_deflate->rest();
    }
    if (m_transport->unsentBytes() > 0 && nowMs - m_lastProgressMs > o.sendTimeoutMs) {
        qCDebug(lcSession).noquote() << logName() << "takes no output";
        abort();
    } else if (m_isEnding) {
        return;
    } else if (!m_account && nowMs - m_beganMs > o.loginTimeoutMs) {
        sayBye("Too slow to log in");
    } else if (nowMs - m_lastInputMs > o.idleTimeoutMs && (!m_command || m_sink != nullptr)
               && !isFetchingNew()) {
        sayBye("Idle for too long");
    } else {
        tellProgress(nowMs);
    }
}

// RFC 9585: so that nobody takes the connection for dead.
void Session::tellProgress(qint64 nowMs)
{
    if (!m_command || m_isFinishing
        || nowMs - std::max(m_commandBeganMs, m_lastSentMs) < ProgressAfterMs) {
        return;
    }
    if (const auto progress = m_command->progress()) {
        send("* OK [INPROGRESS" + progressCode(m_tag, *progress) + "] Still at it\r\n");
    }
}

// --- Output --------------------------------------------------------------------------------------

void Session::send(const QByteArray &bytes)
{
    if (m_isEnding || bytes.isEmpty()) {
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
    return m_transport->unsentBytes() >= options().outputMarkBytes;
}

void Session::onBytesWritten()
{
    m_lastProgressMs = nowMs();
    if (isOutputFull() || m_isEnding) {
        return;
    }
    if (isFetchingNew()) {
        m_newStream->resume();
    } else if (m_command && !m_isFinishing) {
        m_command->resume();
    }
    tellNow();
    process();
}

} // namespace Postnook
