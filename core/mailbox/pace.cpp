#include "core/mailbox/pace.h"

#include <QTimer>

#include <utility>

namespace Postnook
{

Pace::Pace(Pacing pacing, std::function<void()> run)
    : m_pacing(std::move(pacing))
    , m_run(std::move(run))
{
    if (!m_pacing.after) {
        m_pacing.after = [](int ms, QObject *context, std::function<void()> then) {
            QTimer::singleShot(ms, context, std::move(then));
        };
    }
}

void Pace::request()
{
    if (m_isInWindow) {
        m_isWanted = true;
        return;
    }
    if (m_pacing.windowMs > 0) {
        m_isInWindow = true;
        m_pacing.after(m_pacing.windowMs, this, [this] { onWindowEnded(); });
    }
    m_run();
}

void Pace::onWindowEnded()
{
    m_isInWindow = false;
    if (std::exchange(m_isWanted, false)) {
        request();
    }
}

} // namespace Postnook
