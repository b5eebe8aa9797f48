#pragma once

#include "core/auth/loginthrottle.h"
#include "core/session/clientname.h"
#include "core/session/command.h"
#include "core/session/enabledextensions.h"
#include "core/session/imapoptions.h"
#include "core/session/selectedview.h"
#include "core/wire/commandframer.h"
#include "core/wire/mailboxnames.h"
#include "storage/store.h"

#include <QByteArray>
#include <QObject>

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace Postnook
{

class Account;
class DeflateTransport;
class FetchStream;
class MetadataUpdates;
class Notifier;
struct FetchPlan;
class Transport;

// What all sessions of a process share; the ImapService is it. Outlives every session.
class SessionHost
{
public:
    virtual ~SessionHost() = default;
    virtual const ImapOptions &options() const = 0;
    virtual Storage &storage() = 0;
    virtual Auth::LoginThrottle &throttle() = 0;
    virtual std::span<const CommandRow> commands() const = 0;
    // The account with its mail open; NotPermitted in words when it has too many sessions.
    virtual Future<Result<std::shared_ptr<Account>>> openAccount(const AccountRecord &record) = 0;
    virtual void accountChanged(Session &session) = 0; // it logged in or out
    // Grows whenever the sessions of an account have been ended because it is no longer what it
    // was: what has been read of an account before may be old.
    virtual quint64 accountEndings() const = 0;
    // What a person has to be shown (RFC 9051 7.1, ALERT), such as a disk that is full; empty:
    // nothing. When it changes, every session is to tell it once.
    virtual const QByteArray &alert() const = 0;
};

// The state machine of one connection (RFC 9051 section 3). Lives in the event loop thread, owned
// by the ImapService, owns its transport. It runs one command at a time, in order, and those that
// only wait for their commit beside it (Command::letsNextBegin()); pipelined ones wait in the
// framer, and a client that does not read its output is not served further input, so that memory
// stays bounded. It never touches the store but through commands. Three files: input
// and commands (sessioninput.cpp), what it tells of changes (sessionupdates.cpp), all else.
class Session : public QObject
{
    Q_OBJECT

public:
    Session(SessionHost &host, std::unique_ptr<Transport> transport, quint64 id);
    ~Session() override;

    // For the service.
    void begin(); // greets
    void beginPreauthenticated(std::shared_ptr<Account> account);
    void tick(qint64 nowMs); // time limits; every few seconds
    void endWithBye(const QByteArray &reason); // once the command in progress has ended
    void abort();
    quint64 id() const { return m_id; }
    QString peerAddress() const;
    bool isEnding() const { return m_isEnding; }
    // A session of the control socket: a command of ours and not somebody's mail program.
    bool isPreauthenticated() const { return m_isPreauthenticated; }
    const ClientName &client() const { return m_client; } // what it said by ID
    // Of the command in progress, which need not have been answered; empty: it waits for one.
    QByteArray runningCommand() const;

    // For commands.
    SessionHost &host() { return m_host; }
    const ImapOptions &options() const { return m_host.options(); }
    Transport &transport() { return *m_transport; }
    const std::shared_ptr<Account> &account() const { return m_account; }
    SelectedView *view() { return m_view.get(); }
    const CancelToken &cancelToken() const { return m_cancel; }
    WriteOptions writeOptions(quint64 costBytes = 0) const { return {m_id, costBytes}; }
    SessionState state() const;
    const QByteArray &tag() const { return m_running.tag; } // of the command that runs
    EnabledExtensions enabled() const { return m_enabled; }
    bool isRev2() const { return m_enabled.testFlag(Extension::Imap4rev2); }
    NameCoding nameCoding() const; // of mailbox names, both ways
    // CONDSTORE tells at once where a selected mailbox stands (RFC 7162 3.1); in IMAP4rev2 nothing
    // is \Recent (RFC 9051 2.3.2).
    void enable(EnabledExtensions extensions);
    // Whether passwords may travel here (TLS, or a loopback peer that the settings allow it to).
    bool mayAuthenticate() const;
    QByteArray capabilities() const;

    void send(const QByteArray &bytes);
    bool isOutputFull() const; // then wait for Command::resume()
    // Once the searches that are kept up to date know them (RFC 5267).
    void sendUpdates(ViewUpdates kinds);
    // What the client may hear of outside the answer to a command: while IDLE waits, and after
    // NOTIFY at any time between two commands. Otherwise nothing.
    void tellNow();
    bool hasNotifier() const { return m_notifier != nullptr; } // NOTIFY says what is told
    Notifier &notifier(); // made when first asked for, with NOTIFY
    void dropNotifier(); // as though NOTIFY had not been used
    void sendNewKeywords(); // before FLAGS that hold one the client has not been told of
    void finishCommand(const Command &command, const Status &status, std::function<void()> after);
    void expectLine(bool on);
    void acceptLiteral(); // the LiteralSink wants the announced literal
    void resumeInput() { process(); } // the LiteralSink is no longer full
    void logIn(std::shared_ptr<Account> account);
    void logOut(); // UNAUTHENTICATE: as after the greeting, but for TLS
    bool isCompressed() const;
    void beginCompression(); // behind the reply to COMPRESS
    int countLoginFailure() { return ++m_loginFailures; }
    void setClient(const ClientName &client) { m_client = client; }
    void setView(std::unique_ptr<SelectedView> view) { m_view = std::move(view); }
    void tellNothingMore(); // of no mailbox, selected or not
    void startTls();
    void close(); // after LOGOUT's reply
    QString logName() const; // "s17 alice", for the log

Q_SIGNALS:
    void ended();

private:
    struct Running {
        std::unique_ptr<Command> command;
        const CommandRow *row = nullptr;
        QByteArray tag;
        qint64 beganMs = 0;
        std::optional<Status> status; // it has ended, and is to be answered
        std::function<void()> after; // behind the answer
    };

    void onReadyRead();
    void onBytesWritten();
    void onEncrypted();
    void onClosed();
    void onInputEnded(const QByteArray &reason);
    void onMetadataChanged();
    void useTransport(std::unique_ptr<Transport> transport);
    void process();
    qsizetype readAheadBytes() const;
    bool processOne(); // false: nothing more to do now
    void onLiteralAhead();
    QByteArray tagOfLine() const;
    void refuseLiteral(const CommandRow *row);
    void dispatch(const QByteArray &text);
    const CommandRow *findCommand(const QByteArray &name) const;
    bool mayRun(const CommandRow *row, Status *refusal) const;
    void feedSink(CommandFramer::Event event);
    void feedLine(CommandFramer::Event event);
    bool offerToSink(const CommandRow *row, const QByteArray &tag);
    bool nextMayBegin();
    void answerNext();
    bool waitsForClient() const;
    bool isClientsTurn() const;
    void sayBye(const QByteArray &reason);
    void end();
    void tellProgress(qint64 nowMs);
    qint64 nowMs() const;
    void whenContextsKnow(std::function<void()> then);
    void onContextsAnswered(const ContextQuery &query, const Result<ContextAnswer> &answer);
    void tellUpdatesAndReply(const Status &status);
    void replyTagged(const Status &status, QByteArray out);
    ViewUpdates updatesOfCommand() const;
    bool isReplying() const { return m_replying.command != nullptr; }
    bool mayTellNow() const;
    void tellAll();
    void writeOtherUpdates(QByteArray &out);
    void writeAlert(QByteArray &out);
    bool isFetchingNew() const;
    void tellSearchesAndNew(QByteArray out, const std::function<void(const QByteArray &)> &done);
    FetchPlan planForNew();
    void addModSeq(Status &status, bool hasExpunged, bool hasAdded, QByteArray &out) const;
    void writeHeldModSeq(QByteArray &out) const;
    void reply(const QByteArray &tag, const Status &status); // without a command
    void refuse(const QByteArray &tag, const QByteArray &name, const Status &refusal);
    void noteOutcome(const Status &status);
    void applyLimits();

    SessionHost &m_host;
    std::unique_ptr<Transport> m_transport;
    DeflateTransport *m_deflate = nullptr; // m_transport, once the client has used COMPRESS
    CommandFramer m_framer;
    quint64 m_id = 0;
    CancelToken m_cancel;

    std::shared_ptr<Account> m_account;
    std::unique_ptr<SelectedView> m_view; // after the account: it goes first
    std::unique_ptr<MetadataUpdates> m_metadataUpdates; // enabled, and NOTIFY not used
    std::unique_ptr<Notifier> m_notifier; // once the client has used NOTIFY
    // FETCH responses of new messages, on their way. Nothing else is sent meanwhile, no number
    // changes and no command begins.
    std::unique_ptr<FetchStream> m_newStream;

    // In the order in which they came, which is that of their answers.
    Running m_replying; // waits for the view to catch up; then nothing else goes on
    std::deque<Running> m_storing; // they let the next begin
    Running m_running; // gets what the client sends
    std::optional<CommandFramer::Event> m_heldEvent; // of a command that has to wait
    EnabledExtensions m_enabled;
    std::vector<std::function<void()>> m_contextWaiters; // not empty: a job looks at the changes
    LiteralSink *m_sink = nullptr; // of m_running, while literals are handed over
    bool m_literalPending = false; // announced to the sink and not yet accepted
    bool m_wantsLine = false;
    bool m_isPaused = false;
    bool m_isProcessing = false;
    bool m_hasBegun = false; // greeted; before that nothing is read
    bool m_isPreauthenticated = false;
    bool m_needsMore = false; // all that has come is read, but for a line that is not whole
    bool m_hasHungUp = false; // nobody hears the answers to what is still done
    bool m_isEnding = false;
    QByteArray m_toldAlert;
    QByteArray m_byeReason; // to be sent when the command in progress has ended
    ClientName m_client;

    int m_badCommands = 0;
    int m_loginFailures = 0;
    qint64 m_beganMs = 0;
    qint64 m_lastInputMs = 0;
    qint64 m_lastProgressMs = 0; // the peer took output
    qint64 m_lastSentMs = 0;
};

} // namespace Postnook
