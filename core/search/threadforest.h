#pragma once

#include "core/search/dynamicforest.h"
#include "core/search/threadbuilder.h"
#include "storage/turns.h"

#include <QByteArray>
#include <QList>

#include <vector>

namespace Postnook
{

// The trees that RFC 5256 3 builds: the messages, in mailbox order, and dummies for those that are
// referred to and missing. Nothing here recurses; the deepest chain is as good as any.
class ThreadForest
{
public:
    using NodeId = qint32; // index of the message, or above them of a dummy
    static constexpr NodeId NoNode = -1;

    ThreadForest(const QList<ThreadMessage> &messages, Turns &turns);

    NodeId addDummy();
    bool isDummy(NodeId node) const { return node >= m_messages.size(); }
    NodeId parent(NodeId node) const { return at(node).parent; }
    NodeId firstChild(NodeId node) const { return at(node).firstChild; }
    // Step 1. As its last child, unless that would make a loop. `child` has no parent.
    void linkUnlessLoop(NodeId parent, NodeId child);
    void unlink(NodeId child); // from its parent, if it has one

    // From here on what is linked is another root.
    void link(NodeId parent, NodeId child);
    void moveChildren(NodeId from, NodeId to);

    // Those without a parent, as gatherRoots() found them and as they were changed since.
    void gatherRoots();
    QList<NodeId> roots() const; // in order, without those removed
    void removeRoot(NodeId root);
    void replaceRoot(NodeId root, NodeId by);

    // Dummies go; their children take their place, at the top only if it is one (step 3).
    void pruneDummies();
    void sortRoots(); // step 4
    void sortAll(); // step 6
    QByteArray format(const ThreadNumber &numberOf) const;

private:
    struct Node {
        NodeId parent = NoNode;
        NodeId firstChild = NoNode;
        NodeId lastChild = NoNode;
        NodeId previous = NoNode; // sibling
        NodeId next = NoNode;
    };

    Node &at(NodeId node) { return m_nodes[static_cast<size_t>(node)]; }
    const Node &at(NodeId node) const { return m_nodes[static_cast<size_t>(node)]; }
    qsizetype &rootIndex(NodeId root) { return m_rootIndex[static_cast<size_t>(root)]; }
    void detach(NodeId child);
    void spliceOut(NodeId dummy);
    QList<NodeId> childrenOf(NodeId node) const;
    void sortChildren(NodeId node);
    void sortSiblings(QList<NodeId> &nodes) const;
    std::pair<qint64, NodeId> sortKey(NodeId node) const;

    const QList<ThreadMessage> &m_messages;
    Turns &m_turns;
    std::vector<Node> m_nodes;
    std::vector<qsizetype> m_rootIndex; // by node: where in m_roots it is, if it is there
    DynamicForest m_trees; // the same in step 1, to know what would be a loop
    QList<NodeId> m_roots; // NoNode where one was removed
};

} // namespace Postnook
