// Session: what the client sends, and the command that comes of it.
#include "core/session/session.h"

#include "core/session/commandhead.h"
#include "core/session/sessionlog.h"
#include "core/session/transport.h"
#include "core/session/wirelog.h"
#include "core/wire/tokencursor.h"

#include <algorithm>
#include <utility>

namespace Postnook
{

namespace
{

// Read ahead of the running command. Enough for pipelining, little enough for 4,000 sessions.
constexpr qsizetype ReadAheadBytes = 256LL * 1024;

// Commands that wait for their commit beside the one that runs, each with a small message.
constexpr size_t MaxStoring = 64;

} // namespace

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
    if (m_hasHungUp) {
        if (m_needsMore && isClientsTurn() && m_storing.empty()) {
            end();
        }
        return;
    }
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
    m_needsMore = false;
    if (isReplying() || m_literalPending || isFetchingNew()) {
        return false;
    }
    if (m_running.command && m_sink == nullptr && !m_wantsLine && !nextMayBegin()) {
        return false;
    }
    if (!m_running.command && !m_contextWaiters.empty()) {
        return false; // another view, or other searches, are not what the job looks at
    }
    if ((m_sink != nullptr && m_sink->isFull()) || (!m_running.command && isOutputFull())) {
        return false;
    }
    const auto held = std::exchange(m_heldEvent, std::nullopt);
    const CommandFramer::Event event = held ? *held : m_framer.next();
    if (event == CommandFramer::Event::NeedMore) {
        m_needsMore = true;
        return false;
    }
    if (m_sink != nullptr) {
        feedSink(event);
    } else if (m_running.command) {
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

// Whether behind a command that waits for its commit alone another one comes that may be taken in
// meanwhile, so that many are committed together: an APPEND that does not ask first. Any other
// command waits.
bool Session::nextMayBegin()
{
    if (!m_running.command->letsNextBegin() || m_running.status || m_storing.size() >= MaxStoring
        || isOutputFull() || !m_byeReason.isEmpty()) {
        return false;
    }
    if (!m_heldEvent) {
        const auto event = m_framer.next();
        if (event == CommandFramer::Event::NeedMore) {
            return false;
        }
        m_heldEvent = event;
    }
    if (*m_heldEvent != CommandFramer::Event::LiteralAhead || m_framer.literal().synchronising) {
        return false;
    }
    TokenCursor cursor(m_framer.text());
    const CommandHead head = readCommandHead(cursor);
    if (!head.hasTag() || findCommand(head.name) != m_running.row
        || !m_running.row->make(*this)->literalSink()->takesLiteral(m_framer.text())) {
        return false;
    }
    m_storing.push_back(std::exchange(m_running, {}));
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
        finishCommand(*m_running.command, Status::bad("The command is too long", "LIMIT"), {});
        return;
    case CommandFramer::Event::BareCr:
        m_sink = nullptr;
        finishCommand(*m_running.command, Status::bad("A carriage return without line feed"), {});
        return;
    case CommandFramer::Event::NeedMore:
        return;
    }
}

void Session::feedLine(CommandFramer::Event event)
{
    // A line past the limits is no line a client of AUTHENTICATE or IDLE sends: "*" cancels both.
    m_running.command->lineReceived(event == CommandFramer::Event::Command ? m_framer.take()
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
        refuse(tag, head.name, refusal);
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
    m_running.command = std::move(command);
    m_running.row = row;
    m_running.tag = tag;
    m_sink = m_running.command->literalSink();
    m_literalPending = true;
    m_running.beganMs = nowMs();
    logReceived(logName(), m_framer.text(), *m_running.row);
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
        refuse(head.tag, head.name, refusal);
        return;
    }
    m_running.row = row;
    m_running.tag = head.tag;
    m_running.command = row->make(*this);
    m_running.beganMs = nowMs();
    logReceived(logName(), text, *m_running.row);
    m_running.command->start(cursor);
}

void Session::refuse(const QByteArray &tag, const QByteArray &name, const Status &refusal)
{
    reply(tag, refusal);
    if (refusal.code == "PRIVACYREQUIRED") {
        logLogin(false, {}, transport(), name, QStringLiteral("in the clear"));
        if (countLoginFailure() >= options().loginFailures) {
            sayBye("Too many failed logins");
        }
    }
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

void Session::finishCommand(const Command &command,
                            const Status &status,
                            std::function<void()> after)
{
    const auto earlier = std::find_if(m_storing.begin(), m_storing.end(), [&](const auto &one) {
        return one.command.get() == &command;
    });
    Running &ended = earlier != m_storing.end() ? *earlier : m_running;
    ended.status = status;
    ended.after = std::move(after);
    if (&ended == &m_running) {
        if (m_sink != nullptr) {
            // Answered before its last octet came: what is still on its way is not read as
            // commands.
            if (m_literalPending && m_framer.literal().synchronising) {
                m_framer.abandonCommand();
            } else {
                m_framer.skipCommand();
            }
            m_sink = nullptr;
            m_literalPending = false;
        }
        expectLine(false);
    }
    if (!isReplying()) {
        answerNext();
    }
}

// Whoever came first, once it has ended; the others wait for it.
void Session::answerNext()
{
    Running &first = m_storing.empty() ? m_running : m_storing.front();
    if (!first.status) {
        return;
    }
    m_replying = std::exchange(first, {});
    if (!m_storing.empty()) {
        m_storing.pop_front();
    }
    const Status status = *m_replying.status;
    if (m_view) {
        m_view->hub().whenCaughtUp(m_replying.command.get(), [this, status] {
            whenContextsKnow([this, status] { tellUpdatesAndReply(status); });
        });
    } else {
        tellUpdatesAndReply(status);
    }
}

} // namespace Postnook
