#include "core/search/threadbuilder.h"

#include "core/search/threadforest.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace Postnook
{

namespace
{

using NodeId = ThreadForest::NodeId;
constexpr NodeId NoNode = ThreadForest::NoNode;

// A place for each name that these messages use.
template <typename T>
std::vector<T> tableOfNames(const QList<ThreadMessage> &messages, T none)
{
    ThreadName last = 0;
    for (const ThreadMessage &message : messages) {
        last = std::max({last, message.messageId, message.subject});
        for (const ThreadName id : message.references) {
            last = std::max(last, id);
        }
    }
    return std::vector<T>(static_cast<size_t>(last) + 1, none);
}

// The REFERENCES algorithm, step by step as RFC 5256 3 numbers them.
class ReferencesThreader
{
public:
    ReferencesThreader(const QList<ThreadMessage> &messages, Turns &turns)
        : m_messages(messages)
        , m_turns(turns)
        , m_forest(messages, turns)
        , m_byId(tableOfNames(messages, NoNode))
    {
    }

    QByteArray run(const ThreadNumber &numberOf)
    {
        linkAll(); // 1
        m_forest.gatherRoots(); // 2
        m_forest.pruneDummies(); // 3
        m_forest.sortRoots(); // 4
        gatherSubjects(); // 5
        m_forest.sortAll(); // 6
        return m_forest.format(numberOf);
    }

private:
    void linkAll()
    {
        // A message's own node takes the place of the dummy that others refer to.
        for (qsizetype i = 0; i < m_messages.size(); ++i) {
            const ThreadName id = m_messages[i].messageId;
            if (id != 0 && m_byId[id] == NoNode) {
                m_byId[id] = static_cast<NodeId>(i);
            }
        }
        for (qsizetype i = 0; i < m_messages.size(); ++i) {
            linkOne(static_cast<NodeId>(i), m_messages[i].references);
        }
    }

    void linkOne(NodeId node, const QList<ThreadName> &references)
    {
        NodeId parent = NoNode;
        for (const ThreadName id : references) { // 1.A
            const NodeId next = nodeOf(id);
            if (parent != NoNode && m_forest.parent(next) == NoNode) {
                m_forest.linkUnlessLoop(parent, next);
            }
            parent = next;
        }
        m_forest.unlink(node); // 1.B
        if (parent != NoNode) {
            m_forest.linkUnlessLoop(parent, node);
        }
    }

    NodeId nodeOf(ThreadName id)
    {
        NodeId &node = m_byId[id];
        if (node == NoNode) {
            node = m_forest.addDummy();
        }
        return node;
    }

    const ThreadMessage &subjectOf(NodeId root) const
    {
        return m_messages[m_forest.isDummy(root) ? m_forest.firstChild(root) : root];
    }

    void gatherSubjects()
    {
        auto table = tableOfNames(m_messages, NoNode); // 5.A
        const auto roots = m_forest.roots();
        for (const NodeId root : roots) { // 5.B
            m_turns.step();
            const ThreadName subject = subjectOf(root).subject;
            if (subject == 0) {
                continue;
            }
            NodeId &entry = table[subject];
            if (entry == NoNode
                || (!m_forest.isDummy(entry)
                    && (m_forest.isDummy(root) || (isReply(entry) && !isReply(root))))) {
                entry = root;
            }
        }
        for (const NodeId root : roots) { // 5.C
            m_turns.step();
            NodeId &entry = table[subjectOf(root).subject];
            if (entry != NoNode && entry != root) {
                entry = merge(entry, root);
            }
        }
    }

    // Gives the message that stands for the subject from now on.
    NodeId merge(NodeId inTable, NodeId root)
    {
        if (m_forest.isDummy(inTable) && m_forest.isDummy(root)) {
            m_forest.moveChildren(root, inTable);
            m_forest.removeRoot(root);
            return inTable;
        }
        const bool isAnswer = !m_forest.isDummy(root) && isReply(root) && !isReply(inTable);
        if (m_forest.isDummy(inTable) || isAnswer) {
            m_forest.removeRoot(root);
            m_forest.link(inTable, root);
            return inTable;
        }
        const NodeId dummy = m_forest.addDummy();
        m_forest.replaceRoot(inTable, dummy);
        m_forest.removeRoot(root);
        m_forest.link(dummy, inTable);
        m_forest.link(dummy, root);
        return dummy;
    }

    bool isReply(NodeId node) const { return !m_forest.isDummy(node) && m_messages[node].isReply; }

    const QList<ThreadMessage> &m_messages;
    Turns &m_turns;
    ThreadForest m_forest;
    std::vector<NodeId> m_byId; // by name
};

} // namespace

quint32 uidAsNumber(const ThreadMessage &message)
{
    return message.uid.value;
}

QByteArray
threadsByReferences(const QList<ThreadMessage> &messages, const ThreadNumber &numberOf, Turns turns)
{
    return ReferencesThreader(messages, turns).run(numberOf);
}

QByteArray threadsByOrderedSubject(const QList<ThreadMessage> &messages,
                                   const ThreadNumber &numberOf,
                                   Turns turns)
{
    QList<qsizetype> order(messages.size());
    std::iota(order.begin(), order.end(), 0);
    const auto bySentDate = [&](qsizetype a, qsizetype b) {
        turns.step();
        return messages[a].sentUtc < messages[b].sentUtc;
    };
    std::stable_sort(order.begin(), order.end(), bySentDate);
    // In order of their first messages, which is that of the threads.
    constexpr qsizetype None = -1;
    auto threadOf = tableOfNames(messages, None);
    QList<QList<quint32>> threads;
    for (const qsizetype i : std::as_const(order)) {
        turns.step();
        qsizetype &thread = threadOf[messages[i].subject];
        if (thread == None) {
            thread = threads.size();
            threads.append(QList<quint32>());
        }
        threads[thread].append(numberOf(messages[i]));
    }
    QByteArray out;
    for (const QList<quint32> &thread : std::as_const(threads)) {
        turns.step();
        out += '(' + QByteArray::number(thread.first());
        for (qsizetype i = 1; i < thread.size(); ++i) {
            const auto number = QByteArray::number(thread[i]);
            out += thread.size() == 2 ? ' ' + number : (i == 1 ? " (" : "(") + number + ')';
        }
        out += ')';
    }
    return out;
}

} // namespace Postnook
