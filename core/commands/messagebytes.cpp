#include "core/commands/messagebytes.h"

#include "core/mime/contentscan.h"

#include <algorithm>

namespace Postnook
{

namespace
{

// The content of a message as others are to be read: no more of it at once than read() gives.
class SparingReader : public ContentReader
{
public:
    SparingReader(MessageBytes &bytes, quint64 size)
        : m_bytes(bytes)
        , m_size(size)
    {
    }
    quint64 sizeBytes() const override { return m_size; }
    Result<QByteArray> read(quint64 offset, qsizetype maxBytes) override
    {
        const auto left = m_size - std::min(offset, m_size);
        const auto size = std::min(static_cast<quint64>(maxBytes), left);
        return m_bytes.read(offset, static_cast<qsizetype>(size));
    }

private:
    MessageBytes &m_bytes;
    quint64 m_size;
};

} // namespace

Result<ContentReader *> MessageBytes::content()
{
    if (!m_content) {
        auto opened = m_txn.contentOf(m_row);
        if (!opened) {
            return opened.error();
        }
        m_content = std::move(*opened);
    }
    return m_content.get();
}

Result<QByteArray> MessageBytes::read(quint64 offset, qsizetype size)
{
    if (auto mayGoOn = spend(static_cast<quint64>(size)); !mayGoOn) {
        return mayGoOn.error();
    }
    auto bytes =
        content().and_then([&](ContentReader *content) { return content->read(offset, size); });
    if (bytes && bytes->size() != size) {
        return Error{
            ErrorCode::Corrupt,
            QStringLiteral("message UID %1 is shorter than its row says").arg(m_row.uid.value)};
    }
    return bytes;
}

Result<QByteArray> MessageBytes::readOnce(const Mime::ByteRange &range)
{
    if (m_keptRange == range) {
        return m_kept;
    }
    auto bytes = read(range.offset, static_cast<qsizetype>(range.size));
    if (bytes) {
        m_keptRange = range;
        m_kept = *bytes;
    }
    return bytes;
}

Result<void> MessageBytes::spend(quint64 octets)
{
    if (m_txn.isCancelled()) {
        return Error{ErrorCode::Cancelled, QStringLiteral("nobody wants to know any more")};
    }
    m_spent += octets;
    m_txn.letOthersRun();
    return {};
}

Result<const Mime::PartTree *> MessageBytes::tree()
{
    if (!m_tree) {
        auto tree = Mime::PartTree::fromBytes(m_row.meta.parts);
        if (!tree) {
            return tree.error();
        }
        m_tree = std::move(*tree);
    }
    return &*m_tree;
}

Result<MessageMeta> MessageBytes::scan()
{
    return content().and_then([this](ContentReader *content) {
        SparingReader reader(*this, content->sizeBytes());
        return Mime::scanContent(reader);
    });
}

} // namespace Postnook
