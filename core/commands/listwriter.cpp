#include "core/commands/listwriter.h"

#include "core/commands/metadataresponse.h"

namespace Postnook
{

namespace
{

constexpr qsizetype ChunkBytes = MetadataChunkBytes;

bool isGone(const Error &error)
{
    return error.code == ErrorCode::NotFound;
}

class ListWriter
{
public:
    ListWriter(ReadTxn &txn, const ListPlan &plan, ListPosition from, QByteArray &out)
        : m_txn(txn)
        , m_plan(plan)
        , m_position(from)
        , m_out(out)
    {
    }

    Result<ListPosition> write()
    {
        while (m_position.name < m_plan.names.size() && m_out.size() < ChunkBytes) {
            if (auto written = writeName(m_plan.names[m_position.name]); !written) {
                return written.error();
            }
        }
        return m_position;
    }

private:
    Result<void> writeName(const ListedName &listed);
    Result<void> writeStatus(const MailboxInfo &mailbox);

    ReadTxn &m_txn;
    const ListPlan &m_plan;
    ListPosition m_position;
    QByteArray &m_out;
};

Result<void> ListWriter::writeName(const ListedName &listed)
{
    const ListRequest &request = m_plan.request;
    // Not of what is listed on account of its children only (RFC 5819 3, RFC 9590 3).
    const bool tellsMore = listed.mailbox != nullptr && listed.isSelected;
    if (m_position.metadata == 0) {
        m_out += listResponse(listed, request.query);
        if (tellsMore && !request.status.items.isEmpty()) {
            if (auto written = writeStatus(*listed.mailbox); !written) {
                return written;
            }
        }
    }
    if (tellsMore && !request.metadata.isEmpty()) {
        const auto next = writeMetadata(m_txn,
                                        *listed.mailbox,
                                        request.metadata,
                                        m_position.metadata,
                                        request.query.coding,
                                        m_out);
        if (!next) {
            return next.error();
        }
        m_position.metadata = *next;
        if (*next < request.metadata.size()) {
            return {};
        }
    }
    m_position = {m_position.name + 1, 0};
    return {};
}

Result<void> ListWriter::writeStatus(const MailboxInfo &mailbox)
{
    const auto line = statusResponse(m_txn, mailbox, m_plan.request.status);
    if (line) {
        m_out += *line;
    } else if (!isGone(line.error())) {
        return line.error();
    }
    return {};
}

} // namespace

Result<std::shared_ptr<const ListPlan>> planList(ReadTxn &txn, const ListRequest &request)
{
    auto plan = std::make_shared<ListPlan>();
    plan->request = request;
    if (!request.query.isLsub) {
        auto all = txn.mailboxes();
        if (!all) {
            return all.error();
        }
        plan->all = *std::move(all);
    }
    const auto subscriptions = txn.subscriptions();
    if (!subscriptions) {
        return subscriptions.error();
    }
    auto names = selectMailboxes(txn, std::as_const(plan->all), *subscriptions, request.query);
    if (!names) {
        return names.error();
    }
    plan->names = *std::move(names);
    return std::shared_ptr<const ListPlan>(std::move(plan));
}

Result<ListChunk>
writeListChunk(ReadTxn &txn, const std::shared_ptr<const ListPlan> &plan, ListPosition from)
{
    ListChunk chunk{plan, {}, from};
    return ListWriter(txn, *plan, from, chunk.bytes).write().transform([&chunk](ListPosition next) {
        chunk.next = next;
        return chunk;
    });
}

} // namespace Postnook
