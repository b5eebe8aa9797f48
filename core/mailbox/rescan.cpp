#include "core/mailbox/rescan.h"

#include "core/mime/contentscan.h"
#include "core/mime/messagescanner.h"

namespace Postnook
{

namespace
{

constexpr int MaxTexts = 256;
constexpr quint64 EnoughBytes = 8ULL * 1024 * 1024;

} // namespace

bool isDamaged(const Error &error)
{
    return error.code == ErrorCode::Corrupt || error.code == ErrorCode::NotFound;
}

Result<Rescan> scanOlder(ReadTxn &txn, ContentId after)
{
    const auto contents = txn.contentsDescribedBefore(Mime::ScannerVersion, after, MaxTexts);
    if (!contents) {
        return contents.error();
    }
    Rescan rescan{.found = {}, .last = after, .isLast = contents->isEmpty()};
    quint64 bytes = 0;
    for (const ContentId id : *contents) {
        const auto content = txn.content(id);
        const auto meta = content ? Mime::scanContent(**content) : content.error();
        if (meta) {
            rescan.found.append({id, *meta});
            bytes += (*content)->sizeBytes();
        } else if (isDamaged(meta.error())) {
            ++rescan.unreadable;
        } else {
            return meta.error();
        }
        rescan.last = id;
        if (bytes >= EnoughBytes) {
            break;
        }
    }
    return rescan;
}

Result<void> describe(WriteTxn &txn, const Rescan &rescan)
{
    for (const auto &[id, meta] : rescan.found) {
        if (auto described = txn.describe(id, meta); !described) {
            return described;
        }
    }
    return {};
}

} // namespace Postnook
