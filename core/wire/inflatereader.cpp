#include "core/wire/inflatereader.h"

#include <QByteArrayView>

#include <utility>

#include <zlib.h>

namespace Postnook
{

namespace
{

constexpr int RawWindowBits = -15; // the largest window a sender may use, without a zlib header

// A flush is a stored block without content (RFC 1951 3.2.4): its length and the complement.
constexpr quint32 EmptyBlockOctets = 0x0000ffff;

// zlib's data_type after inflate(): the unused bits of the last octet, and whether a block ended.
constexpr int UnusedBits = 7;
constexpr int BlockEnded = 128;

} // namespace

InflateReader::InflateReader()
    : m_stream(new z_stream{})
{
    if (inflateInit2(m_stream.get(), RawWindowBits) != Z_OK) {
        qBadAlloc(); // the arguments are right
    }
}

void InflateReader::End::operator()(z_stream_s *stream) const
{
    inflateEnd(stream);
    delete stream;
}

void InflateReader::feed(const QByteArray &bytes)
{
    m_in = m_in.mid(m_inPos) + bytes;
    m_inPos = 0;
    m_needsInput = false;
}

QByteArray InflateReader::takeInput()
{
    QByteArray rest = std::exchange(m_in, {}).mid(m_inPos);
    m_inPos = 0;
    return rest;
}

QByteArray InflateReader::read(qsizetype maxBytes)
{
    QByteArray out;
    while (out.isEmpty() && !m_needsInput && m_state == State::Good) {
        out = readToFlush(maxBytes);
    }
    return out;
}

QByteArray InflateReader::readToFlush(qsizetype maxBytes)
{
    QByteArray out;
    if (m_needsInput || m_state != State::Good) {
        return out;
    }
    out.resize(maxBytes);
    m_stream->next_out = reinterpret_cast<Bytef *>(out.data());
    m_stream->avail_out = static_cast<uInt>(maxBytes);
    do {
        step();
    } while (!m_needsInput && m_state == State::Good && !m_isAtFlush && m_stream->avail_out > 0);
    out.chop(m_stream->avail_out);
    return out;
}

// Up to the end of a block, of the input or of the room for output.
void InflateReader::step()
{
    const auto unread = QByteArrayView(m_in).sliced(m_inPos);
    // zlib does not write to its input; its declaration says so only under ZLIB_CONST.
    m_stream->next_in = const_cast<Bytef *>(reinterpret_cast<const Bytef *>(unread.data()));
    m_stream->avail_in = static_cast<uInt>(unread.size());
    const int code = inflate(m_stream.get(), Z_BLOCK);
    const auto consumed = unread.first(unread.size() - m_stream->avail_in);
    m_inPos += consumed.size();
    for (const char c : consumed.last(qMin(consumed.size(), qsizetype(4)))) {
        m_lastOctets = m_lastOctets << 8 | static_cast<uchar>(c);
    }
    if (code == Z_BUF_ERROR) {
        m_needsInput = true; // nothing could be done
    } else if (code == Z_STREAM_END) {
        m_state = State::Ended;
    } else if (code != Z_OK) {
        m_state = State::Damaged;
    } else {
        m_isAtFlush = m_lastOctets == EmptyBlockOctets
            && (m_stream->data_type & (BlockEnded | UnusedBits)) == BlockEnded;
    }
}

} // namespace Postnook
