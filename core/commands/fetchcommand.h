#pragma once

#include "core/commands/fetchstream.h"
#include "core/mailbox/resync.h"
#include "core/session/command.h"
#include "core/wire/sequenceset.h"

#include <memory>

namespace Postnook
{

class FetchCommand : public Command // FETCH, UID FETCH: RFC 9051 6.4.5, RFC 3501 6.4.5
{
    Q_OBJECT

public:
    FetchCommand(Session &session, bool byUid)
        : Command(session)
        , m_byUid(byUid)
    {
    }
    void start(TokenCursor &arguments) override;
    void resume() override;

private:
    void resync(FetchPlan plan, const SequenceSet &set, const FetchModifiers &modifiers);
    void onResynced(FetchPlan plan, const Resync &resync);
    void begin(FetchPlan plan);
    void markSeen(FetchPlan plan);
    void stream(FetchPlan plan);
    void onStreamed(const Result<void> &done);
    UidRanges namedUids(const SequenceSet &set);
    void addItemsOfChange(FetchPlan &plan);

    bool m_byUid;
    std::unique_ptr<FetchStream> m_stream;
};

} // namespace Postnook
