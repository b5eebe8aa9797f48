#include "app/mirror/mirrorprogress.h"

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qsizetype MaxNameCharacters = 24;

QString shownName(const QString &name)
{
    return name.size() <= MaxNameCharacters ? name : u"…"_s + name.last(MaxNameCharacters - 1);
}

} // namespace

void MirrorProgress::begin(const QString &mailbox, qint64 messages)
{
    m_state = {mailbox, 0, messages, 0, 0};
    m_line.begin();
}

void MirrorProgress::show(qint64 done, qint64 bytes)
{
    m_line.show([&](qint64 elapsedMs) {
        m_state.done = done;
        m_state.bytes = bytes;
        m_state.elapsedMs = elapsedMs;
        return line(m_state);
    });
}

QString MirrorProgress::line(const State &state)
{
    const qint64 total = std::max(state.total, state.done);
    const double seconds = static_cast<double>(std::max<qint64>(state.elapsedMs, 1)) / 1000;
    const double rate = static_cast<double>(state.done) / seconds;
    QString text = u"%1: %2 of %3 messages, %4/s, %5 MB/s"_s.arg(shownName(state.mailbox))
                       .arg(state.done)
                       .arg(total)
                       .arg(rate, 0, 'f', 0)
                       .arg(static_cast<double>(state.bytes) / 1e6 / seconds, 0, 'f', 1);
    if (state.done > 0 && total > state.done) {
        text += u", %1 left"_s.arg(
            clockText(static_cast<qint64>(static_cast<double>(total - state.done) / rate) + 1));
    }
    return text;
}

} // namespace Postnook
