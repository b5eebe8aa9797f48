#pragma once

#include "core/commands/fetchstream.h"
#include "core/session/command.h"
#include "core/session/selectedview.h"
#include "storage/store.h"

#include <memory>

namespace Postnook
{

class StoreCommand : public Command // STORE, UID STORE: RFC 9051 6.4.6
{
    Q_OBJECT

public:
    StoreCommand(Session &session, bool byUid)
        : Command(session)
        , m_byUid(byUid)
    {
    }
    void start(TokenCursor &arguments) override;
    void resume() override;
    std::optional<CommandProgress> progress() const override
    {
        return m_stream ? std::nullopt : std::make_optional(CommandProgress());
    }

private:
    struct Stored {
        StoreResult result = {};
        // Messages of the set that others changed and the client has not been told of: ascending.
        QList<Uid> changedByOthers = {};
        bool hasGone = false; // some have been expunged, by others; looked at where it matters
    };

    FetchPlan planAnswer(const QList<IndexSpan> &spans);
    void onStored(const Stored &stored);
    void addAnswer(const QList<IndexSpan> &spans, const QList<FetchItem> &items);
    Status outcomeOf(const Stored &stored) const;
    void answerNext();

    bool m_byUid;
    bool m_isSilent = false;
    FetchPlan m_plan; // by the numbers of the time the command came
    QList<FetchPlan> m_answers; // still to be sent
    Status m_status;
    std::unique_ptr<FetchStream> m_stream;
};

} // namespace Postnook
