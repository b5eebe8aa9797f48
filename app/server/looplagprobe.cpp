#include "app/server/looplagprobe.h"

#include <algorithm>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto IntervalMs = 100;

} // namespace

LoopLagProbe::LoopLagProbe(QObject *parent)
    : QObject(parent)
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setSingleShot(true);
    m_timer.setInterval(IntervalMs);
    connect(&m_timer, &QTimer::timeout, this, &LoopLagProbe::onTimeout);
    m_sinceLast.start();
    m_timer.start();
}

QString LoopLagProbe::summary() const
{
    return u"loop lag: p50 %1 ms, p99 %2 ms, max %3 ms (%4 samples)"_s
        .arg(percentileMs(50), 0, 'f', 1)
        .arg(percentileMs(99), 0, 'f', 1)
        .arg(static_cast<double>(m_maxUs) / 1000.0, 0, 'f', 1)
        .arg(m_samples);
}

void LoopLagProbe::note(qint64 lateUs)
{
    const qint64 step = std::clamp<qint64>(lateUs / StepUs, 0, Steps - 1);
    ++m_counts[static_cast<size_t>(step)];
    ++m_samples;
    m_maxUs = std::max(m_maxUs, lateUs);
}

void LoopLagProbe::onTimeout()
{
    note(m_sinceLast.nsecsElapsed() / 1000 - qint64(IntervalMs) * 1000);
    // Each interval begins anew, so that one long stall is not counted for the timers behind it.
    m_sinceLast.start();
    m_timer.start();
}

double LoopLagProbe::percentileMs(int percent) const
{
    const qint64 wanted = (m_samples * percent + 99) / 100;
    qint64 seen = 0;
    for (size_t step = 0; step < m_counts.size(); ++step) {
        seen += m_counts[step];
        if (seen >= wanted && seen > 0) {
            return static_cast<double>(step + 1) * StepUs / 1000.0;
        }
    }
    return 0.0;
}

} // namespace Postnook
