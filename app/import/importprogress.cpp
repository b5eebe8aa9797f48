#include "app/import/importprogress.h"

#include <algorithm>
#include <cstdio>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qint64 IntervalMs = 100; // as often as one can read it
constexpr int BarColumns = 24;
constexpr auto EraseLine = "\r\x1b[K";

void print(const QByteArray &text)
{
    static_cast<void>(std::fwrite(text.constData(), 1, static_cast<size_t>(text.size()), stderr));
    static_cast<void>(std::fflush(stderr));
}

QString megabytes(double bytes)
{
    return QString::number(bytes / 1e6, 'f', 1);
}

} // namespace

void ImportProgress::begin(qint64 totalBytes)
{
    m_totalBytes = totalBytes;
    m_clock.start();
}

void ImportProgress::show(qint64 sourceBytes, qint64 messages)
{
    const qint64 nowMs = m_clock.elapsed();
    if (!m_isShown || (m_lastShownMs >= 0 && nowMs - m_lastShownMs < IntervalMs)) {
        return;
    }
    m_lastShownMs = nowMs;
    print(EraseLine + line({m_earlierBytes + sourceBytes, m_totalBytes, messages, nowMs}).toUtf8());
}

void ImportProgress::endSource(qint64 sizeBytes)
{
    m_earlierBytes += sizeBytes;
}

void ImportProgress::end() const
{
    if (m_isShown && m_lastShownMs >= 0) {
        print(EraseLine);
    }
}

QString ImportProgress::line(const State &state)
{
    // A source may have grown since it was looked at.
    const double part = state.totalBytes > 0
        ? std::min(1.0,
                   static_cast<double>(state.doneBytes) / static_cast<double>(state.totalBytes))
        : 1.0;
    const int filled = static_cast<int>(part * BarColumns);
    const double seconds = static_cast<double>(std::max<qint64>(state.elapsedMs, 1)) / 1000;
    return u"[%1%2] %3%  %4 messages, %5 of %6 MB, %7 MB/s"_s
        .arg(QString(filled, u'#'), QString(BarColumns - filled, u'.'))
        .arg(static_cast<int>(part * 100), 3)
        .arg(state.messages)
        .arg(megabytes(static_cast<double>(state.doneBytes)),
             megabytes(static_cast<double>(state.totalBytes)),
             megabytes(static_cast<double>(state.doneBytes) / seconds));
}

} // namespace Postnook
