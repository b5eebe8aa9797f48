#pragma once

#include "core/commands/fetchstream.h"
#include "core/session/command.h"
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

private:
    FetchPlan planAnswer(const QList<IndexSpan> &spans);
    void answer(FetchPlan plan);

    bool m_byUid;
    std::unique_ptr<FetchStream> m_stream;
};

} // namespace Postnook
