#include "plainthreads.h"

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

namespace Postnook
{

namespace
{

struct Node {
    const ThreadMessage *message = nullptr; // null: a dummy
    Node *parent = nullptr;
    std::vector<Node *> children;
};

bool isDescendant(const Node *node, const Node *of)
{
    return node == of
        || std::any_of(of->children.begin(), of->children.end(), [node](const Node *child) {
               return isDescendant(node, child);
           });
}

void detach(Node *node)
{
    if (node->parent != nullptr) {
        std::erase(node->parent->children, node);
        node->parent = nullptr;
    }
}

void attach(Node *parent, Node *child)
{
    if (!isDescendant(parent, child)) {
        detach(child);
        child->parent = parent;
        parent->children.push_back(child);
    }
}

const ThreadMessage &dated(const Node *node)
{
    return node->message != nullptr ? *node->message : *node->children.front()->message;
}

void sortSiblings(std::vector<Node *> &nodes)
{
    std::sort(nodes.begin(), nodes.end(), [](const Node *a, const Node *b) {
        return std::pair(dated(a).sentUtc, dated(a).uid)
            < std::pair(dated(b).sentUtc, dated(b).uid);
    });
}

void sortBelow(Node *node)
{
    for (Node *child : node->children) {
        sortBelow(child);
    }
    sortSiblings(node->children);
}

void prune(Node *root, Node *node)
{
    for (Node *child : std::vector(node->children)) {
        prune(root, child);
    }
    if (node == root || node->message != nullptr) {
        return;
    }
    if (node->parent == root && node->children.size() > 1) {
        return;
    }
    auto &siblings = node->parent->children;
    const auto at = siblings.erase(std::find(siblings.begin(), siblings.end(), node));
    for (Node *child : node->children) {
        child->parent = node->parent;
    }
    siblings.insert(at, node->children.begin(), node->children.end());
    node->children.clear();
}

QByteArray lists(const std::vector<Node *> &nodes);

QByteArray inner(const Node *node)
{
    QByteArray text = node->message != nullptr ? QByteArray::number(node->message->uid.value) : "";
    if (node->children.empty()) {
        return text;
    }
    text += text.isEmpty() ? "" : " ";
    return text
        + (node->children.size() == 1 ? inner(node->children.front()) : lists(node->children));
}

QByteArray lists(const std::vector<Node *> &nodes)
{
    QByteArray text;
    for (const Node *node : nodes) {
        text += '(' + inner(node) + ')';
    }
    return text;
}

} // namespace

QByteArray plainThreadsByReferences(const QList<ThreadMessage> &messages)
{
    std::vector<std::unique_ptr<Node>> all;
    const auto make = [&all](const ThreadMessage *message) {
        all.push_back(std::make_unique<Node>());
        all.back()->message = message;
        return all.back().get();
    };
    std::map<ThreadName, Node *> byId;
    std::vector<Node *> own;
    for (const ThreadMessage &message : messages) {
        own.push_back(make(&message));
        if (message.messageId != 0) {
            byId.emplace(message.messageId, own.back());
        }
    }
    const auto nodeOf = [&](ThreadName id) {
        auto &node = byId[id];
        return node = node != nullptr ? node : make(nullptr);
    };
    for (qsizetype i = 0; i < messages.size(); ++i) { // 1
        const auto &references = messages[i].references;
        for (qsizetype r = 1; r < references.size(); ++r) {
            Node *parent = nodeOf(references[r - 1]);
            Node *child = nodeOf(references[r]);
            if (child->parent == nullptr) {
                attach(parent, child);
            }
        }
        Node *node = own[static_cast<size_t>(i)];
        detach(node);
        if (!references.isEmpty()) {
            attach(nodeOf(references.last()), node);
        }
    }
    Node root; // 2
    std::vector<Node *> heads;
    for (const auto &node : all) {
        if (node->parent == nullptr) {
            heads.push_back(node.get());
        }
    }
    for (Node *head : heads) {
        head->parent = &root;
        root.children.push_back(head);
    }
    prune(&root, &root); // 3
    for (Node *child : root.children) { // 4
        if (child->message == nullptr) {
            sortSiblings(child->children);
        }
    }
    sortSiblings(root.children);

    std::map<ThreadName, Node *> table; // 5
    for (Node *child : root.children) {
        const ThreadName subject = dated(child).subject;
        if (subject == 0) {
            continue;
        }
        Node *&known = table[subject];
        const bool isReply = child->message != nullptr && child->message->isReply;
        if (known == nullptr
            || (known->message != nullptr
                && (child->message == nullptr || (known->message->isReply && !isReply)))) {
            known = child;
        }
    }
    for (Node *child : std::vector(root.children)) {
        const ThreadName subject = dated(child).subject;
        Node *&known = table[subject];
        if (subject == 0 || known == child) {
            continue;
        }
        if (known->message == nullptr && child->message == nullptr) {
            for (Node *moved : std::vector(child->children)) {
                attach(known, moved);
            }
            detach(child);
        } else if (known->message == nullptr
                   || (child->message->isReply && !known->message->isReply)) {
            attach(known, child);
        } else {
            Node *dummy = make(nullptr);
            dummy->parent = &root;
            *std::find(root.children.begin(), root.children.end(), known) = dummy;
            known->parent = nullptr;
            attach(dummy, known);
            attach(dummy, child);
            known = dummy;
        }
    }
    for (Node *child : root.children) { // 6
        sortBelow(child);
    }
    sortSiblings(root.children);
    return lists(root.children);
}

QByteArray plainThreadsByOrderedSubject(QList<ThreadMessage> messages)
{
    std::stable_sort(messages.begin(), messages.end(), [](const auto &a, const auto &b) {
        return std::pair(a.subject, a.sentUtc) < std::pair(b.subject, b.sentUtc);
    });
    std::vector<std::vector<const ThreadMessage *>> threads;
    for (const ThreadMessage &message : std::as_const(messages)) {
        if (threads.empty() || threads.back().front()->subject != message.subject) {
            threads.emplace_back();
        }
        threads.back().push_back(&message);
    }
    std::sort(threads.begin(), threads.end(), [](const auto &a, const auto &b) {
        return std::pair(a.front()->sentUtc, a.front()->uid)
            < std::pair(b.front()->sentUtc, b.front()->uid);
    });
    QByteArray text;
    for (const auto &thread : threads) {
        text += '(' + QByteArray::number(thread.front()->uid.value);
        if (thread.size() == 2) {
            text += ' ' + QByteArray::number(thread.back()->uid.value);
        } else if (thread.size() > 2) {
            text += ' ';
            for (size_t i = 1; i < thread.size(); ++i) {
                text += '(' + QByteArray::number(thread[i]->uid.value) + ')';
            }
        }
        text += ')';
    }
    return text;
}

} // namespace Postnook
