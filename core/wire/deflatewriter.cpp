#include "core/wire/deflatewriter.h"

#include <algorithm>
#include <limits>

#include <zlib.h>

namespace Postnook
{

namespace
{

// It runs in the event loop: level 2 takes half of the time of level 6 and makes metadata 1/5 of
// its size. MemLevel 7 does the same in 192 KiB as 8 in 256 KiB.
constexpr int Level = 2;
constexpr int RawWindowBits = -15; // negative: no zlib header around the data
constexpr int MemLevel = 7;

constexpr qsizetype OutputStepBytes = 16'384;

} // namespace

void DeflateWriter::begin()
{
    m_stream.reset(new z_stream{});
    if (deflateInit2(m_stream.get(), Level, Z_DEFLATED, RawWindowBits, MemLevel, Z_DEFAULT_STRATEGY)
        != Z_OK) {
        qBadAlloc(); // the arguments are right
    }
}

void DeflateWriter::End::operator()(z_stream_s *stream) const
{
    deflateEnd(stream);
    delete stream;
}

QByteArray DeflateWriter::write(QByteArrayView bytes)
{
    QByteArray out;
    if (!m_stream) {
        begin();
    }
    auto *in = reinterpret_cast<const Bytef *>(bytes.data());
    // zlib does not write to its input; its declaration says so only under ZLIB_CONST.
    m_stream->next_in = const_cast<Bytef *>(in);
    m_stream->avail_in = static_cast<uInt>(bytes.size());
    do {
        const auto filled = out.size();
        out.resize(filled + OutputStepBytes);
        m_stream->next_out = reinterpret_cast<Bytef *>(out.data() + filled);
        m_stream->avail_out = static_cast<uInt>(OutputStepBytes);
        deflate(m_stream.get(), Z_SYNC_FLUSH);
        out.chop(m_stream->avail_out);
    } while (m_stream->avail_out == 0);
    return out;
}

} // namespace Postnook
