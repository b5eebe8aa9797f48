#include "core/session/searchcontexts.h"

#include "core/session/indexspans.h"
#include "core/wire/responsewriter.h"
#include "core/wire/sequenceset.h"

#include <algorithm>
#include <utility>

namespace Postnook
{

namespace
{

// Message numbers and "$" as the UIDs they stand for now.
void freezeNumbers(SearchProgram &program, const SearchScope &scope)
{
    for (SearchKey &key : program.keys) {
        const bool isNumbers = key.kind == SearchKey::Kind::SequenceNumbers;
        if (!isNumbers && !(key.kind == SearchKey::Kind::Uids && key.set.isSavedResult())) {
            continue;
        }
        const auto count = static_cast<quint32>(scope.uids.size());
        QList<Uid> uids = scope.saved;
        if (!key.set.isSavedResult()) {
            uids.clear();
            for (const SequenceSet::Span &span : key.set.resolve(count)) {
                const auto last = std::min<qsizetype>(span.last, scope.uids.size());
                uids += scope.uids.mid(span.first - 1, last - span.first + 1);
            }
        }
        key.kind = SearchKey::Kind::Uids;
        key.set = SequenceSet::of(uids);
    }
    program.usesNumbers = false;
}

// Both this and what the program asks for.
SearchProgram restricted(const SearchProgram &program, const QList<Uid> &uids)
{
    SearchProgram both = program;
    both.keys.prepend({.kind = SearchKey::Kind::Uids, .set = SequenceSet::of(uids)});
    both.keys.prepend({.kind = SearchKey::Kind::And, .count = 2});
    return both;
}

void writeUpdate(QByteArray &out,
                 const SearchContexts::Asked &asked,
                 const char *item,
                 const QList<Uid> &uids,
                 const SearchContexts::Place &place)
{
    ResponseWriter writer(out);
    writer.raw("* ESEARCH (TAG ").string(asked.tag);
    writer.raw(asked.namesMailbox ? place.correlators : QByteArray());
    // Position 0: the client keeps mailbox order (RFC 5267 4.3.3).
    writer.raw(asked.byUid ? ") UID " : ") ").raw(item).raw(" (0 ");
    writer.raw(asked.byUid ? formatUidSet(uids) : formatNumbers(spansOf(uids, place.viewUids)));
    writer.raw(")").crlf();
}

} // namespace

QByteArray noUpdate(const QByteArray &tag, const char *reason)
{
    QByteArray out;
    ResponseWriter(out).raw("* NO [NOUPDATE ").string(tag).raw("] ").raw(reason).crlf();
    return out;
}

Result<ContextAnswer> evaluateContexts(ReadTxn &txn, const ContextQuery &query)
{
    ContextAnswer answer;
    for (const SearchProgram &program : query.programs) {
        const auto hits = evaluateSearch(txn, program, query.scope);
        if (!hits) {
            return hits.error();
        }
        answer.append(*hits);
    }
    return answer;
}

std::vector<SearchContexts::Context>::iterator SearchContexts::find(const QByteArray &tag)
{
    return std::find_if(m_contexts.begin(), m_contexts.end(), [&tag](const Context &context) {
        return context.asked.tag == tag;
    });
}

bool SearchContexts::has(const QByteArray &tag) const
{
    return std::any_of(m_contexts.begin(), m_contexts.end(), [&tag](const Context &context) {
        return context.asked.tag == tag;
    });
}

void SearchContexts::begin(Asked asked,
                           SearchProgram program,
                           const SearchScope &scope,
                           const QList<Uid> &untold)
{
    m_changed = united(m_changed, untold);
    freezeNumbers(program, scope);
    m_contexts.push_back({.asked = std::move(asked), .program = std::move(program)});
}

SearchContexts::NewMembers SearchContexts::newMembers(const QList<Uid> &uids) const
{
    NewMembers members;
    for (const Context &context : m_contexts) {
        const auto joining = common(context.appeared, uids);
        if (joining.isEmpty()) {
            continue;
        }
        for (const FetchItem &item : context.asked.newItems) {
            if (!members.items.contains(item)) {
                members.items.append(item);
            }
        }
        members.uids =
            context.asked.newItems.isEmpty() ? members.uids : united(members.uids, joining);
    }
    return members;
}

void SearchContexts::setResult(const QByteArray &tag, QList<Uid> hits)
{
    if (const auto context = find(tag); context != m_contexts.end()) {
        context->told = std::move(hits);
    }
}

bool SearchContexts::cancel(const QByteArray &tag)
{
    const auto context = find(tag);
    if (context == m_contexts.end()) {
        return false;
    }
    m_contexts.erase(context);
    if (m_contexts.empty()) {
        m_changed.clear();
    }
    return true;
}

QByteArray SearchContexts::cancelAll()
{
    QByteArray out;
    for (const Context &context : m_contexts) {
        out += noUpdate(context.asked.tag, "The changes cannot be looked at");
    }
    m_contexts.clear();
    m_changed.clear();
    return out;
}

QByteArray SearchContexts::cancelNumbered()
{
    QByteArray out;
    for (const Context &context : m_contexts) {
        if (!context.asked.byUid) {
            out += noUpdate(context.asked.tag, "Messages go by UID only");
        }
    }
    std::erase_if(m_contexts, [](const Context &context) { return !context.asked.byUid; });
    if (m_contexts.empty()) {
        m_changed.clear();
    }
    return out;
}

bool SearchContexts::hasUpdates() const
{
    return std::any_of(m_contexts.begin(), m_contexts.end(), [](const Context &context) {
        return !context.appeared.isEmpty() || !context.disappeared.isEmpty();
    });
}

void SearchContexts::noteChanged(Uid uid)
{
    if (isEmpty()) {
        return;
    }
    const auto at = std::lower_bound(m_changed.begin(), m_changed.end(), uid);
    if (at == m_changed.end() || *at != uid) {
        m_changed.insert(at, uid);
    }
}

ContextQuery SearchContexts::takeQuery(SearchScope scope)
{
    ContextQuery query{{}, std::exchange(m_changed, {}), std::move(scope)};
    for (const Context &context : m_contexts) {
        query.programs.append(restricted(context.program, query.changed));
    }
    return query;
}

void SearchContexts::apply(const ContextQuery &query, const ContextAnswer &answer)
{
    for (qsizetype i = 0; i < answer.size(); ++i) {
        Context &context = m_contexts.at(static_cast<size_t>(i));
        const QList<Uid> &meets = answer.at(i);
        const auto fails = without(query.changed, meets);
        context.appeared = united(without(context.appeared, fails), without(meets, context.told));
        context.disappeared =
            united(without(context.disappeared, meets), common(fails, context.told));
    }
}

void SearchContexts::writeExpunged(QByteArray &out, const QList<Uid> &expunged, const Place &place)
{
    for (Context &context : m_contexts) {
        const auto gone = common(context.told, expunged);
        if (!gone.isEmpty()) {
            writeUpdate(out, context.asked, "REMOVEFROM", gone, place);
            context.told = without(context.told, gone);
        }
        context.appeared = without(context.appeared, expunged);
        context.disappeared = without(context.disappeared, expunged);
    }
    m_changed = without(m_changed, expunged);
}

void SearchContexts::writeChanges(QByteArray &out, const Place &place)
{
    for (Context &context : m_contexts) {
        if (!context.disappeared.isEmpty()) {
            writeUpdate(out, context.asked, "REMOVEFROM", context.disappeared, place);
            context.told = without(context.told, context.disappeared);
            context.disappeared.clear();
        }
        // What the client has not been told of yet waits for its EXISTS.
        const auto appeared = common(context.appeared, place.viewUids);
        if (!appeared.isEmpty()) {
            writeUpdate(out, context.asked, "ADDTO", appeared, place);
            context.told = united(context.told, appeared);
            context.appeared = without(context.appeared, appeared);
        }
    }
}

} // namespace Postnook
