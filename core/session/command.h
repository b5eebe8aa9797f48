#pragma once

#include "core/session/status.h"
#include "core/wire/commandframer.h"

#include <QByteArray>
#include <QFlags>
#include <QObject>

#include <functional>
#include <memory>
#include <optional>

namespace Postnook
{

class Account;
class MailStore;
class SelectedView;
class SequenceSet;
class Session;
class TokenCursor;
struct ImapOptions;
struct IndexSpan;

// How a session hands over literals that are too large to gather: only APPEND takes them.
class LiteralSink
{
public:
    virtual ~LiteralSink() = default;
    // Whether the literal behind `text` is one for the sink; if not, it is gathered as any other.
    virtual bool takesLiteral(const QByteArray &text) = 0;
    // A literal stands behind `text` (tag and command name included, its header at the end). The
    // sink answers, now or later, with exactly one of Session::acceptLiteral(), finish().
    virtual void literalAnnounced(const QByteArray &text,
                                  const CommandFramer::Literal &literal) = 0;
    virtual void literalData(const QByteArray &bytes) = 0;
    virtual void literalEnded() = 0;
    // The rest of the line is in `text`; no further literal follows.
    virtual void commandEnded(const QByteArray &text) = 0;
    // Whether the session should wait with further data.
    virtual bool isFull() const = 0;
};

// How far a command has come, in whatever it counts (RFC 9585); done < goal. 0 and 0: not known.
struct CommandProgress {
    quint32 done = 0;
    quint32 goal = 0;
};

// One command of one client while it runs. Lives in the main thread, owned by its Session, ends
// with exactly one finish(). Jobs it starts carry it as context: when the session goes, nothing of
// it is called again. It never blocks.
class Command : public QObject
{
    Q_OBJECT

public:
    explicit Command(Session &session)
        : m_session(session)
    {
    }

    // Reads the arguments (the cursor stands behind the command name) and begins.
    virtual void start(TokenCursor &arguments) = 0;
    // The output has drained below the mark.
    virtual void resume() { }
    // A whole line, while expectLine() is in force.
    virtual void lineReceived(const QByteArray &line) { Q_UNUSED(line) }
    // Whether updates may be sent while it waits for the client.
    virtual bool isIdle() const { return false; }
    virtual LiteralSink *literalSink() { return nullptr; }
    // What to say of a literal above the limits. The command has not started.
    virtual Status refusalOf(const CommandFramer::Literal &literal) const;
    // What a client that waits may be told now; nothing where a response may be half sent, or where
    // it is the client that is waited for.
    virtual std::optional<CommandProgress> progress() const { return std::nullopt; }
    // Whether nothing but the commit is waited for, and another of its kind may begin meanwhile.
    virtual bool letsNextBegin() const { return false; }
    // Whether its answer goes by message number though its row does not say so.
    virtual bool holdsExpunges() const { return false; }

protected:
    Session &session() { return m_session; }
    MailStore &store();
    Account &account();
    SelectedView &view(); // only in commands of the selected state
    const ImapOptions &options() const;

    // Sends the tagged line after whatever the view has to tell. `after` runs behind it.
    void finish(const Status &status, std::function<void()> after = {});
    void finish(const Error &error) { finish(statusFor(error)); }
    // BAD with the cursor's fault, if it has one; NO where the grammar is no matter of it.
    bool failedToParse(const TokenCursor &cursor);
    // The messages of the view that a set names, ascending. Without a value, the command has ended
    // with BAD: there is no message of such a number.
    std::optional<QList<IndexSpan>> resolve(const SequenceSet &set, bool byUid);

private:
    Session &m_session;
};

// Where and how a command may run; one row of the command table.
enum class SessionState : quint8 { NotAuthenticated = 1, Authenticated = 2, Selected = 4 };
Q_DECLARE_FLAGS(SessionStates, SessionState)
Q_DECLARE_OPERATORS_FOR_FLAGS(SessionStates)

enum class CommandFlag : quint8 {
    None = 0,
    HoldsExpunges = 1, // by message number: no EXPUNGE while it runs (RFC 9051 7.5.1)
    NeedsWritable = 2, // refused in a mailbox opened with EXAMINE
    TakesLiterals = 4, // has a LiteralSink
    SendsPassword = 8, // refused where passwords may not travel
    ForImport = 16, // unknown but to sessions of the control socket
    TellsModSeq = 32, // expunges, and says so in its OK to who knows CONDSTORE (RFC 7162 3.2.7)
    ByNumber = 64, // takes message numbers: not for clients of UIDONLY (RFC 9586)
    AddsMessages = 128, // perhaps to the selected mailbox: see Session::addModSeq
};
Q_DECLARE_FLAGS(CommandFlags, CommandFlag)
Q_DECLARE_OPERATORS_FOR_FLAGS(CommandFlags)

struct CommandRow {
    const char *name; // upper case; "UID FETCH" is a name of its own
    SessionStates states;
    CommandFlags flags;
    std::unique_ptr<Command> (*make)(Session &session);
    const char *capability; // announced because of this row, or nullptr
};

} // namespace Postnook
