#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <memory>

struct z_stream_s;

namespace Postnook
{

// Compresses to one raw deflate stream (RFC 1951), as COMPRESS wants it (RFC 4978). Nothing that
// was given to it waits inside: each piece comes out whole, up to an octet's end.
class DeflateWriter
{
public:
    QByteArray write(QByteArrayView bytes);
    // Gives back the 192 KiB that compressing takes, until the next write. What was sent so far is
    // forgotten with them, and what follows takes some more octets.
    void rest() { m_stream.reset(); }

private:
    void begin();

    struct End {
        void operator()(z_stream_s *stream) const;
    };
    std::unique_ptr<z_stream_s, End> m_stream; // none while it rests
};

} // namespace Postnook
