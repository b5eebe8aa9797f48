#pragma once

#include "core/mime/parttree.h"
#include "tests/grammar/responsevalues.h"

#include <QByteArrayView>
#include <QList>

namespace Postnook::Fuzz
{

// As IMAP4rev1 has it: a message/global is a part like others (RFC 3501 section 9).
void dropGlobalMessages(Grammar::Body &body);
// Takes away what BODY does not show.
void dropExtensions(Grammar::Body &body);

// Parts lie within their parents, in order and apart; bodies follow their headers; the one child of
// a message part is all of its body; lines are counted; nothing is deeper than the limit.
void checkParts(QByteArrayView message, const Mime::PartTree &tree);

// A scanned message beside what its BODYSTRUCTURE says; of what checkParts() finds in order.
class MessageParts
{
public:
    MessageParts(QByteArrayView message, const Mime::PartTree &tree, const Grammar::Body &body);

    // The structure has the parts of the tree, with their types, sizes and lines.
    void checkStructure() const;
    // The offsets tile the message: between the parts of a multipart and around them is nothing
    // but preamble, delimiter lines of its boundary, and epilogue, and no part has a delimiter of
    // a multipart around it. Reads the lines anew, by RFC 2046 5.1.1.
    void checkDelimiters() const;
    // Each section that there is (RFC 9051 6.4.5) is where it should be, and no other exists.
    void checkSections() const;

private:
    using Number = QList<quint32>;
    using Delimiters = QByteArrayList;

    struct Node {
        const Grammar::Body *body = nullptr;
        QList<qsizetype> children{};
        qsizetype depth = 1;
    };

    void pair(qsizetype index, const Grammar::Body &body, qsizetype depth);
    QByteArrayView bytes(quint64 from, quint64 to) const;
    QByteArray delimiter(qsizetype index) const;
    bool hasNoDelimiter(qsizetype index) const;
    bool isAtLimit(qsizetype index) const;

    void checkMultipart(qsizetype index, const Delimiters &outer) const;
    void checkBetween(qsizetype index, quint64 from, quint64 to, bool isLast) const;
    void checkLines(QByteArrayView lines,
                    const Delimiters &delimiters,
                    bool onlyExact,
                    const QByteArray &ended = {}) const;
    void checkPartLines(qsizetype index, const Delimiters &outer) const;

    void checkMessageSections(qsizetype index, const Number &number) const;
    void checkPartSections(qsizetype index, const Number &number) const;
    void checkAbsent(const Number &number) const;

    QByteArrayView m_message;
    const Mime::PartTree &m_tree;
    const QList<Mime::Part> &m_parts;
    QList<Node> m_nodes; // by index of the part
};

} // namespace Postnook::Fuzz
