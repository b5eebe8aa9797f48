// Session: what the client is told that it did not ask for, and the reply behind it.
#include "core/session/session.h"

#include "core/commands/fetchstream.h"
#include "core/mailbox/account.h"
#include "core/session/metadataupdates.h"
#include "core/session/notifier.h"
#include "core/session/sessionlog.h"

#include <utility>

namespace Postnook
{

void Session::whenContextsKnow(std::function<void()> then)
{
    if (!m_view || (m_contextWaiters.empty() && !m_view->contexts().isStale())) {
        then();
        return;
    }
    m_contextWaiters.push_back(std::move(then));
    if (m_contextWaiters.size() > 1) {
        return;
    }
    const auto query = m_view->contexts().takeQuery(m_view->searchScope(options().nowUtc(), true));
    m_account->store()
        .read([query](ReadTxn &txn) { return evaluateContexts(txn, query); },
              {JobClass::Interactive, m_cancel})
        .then(this, [this, query](const Result<ContextAnswer> &answer) {
            onContextsAnswered(query, answer);
        });
}

void Session::onContextsAnswered(const ContextQuery &query, const Result<ContextAnswer> &answer)
{
    if (m_view && answer) {
        m_view->contexts().apply(query, *answer);
    } else if (m_view) {
        qCWarning(lcSession).noquote() << logName() << answer.error().text;
        send(m_view->contexts().cancelAll());
    }
    for (const auto &then : std::exchange(m_contextWaiters, {})) {
        then();
    }
    process();
}

void Session::tellUpdatesAndReply(const Status &status)
{
    QByteArray out;
    Status told = status;
    if (m_view) {
        const Uid newest = m_view->newestUid();
        const bool hasExpunged = m_view->writeUpdates(out, updatesOfCommand(), m_enabled);
        addModSeq(told, hasExpunged, m_view->newestUid() > newest, out);
    }
    writeOtherUpdates(out);
    tellSearchesAndNew(std::move(out),
                       [this, told](const QByteArray &rest) { replyTagged(told, rest); });
}

// Of what is not the selected mailbox.
void Session::writeOtherUpdates(QByteArray &out)
{
    writeAlert(out);
    if (m_metadataUpdates) {
        m_metadataUpdates->write(out, nameCoding());
    }
    if (m_notifier) {
        m_notifier->write(out);
    }
}

void Session::writeAlert(QByteArray &out)
{
    if (m_account && !m_isPreauthenticated && m_toldAlert != m_host.alert()) {
        m_toldAlert = m_host.alert();
        if (!m_toldAlert.isEmpty()) {
            out += "* OK [ALERT] " + m_toldAlert + "\r\n";
        }
    }
}

// What the end of a command may tell of the selected mailbox.
ViewUpdates Session::updatesOfCommand() const
{
    ViewUpdates kinds = m_notifier ? m_notifier->wanted() : AllViewUpdates;
    if (m_replying.row->flags.testFlag(CommandFlag::TellsModSeq)) {
        kinds |= ViewUpdate::Expunged; // its own, whatever NOTIFY said
    }
    if (m_replying.row->flags.testFlag(CommandFlag::HoldsExpunges)
        || m_replying.command->holdsExpunges()) {
        kinds &= ~ViewUpdates(ViewUpdate::Expunged);
    }
    return kinds;
}

void Session::replyTagged(const Status &status, QByteArray out)
{
    Running done = std::exchange(m_replying, {});
    out += done.tag + ' ' + status.toBytes() + "\r\n";
    send(out);
    qCDebug(lcSession).noquote() << logName() << done.tag << done.row->name << status.toBytes()
                                 << nowMs() - done.beganMs << "ms";
    done.command.release()->deleteLater(); // it may be the caller
    if (done.after) {
        done.after();
    }
    noteOutcome(status);
    answerNext();
    if (!m_byeReason.isEmpty()) {
        endWithBye(m_byeReason);
    }
    tellNow();
    process();
}

// RFC 7162 3.2, 3.2.7: how far the client has been told, where it may think otherwise.
void Session::addModSeq(Status &status, bool hasExpunged, bool hasAdded, QByteArray &out) const
{
    if (!m_enabled.testFlag(Extension::CondStore)) {
        return;
    }
    const QByteArray code = "HIGHESTMODSEQ " + QByteArray::number(m_view->toldModSeq().value);
    if (hasExpunged && m_replying.row->flags.testFlag(CommandFlag::TellsModSeq)
        && status.kind == Status::Kind::Ok && status.code.isEmpty()) {
        status.code = code;
    } else if (m_view->holdsChanges()) {
        writeHeldModSeq(out);
    } else if (hasAdded && m_replying.row->flags.testFlag(CommandFlag::AddsMessages)
               && m_enabled.testFlag(Extension::QResync) && !m_view->hasToldOthersNew()) {
        // EXISTS has no MODSEQ: a client that comes back would hear of its own messages as changed.
        // Others' it has still to ask for.
        out += "* OK [" + code + "] All up to here was told\r\n";
    }
}

// RFC 7162 3.2: a MODSEQ that the client is shown must not hide what it has still to be told of,
// whether that waits for its time or NOTIFY leaves it out.
void Session::writeHeldModSeq(QByteArray &out) const
{
    if (m_enabled.testFlag(Extension::CondStore) && m_view->holdsChanges()) {
        out += "* OK [HIGHESTMODSEQ " + QByteArray::number(m_view->toldModSeq().value)
            + "] Not all has been told\r\n";
    }
}

void Session::sendUpdates(ViewUpdates kinds)
{
    whenContextsKnow([this, kinds] {
        if (m_view && m_view->hasUpdates(kinds)) {
            QByteArray out;
            m_view->writeUpdates(out, kinds, m_enabled);
            send(out);
        }
    });
}

void Session::onMetadataChanged()
{
    if (m_metadataUpdates->isOverflowing()) {
        endWithBye("Too many changes of metadata wait to be told");
    } else {
        tellNow();
    }
}

// --- Between commands ----------------------------------------------------------------------------

Notifier &Session::notifier()
{
    if (!m_notifier) {
        m_notifier = std::make_unique<Notifier>(*this);
        m_metadataUpdates.reset(); // NOTIFY says from here on what is told
    }
    return *m_notifier;
}

void Session::dropNotifier()
{
    m_notifier.reset();
    enable({});
}

bool Session::isFetchingNew() const
{
    return m_newStream != nullptr;
}

bool Session::mayTellNow() const
{
    const bool isTime = m_running.command ? m_running.command->isIdle() : m_notifier != nullptr;
    // A client that does not read is told later: what is new is kept, each message once.
    return isTime && !isReplying() && m_account && !m_isEnding && !isOutputFull()
        && !isFetchingNew();
}

void Session::tellNow()
{
    if (mayTellNow()) {
        whenContextsKnow([this] { tellAll(); });
    }
}

void Session::tellAll()
{
    if (!mayTellNow()) { // the job on the contexts took its time
        return;
    }
    QByteArray out;
    const ViewUpdates kinds = !m_notifier ? AllViewUpdates
        : m_running.command               ? m_notifier->wanted()
                                          : m_notifier->wantedAtOnce();
    if (m_view && m_view->hasUpdates(kinds)) {
        m_view->writeUpdates(out, kinds, m_enabled);
        if (!out.isEmpty()) {
            writeHeldModSeq(out);
        }
    }
    writeOtherUpdates(out);
    tellSearchesAndNew(std::move(out), [this](const QByteArray &rest) {
        send(rest);
        if (!m_byeReason.isEmpty()) {
            sayBye(m_byeReason);
        }
    });
}

// How results of searches change, and FETCH responses for new messages just told, as far as a
// search or NOTIFY asks for them. `done` gets what is left to be sent.
void Session::tellSearchesAndNew(QByteArray out,
                                 const std::function<void(const QByteArray &)> &done)
{
    const FetchPlan plan = m_view ? planForNew() : FetchPlan();
    // NOTIFY wants FETCH behind ADDTO (RFC 5465 5.2), a search before it (RFC 5465 7).
    const bool isNotified = m_notifier && !m_notifier->newItems().isEmpty();
    if (m_view && (plan.spans.isEmpty() || isNotified)) {
        m_view->writeSearchUpdates(out, m_enabled);
    }
    if (plan.spans.isEmpty()) {
        done(out);
        return;
    }
    send(out);
    m_newStream = std::make_unique<FetchStream>(*this, plan, [this, done](const Result<void> &end) {
        if (!end) { // the client knows of the messages and can ask
            qCWarning(lcSession).noquote() << logName() << end.error().text;
        }
        m_newStream.release()->deleteLater(); // it is the one that speaks
        QByteArray rest;
        if (m_view) {
            m_view->writeSearchUpdates(rest, m_enabled);
        }
        done(rest);
        tellNow();
        process();
    });
    m_newStream->start();
}

FetchPlan Session::planForNew()
{
    const QList<Uid> told = m_view->takeToldNew();
    auto [items, uids] = m_view->contexts().newMembers(told);
    if (m_notifier && !m_notifier->newItems().isEmpty()) {
        items += m_notifier->newItems();
        uids = told;
    }
    if (uids.isEmpty() || items.isEmpty()) {
        return {};
    }
    FetchPlan plan = FetchStream::planFor(*this);
    plan.spans = spansOf(uids, plan.viewUids);
    // As in all FETCH responses that nobody asked for word by word (RFC 7162 3.1, 3.2.4).
    if (!plan.isUidOnly) {
        items.prepend(uidItem());
    }
    if (m_enabled.testFlag(Extension::CondStore)) {
        items.append(modSeqItem());
    }
    for (const FetchItem &item : std::as_const(items)) {
        if (!plan.items.contains(item)) {
            plan.items.append(item);
        }
    }
    return plan;
}

void Session::tellNothingMore()
{
    m_notifier.reset();
    m_view.reset();
}

void Session::sendNewKeywords()
{
    if (m_view && m_view->hasNewKeywords()) {
        QByteArray out;
        m_view->writeFlagLists(out);
        send(out);
    }
}

} // namespace Postnook
