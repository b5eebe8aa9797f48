#pragma once

#include "core/mime/parttree.h"
#include "storage/store.h"

#include <QByteArray>

#include <memory>
#include <optional>

namespace Postnook
{

// The bytes of one message and the tree of its parts, each opened when first asked for. Belongs to
// a read job, as the row does. Whatever goes through much of them lets others run meanwhile, and
// ends (Cancelled) when nobody waits for it any more.
class MessageBytes
{
public:
    MessageBytes(ReadTxn &txn, const MessageRow &row)
        : m_txn(txn)
        , m_row(row)
    {
    }

    // Exactly `size` octets: Corrupt when the message is shorter than its row says.
    Result<QByteArray> read(quint64 offset, qsizetype size);
    // The same, kept until another range is asked for: one header is often filtered many times.
    Result<QByteArray> readOnce(const Mime::ByteRange &range);
    // Before work on so many octets that have been read. Cancelled.
    Result<void> spend(quint64 octets);
    // How many octets were read and worked on.
    quint64 spent() const { return m_spent; }
    // The row's column Parts. Corrupt.
    Result<const Mime::PartTree *> tree();
    // What this version's scanner finds in the message. Reads all of it.
    Result<MessageMeta> scan();

private:
    Result<ContentReader *> content();

    ReadTxn &m_txn;
    const MessageRow &m_row;
    std::unique_ptr<ContentReader> m_content;
    std::optional<Mime::PartTree> m_tree;
    Mime::ByteRange m_keptRange;
    QByteArray m_kept;
    quint64 m_spent = 0;
};

} // namespace Postnook
