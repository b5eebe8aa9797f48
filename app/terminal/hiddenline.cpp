#include "app/terminal/hiddenline.h"

namespace Postnook
{

namespace
{

constexpr auto MaxTypedBytes = 4096; // far above any password that is taken

} // namespace

HiddenLine::State HiddenLine::take(char key)
{
    switch (key) {
    case '\r':
    case '\n':
        return State::Done;
    case '\x03': // Ctrl-C
    case '\x1c': // Ctrl-backslash
        return State::Cancelled;
    case '\x04': // Ctrl-D, end of file
        return m_text.isEmpty() ? State::Cancelled : State::Done;
    case '\x08':
    case '\x7f':
        eraseCharacter();
        return State::Typing;
    case '\x15': // Ctrl-U
        m_text.clear();
        return State::Typing;
    default:
        if (m_text.size() < MaxTypedBytes) {
            m_text += key;
        }
        return State::Typing;
    }
}

void HiddenLine::eraseCharacter()
{
    const auto isContinuation = [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
    };
    while (!m_text.isEmpty() && isContinuation(m_text.back())) {
        m_text.chop(1);
    }
    m_text.chop(1);
}

} // namespace Postnook
