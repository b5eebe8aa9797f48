#include "core/mime/nulencoder.h"

#include "core/mime/headerfields.h"
#include "core/mime/messagescanner.h"
#include "core/mime/transferdecoder.h"

#include <algorithm>

namespace Postnook::Mime
{

namespace
{

constexpr qsizetype PieceBytes = 256LL * 1024;
constexpr qsizetype LineOctets = 57; // 76 characters of base64 (RFC 2045 6.8)

Error misplacedNul()
{
    return {ErrorCode::NotPermitted,
            QStringLiteral("A NUL octet stands outside of the bodies of the parts")};
}

class NulEncoder
{
public:
    NulEncoder(ContentReader &content, const PartTree &tree, const WriteBytes &write)
        : m_content(content)
        , m_tree(tree)
        , m_write(write)
    {
    }

    Result<void> run();

private:
    // Calls visit for the bytes of a range, piece by piece, until it says no.
    template <typename Visit>
    Result<void> forEachPiece(const ByteRange &range, Visit visit);
    Result<bool> hasNul(const ByteRange &range);
    Result<void> copyUpTo(quint64 end);
    Result<void> encode(const Part &part, bool isRoot);
    Result<void> writeHeader(const Part &part, bool isRoot);
    Result<void> writeBody(const Part &part);

    ContentReader &m_content;
    const PartTree &m_tree;
    const WriteBytes &m_write;
    quint64 m_position = 0; // what comes before it is written
};

Result<void> NulEncoder::run()
{
    const auto &parts = m_tree.parts();
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const auto &part = parts.at(i);
        if (part.type != Part::Type::Leaf) {
            continue;
        }
        const auto found = hasNul(part.body);
        if (!found) {
            return found.error();
        }
        if (!*found) {
            continue;
        }
        // Without a header of its own it cannot say that it is encoded.
        if (part.header.size == 0 || part.header.size > static_cast<quint64>(MaxHeaderBytes)
            || !TransferDecoder::isKnown(part.encoding)) {
            return misplacedNul();
        }
        if (const auto encoded = encode(part, i == 0); !encoded) {
            return encoded;
        }
    }
    return copyUpTo(m_content.sizeBytes());
}

template <typename Visit>
Result<void> NulEncoder::forEachPiece(const ByteRange &range, Visit visit)
{
    const auto end = range.offset + range.size;
    for (auto offset = range.offset; offset < end;) {
        const auto wanted = std::min<quint64>(end - offset, PieceBytes);
        const auto piece = m_content.read(offset, static_cast<qsizetype>(wanted));
        if (!piece) {
            return piece.error();
        }
        if (const Result<bool> more = visit(*piece); !more || !*more) {
            return more ? Result<void>() : more.error();
        }
        offset += static_cast<quint64>(piece->size());
    }
    return {};
}

Result<bool> NulEncoder::hasNul(const ByteRange &range)
{
    bool found = false;
    const auto read = forEachPiece(range, [&found](const QByteArray &piece) -> Result<bool> {
        found = piece.contains('\0');
        return !found;
    });
    return read ? Result<bool>(found) : read.error();
}

Result<void> NulEncoder::copyUpTo(quint64 end)
{
    const ByteRange range{m_position, end - m_position};
    m_position = end;
    return forEachPiece(range, [this](const QByteArray &piece) -> Result<bool> {
        if (piece.contains('\0')) {
            return misplacedNul();
        }
        const auto written = m_write(piece);
        return written ? Result<bool>(true) : written.error();
    });
}

Result<void> NulEncoder::encode(const Part &part, bool isRoot)
{
    if (const auto copied = copyUpTo(part.header.offset); !copied) {
        return copied;
    }
    if (const auto written = writeHeader(part, isRoot); !written) {
        return written;
    }
    m_position = part.body.offset + part.body.size;
    return writeBody(part);
}

Result<void> NulEncoder::writeHeader(const Part &part, bool isRoot)
{
    const auto header =
        m_content.read(part.header.offset, static_cast<qsizetype>(part.header.size));
    if (!header) {
        return header.error();
    }
    QByteArray out;
    qsizetype fieldBytes = 0;
    bool hasVersion = !isRoot;
    HeaderField field;
    for (HeaderReader reader(*header); reader.next(field);) {
        fieldBytes += field.whole.size();
        hasVersion = hasVersion || isSameName(field.name, "mime-version");
        if (!isSameName(field.name, "content-transfer-encoding")) {
            out.append(field.whole);
        }
    }
    out.append(hasVersion ? "" : "MIME-Version: 1.0\r\n");
    out.append("Content-Transfer-Encoding: base64\r\n");
    out.append(QByteArrayView(*header).sliced(fieldBytes)); // the empty line
    return out.contains('\0') ? Result<void>(misplacedNul()) : m_write(out);
}

Result<void> NulEncoder::writeBody(const Part &part)
{
    TransferDecoder decoder(part.encoding);
    QByteArray pending;
    bool isFirstLine = true;
    const auto writeLines = [&](bool isEnd) {
        QByteArray out;
        qsizetype from = 0;
        const auto left = [&] { return pending.size() - from; };
        for (; left() >= LineOctets || (isEnd && left() > 0); from += LineOctets) {
            out.append(isFirstLine ? "" : "\r\n").append(pending.mid(from, LineOctets).toBase64());
            isFirstLine = false;
        }
        pending = pending.mid(from);
        return m_write(out);
    };
    const auto read = forEachPiece(part.body, [&](const QByteArray &piece) -> Result<bool> {
        pending.append(decoder.decode(piece));
        const auto written = writeLines(false);
        return written ? Result<bool>(true) : written.error();
    });
    if (!read) {
        return read;
    }
    pending.append(decoder.finish());
    if (const auto written = writeLines(true); !written) {
        return written;
    }
    // The line end before a delimiter is there already: it is the delimiter's (RFC 2046 5.1.1).
    return m_position == m_content.sizeBytes() ? m_write("\r\n") : Result<void>();
}

} // namespace

Result<void> encodeNuls(ContentReader &content, const PartTree &tree, const WriteBytes &write)
{
    return NulEncoder(content, tree, write).run();
}

} // namespace Postnook::Mime
