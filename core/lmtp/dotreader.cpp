#include "core/lmtp/dotreader.h"

namespace Postnook
{

QByteArray DotReader::read(QByteArray *input)
{
    QByteArray text;
    text.reserve(input->size());
    qsizetype at = 0;
    while (at < input->size() && !isAtEnd()) {
        const char c = input->at(at);
        switch (m_state) {
        case State::LineStart:
            m_state = c == '.' ? State::Dot : State::Text;
            at += c == '.' ? 1 : 0;
            break;
        case State::Dot:
            m_state = c == '\r' ? State::DotCr : State::Text;
            at += c == '\r' ? 1 : 0;
            break;
        case State::DotCr:
            m_state = c == '\n' ? State::End : State::Cr;
            at += c == '\n' ? 1 : 0;
            text += c == '\n' ? "" : "\r"; // the one before belongs to the text after all
            break;
        case State::Text: {
            const qsizetype cr = input->indexOf('\r', at);
            const qsizetype end = cr < 0 ? input->size() : cr + 1;
            text.append(QByteArrayView(*input).sliced(at, end - at));
            m_state = cr < 0 ? State::Text : State::Cr;
            at = end;
            break;
        }
        case State::Cr:
            m_state = c == '\n' ? State::LineStart : State::Text;
            text += c == '\n' ? "\n" : "";
            at += c == '\n' ? 1 : 0;
            break;
        case State::End:
            break;
        }
    }
    input->remove(0, at);
    return text;
}

} // namespace Postnook
