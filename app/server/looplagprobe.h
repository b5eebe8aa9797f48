#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <array>

namespace Postnook
{

// Measures how late the event loop is: a timer that should fire every 100 ms tells how long the
// loop was busy with something else. Lives in the thread that it measures.
class LoopLagProbe : public QObject
{
    Q_OBJECT

public:
    explicit LoopLagProbe(QObject *parent = nullptr);

    // "loop lag: p50 0.1 ms, p99 3.2 ms, max 12.0 ms (4711 samples)"
    QString summary() const;

    void note(qint64 lateUs);

private:
    static constexpr auto StepUs = 100;
    static constexpr auto Steps = 5'000; // up to half a second; what is later counts as that

    void onTimeout();
    double percentileMs(int percent) const;

    QTimer m_timer;
    QElapsedTimer m_sinceLast;
    std::array<quint32, Steps> m_counts{};
    qint64 m_samples = 0;
    qint64 m_maxUs = 0;
};

} // namespace Postnook
