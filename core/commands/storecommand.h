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
    FetchPlan planAnswer(const QList<IndexSpan> &spans);
    void onStored(const StoreResult &stored, const QList<Uid> &changedByOthers);
    void addAnswer(const QList<IndexSpan> &spans, const QList<FetchItem> &items);
    void answerNext();

    bool m_byUid;
    bool m_isSilent = false;
    FetchPlan m_plan; // by the numbers of the time the command came
    QList<FetchPlan> m_answers; // still to be sent
    Status m_status;
    std::unique_ptr<FetchStream> m_stream;
};

} // namespace Postnook
