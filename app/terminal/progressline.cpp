#include "app/terminal/progressline.h"

#include <cstdio>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qint64 IntervalMs = 100;
constexpr auto EraseLine = "\r\x1b[K";

void print(const QByteArray &text)
{
    static_cast<void>(std::fwrite(text.constData(), 1, static_cast<size_t>(text.size()), stderr));
    static_cast<void>(std::fflush(stderr));
}

} // namespace

ProgressLine::ProgressLine(bool isOnTerminal)
    : m_isOnTerminal(isOnTerminal)
{
    m_clock.start();
}

void ProgressLine::begin()
{
    m_clock.start();
    m_lastShownMs = -1;
}

void ProgressLine::show(const std::function<QString(qint64 elapsedMs)> &text)
{
    const qint64 nowMs = m_clock.elapsed();
    if (!m_isOnTerminal || (m_lastShownMs >= 0 && nowMs - m_lastShownMs < IntervalMs)) {
        return;
    }
    m_lastShownMs = nowMs;
    print(EraseLine + text(nowMs).toUtf8());
}

void ProgressLine::end()
{
    if (m_lastShownMs >= 0) {
        print(EraseLine);
    }
    m_lastShownMs = -1;
}

QString clockText(qint64 seconds)
{
    constexpr qint64 Hour = 3600;
    constexpr qint64 Minute = 60;
    const QString end = u":%1"_s.arg(seconds % Minute, 2, 10, QChar(u'0'));
    if (seconds < Hour) {
        return QString::number(seconds / Minute) + end;
    }
    return u"%1:%2"_s.arg(seconds / Hour).arg(seconds % Hour / Minute, 2, 10, QChar(u'0')) + end;
}

} // namespace Postnook
