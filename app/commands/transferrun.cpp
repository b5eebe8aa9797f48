#include "app/commands/transferrun.h"

#include "app/control/controlrequest.h"
#include "app/server/stopsignals.h"
#include "app/terminal/progressline.h"
#include "app/terminal/terminal.h"

#include <QCoreApplication>

#include <algorithm>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr int BarColumns = 24;

QString inMegabytes(double bytes)
{
    return QString::number(bytes / 1e6, 'f', 1);
}

void show(ProgressLine &bar, const QJsonObject &reply)
{
    const qint64 total = reply.value("totalBytes"_L1).toInteger();
    if (total > 0) {
        bar.show([&](qint64 elapsedMs) {
            return transferLine(reply.value("doneBytes"_L1).toInteger(), total, elapsedMs);
        });
    }
}

} // namespace

QString megabytes(qint64 bytes)
{
    return inMegabytes(static_cast<double>(bytes)) + u" MB"_s;
}

QString transferLine(qint64 doneBytes, qint64 totalBytes, qint64 elapsedMs)
{
    const double done = static_cast<double>(std::min(doneBytes, totalBytes));
    const double part = totalBytes > 0 ? done / static_cast<double>(totalBytes) : 1.0;
    const double rate = done / (static_cast<double>(std::max<qint64>(elapsedMs, 1)) / 1000);
    const int filled = static_cast<int>(part * BarColumns);
    return u"[%1%2] %3%  %4 of %5 MB, %6 MB/s"_s
        .arg(QString(filled, u'#'), QString(BarColumns - filled, u'.'))
        .arg(static_cast<int>(part * 100), 3)
        .arg(inMegabytes(done), inMegabytes(static_cast<double>(totalBytes)), inMegabytes(rate));
}

Result<QJsonObject>
runTransfer(const Settings &settings, const QString &purpose, const QJsonObject &start)
{
    bool isStopWanted = false;
    bool isStopTold = false;
    const StopSignals signals;
    QObject::connect(&signals, &StopSignals::stopRequested, &signals, [&] { isStopWanted = true; });
    ProgressLine bar(standardErrorIsTerminal());
    QJsonObject report;
    const auto next = [&](const QJsonObject &reply) -> std::optional<QJsonObject> {
        if (reply.contains("report"_L1)) {
            report = reply.value("report"_L1).toObject();
            return std::nullopt;
        }
        show(bar, reply);
        QCoreApplication::processEvents(); // Ctrl-C, above
        if (isStopWanted && !isStopTold) {
            isStopTold = true;
            return QJsonObject{{u"command"_s, u"transfer.stop"_s}};
        }
        return QJsonObject{{u"command"_s, u"transfer.wait"_s}};
    };
    const auto performed = performRequests(settings, purpose, start, next);
    return performed ? Result(report) : performed.error();
}

} // namespace Postnook
