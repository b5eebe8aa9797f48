#pragma once

#include <QtGlobal>

#include <vector>

namespace Postnook
{

// Trees that are joined and cut apart, and ask for the root of a node: each in O(log n) amortised,
// however deep they are (Sleator and Tarjan, "A data structure for dynamic trees"). A value.
class DynamicForest
{
public:
    using NodeId = qint32;
    static constexpr NodeId NoNode = -1;

    explicit DynamicForest(size_t nodes)
        : m_nodes(nodes)
    {
    }

    void add() { m_nodes.emplace_back(); } // one more, alone
    NodeId root(NodeId node);
    void link(NodeId parent, NodeId child); // `child` is a root, and not that of `parent`
    void cut(NodeId child); // from its parent, which it has

private:
    // A path of a tree is a splay tree in order of depth; its root points to the node above the
    // path, which does not point back.
    struct Node {
        NodeId above = NoNode;
        NodeId left = NoNode;
        NodeId right = NoNode;
    };

    Node &at(NodeId node) { return m_nodes[static_cast<size_t>(node)]; }
    bool isTop(NodeId node); // of its splay tree
    void rotate(NodeId node);
    void splay(NodeId node);
    void expose(NodeId node); // makes one path of the way from its root

    std::vector<Node> m_nodes;
};

} // namespace Postnook
