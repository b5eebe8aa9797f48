#pragma once

#include <QByteArray>

namespace Postnook
{

// A line typed at a terminal that neither shows nor edits it: takes the keys one by one, so that no
// signal can leave the terminal without echo.
class HiddenLine
{
public:
    enum class State { Typing, Done, Cancelled };

    State take(char key);
    const QByteArray &text() const { return m_text; }

private:
    void eraseCharacter();

    QByteArray m_text; // UTF-8 as typed
};

} // namespace Postnook
