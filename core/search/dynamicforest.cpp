#include "core/search/dynamicforest.h"

namespace Postnook
{

bool DynamicForest::isTop(NodeId node)
{
    const NodeId above = at(node).above;
    return above == NoNode || (at(above).left != node && at(above).right != node);
}

void DynamicForest::rotate(NodeId node)
{
    const NodeId parent = at(node).above;
    const NodeId grandparent = at(parent).above;
    const bool isLeft = at(parent).left == node;
    const NodeId inner = isLeft ? at(node).right : at(node).left;
    if (!isTop(parent)) {
        (at(grandparent).left == parent ? at(grandparent).left : at(grandparent).right) = node;
    }
    at(node).above = grandparent;
    (isLeft ? at(node).right : at(node).left) = parent;
    at(parent).above = node;
    (isLeft ? at(parent).left : at(parent).right) = inner;
    if (inner != NoNode) {
        at(inner).above = parent;
    }
}

void DynamicForest::splay(NodeId node)
{
    while (!isTop(node)) {
        const NodeId parent = at(node).above;
        if (!isTop(parent)) {
            const bool isLeft = at(parent).left == node;
            const bool isParentLeft = at(at(parent).above).left == parent;
            rotate(isLeft == isParentLeft ? parent : node);
        }
        rotate(node);
    }
}

void DynamicForest::expose(NodeId node)
{
    NodeId below = NoNode;
    for (NodeId next = node; next != NoNode; next = at(next).above) {
        splay(next);
        at(next).right = below;
        below = next;
    }
    splay(node);
}

DynamicForest::NodeId DynamicForest::root(NodeId node)
{
    expose(node);
    while (at(node).left != NoNode) {
        node = at(node).left;
    }
    splay(node); // pays for the way down
    return node;
}

void DynamicForest::link(NodeId parent, NodeId child)
{
    expose(child);
    at(child).above = parent;
}

void DynamicForest::cut(NodeId child)
{
    expose(child);
    at(at(child).left).above = NoNode;
    at(child).left = NoNode;
}

} // namespace Postnook
