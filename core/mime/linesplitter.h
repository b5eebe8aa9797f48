#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace Postnook::Mime
{

// Of a line that came in pieces, only so much is kept.
constexpr qsizetype MaxLineStart = 1024;

struct Line {
    QByteArrayView
        text{}; // without its end; of a long line maybe only the first MaxLineStart bytes
    bool isWhole = true; // nothing but blanks is missing from text
    quint64 offset = 0;
    quint64 size = 0; // with its end
    unsigned endSize = 0; // CRLF: 2, LF: 1, the end of the message: 0

    bool isEmpty() const { return size == endSize && endSize > 0; }
};

// Cuts a stream into lines; the lines do not depend on how the stream was cut. A line ends at LF;
// a CR before it belongs to the end, any other CR is data.
class LineSplitter
{
public:
    // Takes bytes up to the next line end, or all, off the chunk, and gives them back. When
    // isComplete() afterwards, line() is good until the chunk goes or the next take().
    QByteArrayView take(QByteArrayView &chunk);
    bool isComplete() const { return m_complete; }
    const Line &line() const { return m_line; }
    // The last line, when the message does not end with a line end. False: there is none.
    bool takeLast();

    quint64 offset() const { return m_offset; }
    // Goes past bytes whose lines do not matter any more.
    void skip(quint64 size) { m_offset += size; }

private:
    void keep(QByteArrayView piece);
    void finishKept(unsigned endSize);

    Line m_line;
    bool m_complete = false;
    QByteArray m_start; // of a line that came in pieces
    quint64 m_size = 0; // of that line so far
    bool m_restBlank = true; // what of it is not in m_start
    bool m_lastIsCr = false;
    quint64 m_offset = 0; // of the next byte to take
};

} // namespace Postnook::Mime
