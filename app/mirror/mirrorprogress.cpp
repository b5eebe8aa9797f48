#include "app/mirror/mirrorprogress.h"

#include <algorithm>
#include <cstdio>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qint64 IntervalMs = 100; // as often as one can read it
constexpr qsizetype MaxNameCharacters = 24;
constexpr auto EraseLine = "\r\x1b[K";

void print(const QByteArray &text)
{
    static_cast<void>(std::fwrite(text.constData(), 1, static_cast<size_t>(text.size()), stderr));
    static_cast<void>(std::fflush(stderr));
}

QString shownName(const QString &name)
{
    return name.size() <= MaxNameCharacters ? name : u"…"_s + name.last(MaxNameCharacters - 1);
}

QString shownTime(qint64 seconds)
{
    constexpr qint64 Hour = 3600;
    const auto twoDigits = [](qint64 n) { return u"%1"_s.arg(n, 2, 10, QChar(u'0')); };
    const QString hours = seconds >= Hour ? QString::number(seconds / Hour) + u':' : QString();
    const qint64 minutes = seconds % Hour / 60;
    return hours + (hours.isEmpty() ? QString::number(minutes) : twoDigits(minutes)) + u':'
        + twoDigits(seconds % 60);
}

} // namespace

void MirrorProgress::begin(const QString &mailbox, qint64 messages)
{
    m_state = {mailbox, 0, messages, 0, 0};
    m_clock.start();
    m_lastShownMs = -1;
}

void MirrorProgress::show(qint64 done, qint64 bytes)
{
    const qint64 nowMs = m_clock.elapsed();
    if (!m_isShown || (m_lastShownMs >= 0 && nowMs - m_lastShownMs < IntervalMs)) {
        return;
    }
    m_lastShownMs = nowMs;
    m_state.done = done;
    m_state.bytes = bytes;
    m_state.elapsedMs = nowMs;
    print(EraseLine + line(m_state).toUtf8());
}

void MirrorProgress::end()
{
    if (m_isShown && m_lastShownMs >= 0) {
        print(EraseLine);
    }
    m_lastShownMs = -1;
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
            shownTime(static_cast<qint64>(static_cast<double>(total - state.done) / rate) + 1));
    }
    return text;
}

} // namespace Postnook
