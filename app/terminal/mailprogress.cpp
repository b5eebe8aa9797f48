#include "app/terminal/mailprogress.h"

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qsizetype MaxBarColumns = 24;
constexpr qsizetype MinBarColumns = 4;
constexpr qsizetype MaxLineColumns = 79; // a terminal's last one would begin a new line
constexpr qint64 SampleMs = 500;
constexpr qint64 WindowMs = 10'000; // long enough to even out large messages
constexpr qint64 EnoughMs = 2'000; // the first moments tell of caches

constexpr double MaxShownSeconds = 360'000; // 100 hours: who is that slow stands still
constexpr double Mega = 1e6;
constexpr double Giga = 1e9;

QString number(double value)
{
    return QString::number(value, 'f', 1);
}

QString sizes(qint64 doneBytes, qint64 totalBytes)
{
    const bool isLarge = totalBytes >= static_cast<qint64>(Giga);
    const double unit = isLarge ? Giga : Mega;
    return u"%1 of %2 %3"_s.arg(number(static_cast<double>(doneBytes) / unit),
                                number(static_cast<double>(totalBytes) / unit),
                                isLarge ? u"GB"_s : u"MB"_s);
}

} // namespace

void TransferRate::note(qint64 nowMs, qint64 doneBytes)
{
    // The newest sample is always kept up to now; a new one begins when it is old enough.
    if (m_samples.size() > 1 && nowMs - m_samples.at(m_samples.size() - 2).atMs < SampleMs) {
        m_samples.last() = {nowMs, doneBytes};
    } else {
        m_samples.append({nowMs, doneBytes});
    }
    while (m_samples.size() > 2 && nowMs - m_samples.at(1).atMs >= WindowMs) {
        m_samples.removeFirst();
    }
}

std::optional<double> TransferRate::bytesPerSecond() const
{
    if (m_samples.isEmpty() || m_samples.last().atMs - m_samples.first().atMs < EnoughMs) {
        return {};
    }
    const auto bytes = m_samples.last().doneBytes - m_samples.first().doneBytes;
    const auto ms = m_samples.last().atMs - m_samples.first().atMs;
    return static_cast<double>(bytes) * 1000 / static_cast<double>(ms);
}

void MailProgress::begin(qint64 totalBytes)
{
    m_totalBytes = totalBytes;
    m_line.begin();
}

void MailProgress::show(qint64 sourceBytes, qint64 messages)
{
    m_line.show([&](qint64 elapsedMs) {
        const qint64 doneBytes = m_earlierBytes + sourceBytes;
        m_rate.note(elapsedMs, doneBytes);
        return line({doneBytes, m_totalBytes, messages, m_rate.bytesPerSecond()});
    });
}

void MailProgress::endSource(qint64 sizeBytes)
{
    m_earlierBytes += sizeBytes;
}

QString MailProgress::line(const State &state)
{
    // A source may have grown since it was looked at.
    const double part = state.totalBytes > 0
        ? std::min(1.0,
                   static_cast<double>(state.doneBytes) / static_cast<double>(state.totalBytes))
        : 1.0;
    QString text = u"] %1%  %2 messages, %3"_s.arg(static_cast<int>(part * 100), 3)
                       .arg(state.messages)
                       .arg(sizes(state.doneBytes, state.totalBytes));
    if (state.bytesPerSecond) {
        text += u", %1 MB/s"_s.arg(number(*state.bytesPerSecond / Mega));
        const auto restBytes = std::max<qint64>(state.totalBytes - state.doneBytes, 0);
        const double seconds =
            static_cast<double>(restBytes) / std::max(*state.bytesPerSecond, 1.0);
        if (seconds < MaxShownSeconds) {
            text += u", %1 left"_s.arg(clockText(static_cast<qint64>(seconds)));
        }
    }
    const auto columns = std::clamp(MaxLineColumns - text.size() - 1, MinBarColumns, MaxBarColumns);
    const auto filled = static_cast<qsizetype>(part * static_cast<double>(columns));
    return u'[' + QString(filled, u'#') + QString(columns - filled, u'.') + text;
}

} // namespace Postnook
