#pragma once

#include "core/commands/fetchitems.h"
#include "core/search/searchevaluator.h"
#include "storage/store.h"

#include <QByteArray>
#include <QList>

#include <optional>
#include <vector>

namespace Postnook
{

// A question about messages that have changed: which of them meet which search. Plain values, for a
// read job.
struct ContextQuery {
    QList<SearchProgram> programs; // each asks for the changed messages only
    QList<Uid> changed; // ascending
    SearchScope scope;
};
using ContextAnswer = QList<QList<Uid>>; // by program, ascending

// "* NO [NOUPDATE "tag"] ..." (RFC 5267 4.3.1)
QByteArray noUpdate(const QByteArray &tag, const char *reason);

// Pool thread.
Result<ContextAnswer> evaluateContexts(ReadTxn &txn, const ContextQuery &query);

// The searches of a selected mailbox whose client wants to hear how their results change (RFC 5267
// 4.3). What changes is noted as the view hears of it; before it is told, query() has to be
// answered for apply(). Main thread; owned by the SelectedView.
class SearchContexts
{
public:
    // RFC 5267 6: each costs four octets a message and one evaluation a change.
    static constexpr qsizetype MaxContexts = 16;

    bool isEmpty() const { return m_contexts.empty(); }
    bool has(const QByteArray &tag) const;
    bool isFull() const { return m_contexts.size() >= MaxContexts; }
    struct Asked {
        QByteArray tag;
        bool byUid = false;
        bool namesMailbox = false; // in each response (RFC 7377 2.1)
        QList<FetchItem> newItems = {}; // of new messages that join (RFC 5465 7)
    };
    // Changes count from here on; to be followed by setResult() or cancel(). `scope`: what message
    // numbers and "$" in the program stand for, now and for good (RFC 5267 4.3). `untold`: messages
    // that it leaves out, as the client does not know of them yet; ascending.
    void
    begin(Asked asked, SearchProgram program, const SearchScope &scope, const QList<Uid> &untold);
    // As the client is told.
    void setResult(const QByteArray &tag, QList<Uid> hits);
    bool cancel(const QByteArray &tag); // false: there was none
    // Untagged responses that tell so (RFC 5267 4.3.1).
    QByteArray cancelAll();
    QByteArray cancelNumbered(); // those told by message number (RFC 9586)

    void noteChanged(Uid uid);
    bool isStale() const { return !isEmpty() && !m_changed.isEmpty(); }
    bool hasUpdates() const;
    // About all that was noted since the last one. `scope`: the mailbox as the hub knows it.
    ContextQuery takeQuery(SearchScope scope);
    void apply(const ContextQuery &query, const ContextAnswer &answer);

    // What is to be sent of new messages, `uids`, that are about to be told to join.
    struct NewMembers {
        QList<FetchItem> items;
        QList<Uid> uids; // ascending
    };
    NewMembers newMembers(const QList<Uid> &uids) const;

    // What the responses go by.
    struct Place {
        QList<Uid> viewUids;
        QByteArray correlators; // mailboxCorrelators(), as the mailbox is called now
    };
    // REMOVEFROM of messages whose expunge is told next (RFC 5267 4.3.4).
    void writeExpunged(QByteArray &out, const QList<Uid> &expunged, const Place &place);
    // The other changes, once all messages of the view have been told (RFC 5267 4.3.3).
    void writeChanges(QByteArray &out, const Place &place);

private:
    struct Context {
        Asked asked;
        SearchProgram program;
        QList<Uid> told = {}; // the result as the client knows it, ascending
        QList<Uid> appeared = {}; // to be told, ascending
        QList<Uid> disappeared = {};
    };

    std::vector<Context>::iterator find(const QByteArray &tag);

    std::vector<Context> m_contexts;
    QList<Uid> m_changed; // ascending
};

} // namespace Postnook
