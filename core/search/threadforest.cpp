#include "core/search/threadforest.h"

#include <algorithm>
#include <numeric>

namespace Postnook
{

ThreadForest::ThreadForest(const QList<ThreadMessage> &messages, Turns &turns)
    : m_messages(messages)
    , m_turns(turns)
    , m_nodes(static_cast<size_t>(messages.size()))
    , m_rootIndex(m_nodes.size())
    , m_trees(m_nodes.size())
{
}

ThreadForest::NodeId ThreadForest::addDummy()
{
    m_nodes.emplace_back();
    m_rootIndex.emplace_back();
    m_trees.add();
    return static_cast<NodeId>(m_nodes.size()) - 1;
}

void ThreadForest::linkUnlessLoop(NodeId parent, NodeId child)
{
    m_turns.step();
    if (m_trees.root(parent) != child) {
        m_trees.link(parent, child);
        link(parent, child);
    }
}

void ThreadForest::unlink(NodeId child)
{
    if (at(child).parent != NoNode) {
        m_trees.cut(child);
        detach(child);
    }
}

void ThreadForest::link(NodeId parent, NodeId child)
{
    Node &above = at(parent);
    Node &node = at(child);
    node.parent = parent;
    node.previous = above.lastChild;
    node.next = NoNode;
    (above.lastChild == NoNode ? above.firstChild : at(above.lastChild).next) = child;
    above.lastChild = child;
}

void ThreadForest::detach(NodeId child)
{
    Node &node = at(child);
    if (node.parent == NoNode) {
        return;
    }
    Node &above = at(node.parent);
    (node.previous == NoNode ? above.firstChild : at(node.previous).next) = node.next;
    (node.next == NoNode ? above.lastChild : at(node.next).previous) = node.previous;
    node.parent = node.previous = node.next = NoNode;
}

QList<ThreadForest::NodeId> ThreadForest::childrenOf(NodeId node) const
{
    QList<NodeId> children;
    for (NodeId child = at(node).firstChild; child != NoNode; child = at(child).next) {
        children.append(child);
    }
    return children;
}

void ThreadForest::moveChildren(NodeId from, NodeId to)
{
    for (const NodeId child : childrenOf(from)) {
        detach(child);
        link(to, child);
    }
}

void ThreadForest::gatherRoots()
{
    for (NodeId node = 0; node < static_cast<NodeId>(m_nodes.size()); ++node) {
        m_turns.step();
        if (at(node).parent == NoNode) {
            rootIndex(node) = m_roots.size();
            m_roots.append(node);
        }
    }
}

QList<ThreadForest::NodeId> ThreadForest::roots() const
{
    auto left = m_roots;
    left.removeAll(NoNode);
    return left;
}

void ThreadForest::removeRoot(NodeId root)
{
    m_roots[rootIndex(root)] = NoNode;
}

void ThreadForest::replaceRoot(NodeId root, NodeId by)
{
    const auto index = rootIndex(root);
    m_roots[index] = by;
    rootIndex(by) = index;
}

// Its children stand where it stood.
void ThreadForest::spliceOut(NodeId dummy)
{
    const Node gone = at(dummy);
    for (NodeId child = gone.firstChild; child != NoNode; child = at(child).next) {
        at(child).parent = gone.parent;
    }
    const NodeId first = gone.firstChild == NoNode ? gone.next : gone.firstChild;
    const NodeId last = gone.lastChild == NoNode ? gone.previous : gone.lastChild;
    if (gone.firstChild != NoNode) {
        at(gone.firstChild).previous = gone.previous;
        at(gone.lastChild).next = gone.next;
    }
    Node &above = at(gone.parent);
    (gone.previous == NoNode ? above.firstChild : at(gone.previous).next) = first;
    (gone.next == NoNode ? above.lastChild : at(gone.next).previous) = last;
    at(dummy) = {};
}

void ThreadForest::pruneDummies()
{
    for (NodeId dummy = static_cast<NodeId>(m_messages.size());
         dummy < static_cast<NodeId>(m_nodes.size());
         ++dummy) {
        m_turns.step();
        if (at(dummy).parent != NoNode) {
            spliceOut(dummy);
        }
    }
    // Only those at the top are left.
    for (const NodeId root : roots()) {
        m_turns.step();
        if (!isDummy(root)) {
            continue;
        }
        const NodeId first = at(root).firstChild;
        if (first == NoNode) {
            removeRoot(root);
        } else if (first == at(root).lastChild) {
            detach(first);
            replaceRoot(root, first);
        }
    }
}

// Messages that were sent at the same moment keep their order in the mailbox; a dummy counts as its
// first child.
std::pair<qint64, ThreadForest::NodeId> ThreadForest::sortKey(NodeId node) const
{
    const NodeId message = isDummy(node) ? at(node).firstChild : node;
    return {m_messages[message].sentUtc, message};
}

void ThreadForest::sortSiblings(QList<NodeId> &nodes) const
{
    std::sort(nodes.begin(), nodes.end(), [this](NodeId a, NodeId b) {
        m_turns.step();
        return sortKey(a) < sortKey(b);
    });
}

void ThreadForest::sortChildren(NodeId node)
{
    if (at(node).firstChild == at(node).lastChild) {
        return; // none, or one
    }
    auto children = childrenOf(node);
    sortSiblings(children);
    at(node).firstChild = children.first();
    at(node).lastChild = children.last();
    for (qsizetype i = 0; i < children.size(); ++i) {
        at(children[i]).previous = i == 0 ? NoNode : children[i - 1];
        at(children[i]).next = i + 1 == children.size() ? NoNode : children[i + 1];
    }
}

void ThreadForest::sortRoots()
{
    m_roots = roots();
    for (const NodeId root : std::as_const(m_roots)) {
        if (isDummy(root)) {
            sortChildren(root);
        }
    }
    sortSiblings(m_roots);
    for (qsizetype i = 0; i < m_roots.size(); ++i) {
        m_turns.step();
        rootIndex(m_roots[i]) = i;
    }
}

void ThreadForest::sortAll()
{
    // Inside a tree the order of one set of siblings does not depend on that of another: below the
    // top there are no dummies.
    for (NodeId node = 0; node < static_cast<NodeId>(m_nodes.size()); ++node) {
        m_turns.step();
        sortChildren(node);
    }
    m_roots = roots();
    sortSiblings(m_roots);
}

// RFC 5256 5, thread-list: a chain goes on with blanks, and opens a list for each child where there
// are several.
QByteArray ThreadForest::format(const ThreadNumber &numberOf) const
{
    QByteArray out;
    for (const NodeId root : m_roots) {
        NodeId node = root;
        out += '(';
        bool isFirst = true; // of its list
        QList<NodeId> open; // those whose children stand in lists of their own
        for (;;) {
            m_turns.step();
            if (!isDummy(node)) {
                out += isFirst ? "" : " ";
                out += QByteArray::number(numberOf(m_messages[node]));
            }
            isFirst = false;
            const Node &here = at(node);
            if (here.firstChild != NoNode && here.firstChild == here.lastChild && !isDummy(node)) {
                node = here.firstChild;
                continue;
            }
            if (here.firstChild != NoNode) {
                out += isDummy(node) ? "(" : " (";
                open.append(node);
                node = here.firstChild;
                isFirst = true;
                continue;
            }
            // A list has ended; on with the next sibling list of the nearest that has one.
            out += ')';
            NodeId next = NoNode;
            while (!open.isEmpty() && next == NoNode) {
                while (at(node).parent != open.last()) {
                    node = at(node).parent;
                }
                next = at(node).next;
                if (next == NoNode) {
                    out += ')';
                    node = open.takeLast();
                }
            }
            if (next == NoNode) {
                break;
            }
            out += '(';
            node = next;
            isFirst = true;
        }
    }
    return out;
}

} // namespace Postnook
