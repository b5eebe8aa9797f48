#pragma once

#include "core/session/command.h"
#include "storage/store.h"

namespace Postnook
{

enum class CopyMode { Copy, Move };

// COPY, MOVE and their UID forms: RFC 9051 6.4.7, 6.4.8; COPYUID: RFC 4315.
class CopyMoveCommand : public Command
{
    Q_OBJECT

public:
    CopyMoveCommand(Session &session, CopyMode mode, bool byUid)
        : Command(session)
        , m_mode(mode)
        , m_byUid(byUid)
    {
    }
    void start(TokenCursor &arguments) override;
    std::optional<CommandProgress> progress() const override { return CommandProgress(); }

private:
    struct Request {
        CopyMode mode = CopyMode::Copy;
        MailboxId from;
        UidRanges uids;
        quint32 count = 0; // messages the client named
        // A number stands for a message the client sees, so all or nothing (RFC 2180 4.4.1); a UID
        // that is no more is passed over (RFC 3501 6.4.8).
        bool wantsAll = false;
        MailboxName to;
    };
    struct Outcome {
        enum class Kind { Done, NoDestination, Expunged };

        Kind kind = Kind::Done;
        CopyResult result;
    };

    static Result<Outcome> perform(WriteTxn &txn, const Request &request);
    void onDone(const Result<Outcome> &outcome);

    CopyMode m_mode;
    bool m_byUid;
};

} // namespace Postnook
