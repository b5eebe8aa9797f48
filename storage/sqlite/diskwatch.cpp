#include "storage/sqlite/diskwatch.h"

#include "storage/logging.h"

#include <QDir>
#include <QLocale>
#include <QPointer>
#include <QStorageInfo>

#include <algorithm>
#include <chrono>

namespace Postnook::Sqlite
{

namespace
{

using namespace std::chrono_literals;
constexpr std::chrono::milliseconds LookInterval = 1min;
constexpr qint64 LowShare = 20; // a twentieth of a small disk is low, whatever the setting says

} // namespace

DiskSpace spaceAt(const QString &folder)
{
    const QStorageInfo disk(folder);
    return {disk.bytesAvailable(), disk.bytesTotal()};
}

DiskWatch::DiskWatch(PoolExecutor &executor, Parts parts)
    : m_executor(executor)
    , m_parts(std::move(parts))
    , m_reserve(std::make_shared<DiskReserve>(m_parts.dataDir + QStringLiteral("/reserve"),
                                              m_parts.reserveBytes,
                                              m_parts.files,
                                              [&executor, self = QPointer<DiskWatch>(this)] {
                                                  executor.deliver([self] {
                                                      if (self) {
                                                          self->look();
                                                      }
                                                  });
                                              }))
{
    m_timer.setTimerType(Qt::VeryCoarseTimer);
    m_timer.setInterval(LookInterval);
    connect(&m_timer, &QTimer::timeout, this, [this] { look(); });
    m_timer.start();
}

void DiskWatch::look(std::function<void()> done)
{
    const auto space = std::make_shared<DiskSpace>();
    m_executor.start(
        JobClass::Background, // to write the reserve takes its time, and nobody waits for it
        [look = m_parts.space, reserve = m_reserve, space] {
            *space = look();
            if (space->totalBytes > 0) { // else the system does not say
                reserve->restore(*space);
            }
        },
        [self = QPointer<DiskWatch>(this), space, done = std::move(done)] {
            if (self && space->totalBytes > 0) {
                self->onLooked(*space);
            }
            if (done) {
                done();
            }
        });
}

void DiskWatch::setLowBytes(qint64 bytes)
{
    if (bytes != m_parts.lowBytes) {
        m_parts.lowBytes = bytes;
        look();
    }
}

DiskState DiskWatch::stateFor(const DiskSpace &space) const
{
    if (m_reserve->isSpent()) {
        return DiskState::Full;
    }
    auto low = std::min(m_parts.lowBytes, space.totalBytes / LowShare);
    if (m_state != DiskState::Enough) {
        low += low / 4; // said once, not each time that some octets come and go
    }
    return space.availableBytes < low ? DiskState::Low : DiskState::Enough;
}

void DiskWatch::onLooked(const DiskSpace &space)
{
    const auto state = stateFor(space);
    if (state == m_state) {
        return;
    }
    m_state = state;
    const auto folder = QDir::toNativeSeparators(m_parts.dataDir);
    const auto left = QLocale::c().formattedDataSize(space.availableBytes);
    if (state == DiskState::Enough) {
        qCInfo(lcStorage, "the disk of %ls has room again", qUtf16Printable(folder));
    } else if (state == DiskState::Low) {
        qCWarning(lcStorage,
                  "the disk of %ls is nearly full: %ls are left",
                  qUtf16Printable(folder),
                  qUtf16Printable(left));
    } else {
        qCCritical(lcStorage,
                   "the disk of %ls is full: no mail is taken until there is room again",
                   qUtf16Printable(folder));
    }
    Q_EMIT changed(state);
}

} // namespace Postnook::Sqlite
