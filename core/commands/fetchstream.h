#pragma once

#include "core/commands/fetchwriter.h"
#include "core/session/session.h"

#include <QObject>

#include <functional>
#include <memory>

namespace Postnook
{

// Sends the responses of a FetchPlan, a chunk at a time, no faster than the client takes them. Main
// thread; owned by the command that fetches (or stores, to answer with FLAGS).
class FetchStream : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(const Result<void> &)>;

    // Of the selected mailbox as the session's client knows it; what to fetch is left open.
    static FetchPlan planFor(Session &session);

    FetchStream(Session &session, FetchPlan plan, Done done);
    void start() { next(); }
    void resume(); // the output has drained
    // Something of what was sent could not be decoded (RFC 3516 UNKNOWN-CTE).
    bool hasUndecodable() const { return m_hasUndecodable; }

private:
    void next();
    void onChunk(const Result<FetchChunk> &chunk);
    void tellKeywords(const QByteArrayList &keywords);

    Session &m_session;
    std::shared_ptr<const FetchPlan> m_plan;
    FetchPosition m_position;
    Done m_done;
    bool m_isReading = false;
    bool m_hasUndecodable = false;
};

} // namespace Postnook
