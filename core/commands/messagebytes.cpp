#include "core/commands/messagebytes.h"

#include "core/mime/contentscan.h"

namespace Postnook
{

Result<ContentReader *> MessageBytes::content()
{
    if (!m_content) {
        auto opened = m_txn.content(m_row.content);
        if (!opened) {
            return opened.error();
        }
        m_content = std::move(*opened);
    }
    return m_content.get();
}

Result<QByteArray> MessageBytes::read(quint64 offset, qsizetype size)
{
    auto bytes =
        content().and_then([&](ContentReader *content) { return content->read(offset, size); });
    if (bytes && bytes->size() != size) {
        return Error{
            ErrorCode::Corrupt,
            QStringLiteral("message UID %1 is shorter than its row says").arg(m_row.uid.value)};
    }
    return bytes;
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
    return content().and_then([](ContentReader *content) { return Mime::scanContent(*content); });
}

} // namespace Postnook
