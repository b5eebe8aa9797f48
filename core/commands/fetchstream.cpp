#include "core/commands/fetchstream.h"

#include "core/mailbox/account.h"
#include "core/session/sessionlog.h"

namespace Postnook
{

FetchPlan FetchStream::planFor(Session &session)
{
    const SelectedView &view = *session.view();
    FetchPlan plan;
    plan.mailbox = view.mailbox();
    plan.viewUids = view.uids();
    plan.recent = view.recent();
    plan.version = session.isRev2() ? Mime::ImapVersion::Rev2 : Mime::ImapVersion::Rev1;
    plan.isUidOnly = session.enabled().testFlag(Extension::UidOnly);
    return plan;
}

FetchStream::FetchStream(Session &session, FetchPlan plan, Done done)
    : m_session(session)
    , m_plan(std::make_shared<const FetchPlan>(std::move(plan)))
    , m_done(std::move(done))
{
}

void FetchStream::resume()
{
    if (!m_isReading) {
        next();
    }
}

void FetchStream::next()
{
    m_isReading = true;
    m_session.account()
        ->store()
        .read([plan = m_plan, position = m_position](
                  ReadTxn &txn) { return writeFetchChunk(txn, *plan, position); },
              {JobClass::Interactive, m_session.cancelToken()})
        .then(this, [this](const Result<FetchChunk> &chunk) { onChunk(chunk); });
}

void FetchStream::onChunk(const Result<FetchChunk> &chunk)
{
    m_isReading = false;
    if (!chunk) {
        if (isInsideMessage(m_position) && chunk.error().code != ErrorCode::Cancelled) {
            // The client has been promised octets that cannot be had: no reply can mend that.
            qCWarning(lcSession).noquote() << m_session.logName() << chunk.error().text;
            m_session.abort();
            return;
        }
        m_done(chunk.error());
        return;
    }
    if (SelectedView *view = m_session.view()) {
        view->hub().noteShown(chunk->newest);
    }
    tellKeywords(chunk->keywords);
    m_position = chunk->next;
    m_hasUndecodable = m_hasUndecodable || chunk->hasUndecodable;
    m_session.send(chunk->bytes);
    if (chunk->isLast) {
        m_done({});
    } else if (!m_session.isOutputFull()) {
        next();
    }
}

// Flags are read fresh, so they may be ahead of what the client was told: a keyword is in FLAGS
// before it is in a FETCH (RFC 3501 7.2.6).
void FetchStream::tellKeywords(const QByteArrayList &keywords)
{
    if (SelectedView *view = m_session.view(); view != nullptr && !isInsideMessage(m_position)) {
        view->hub().noteKeywords(keywords);
        m_session.sendNewKeywords();
    }
}

} // namespace Postnook
