#pragma once

#include <QByteArray>

namespace Postnook
{

// Takes a message out of what follows DATA (RFC 5321 4.5.2). It ends at a line with nothing but a
// dot, which stands between CRLF and CRLF and nothing less, or a message could carry another one
// inside it. From other lines that begin with a dot that one is taken away; every other octet
// stays.
class DotReader
{
public:
    // What is at the front of `input` of the message, taken off it. Once isAtEnd(), what is left
    // there comes behind the message.
    QByteArray read(QByteArray *input);
    bool isAtEnd() const { return m_state == State::End; }

private:
    enum class State { LineStart, Dot, DotCr, Text, Cr, End };

    State m_state = State::LineStart;
};

} // namespace Postnook
