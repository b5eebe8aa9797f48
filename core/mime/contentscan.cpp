#include "core/mime/contentscan.h"

#include "core/mime/messagescanner.h"

namespace Postnook::Mime
{

Result<MessageMeta> scanContent(ContentReader &content)
{
    constexpr qsizetype ChunkBytes = 256LL * 1024;
    MessageScanner scanner;
    for (quint64 offset = 0; offset < content.sizeBytes();) {
        const auto chunk = content.read(offset, ChunkBytes);
        if (!chunk) {
            return chunk.error();
        }
        if (chunk->isEmpty()) {
            return Error{ErrorCode::Corrupt, QStringLiteral("the message is shorter than it was")};
        }
        scanner.feed(*chunk);
        offset += static_cast<quint64>(chunk->size());
    }
    return scanner.finish();
}

} // namespace Postnook::Mime
