#include "app/commands/transferrun.h"

#include "app/commands/terminal.h"
#include "app/control/controlrequest.h"
#include "app/server/stopsignals.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <algorithm>
#include <cstdio>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr int BarColumns = 24;
constexpr auto EraseLine = "\r\x1b[K";

void print(const QByteArray &text)
{
    static_cast<void>(std::fwrite(text.constData(), 1, static_cast<size_t>(text.size()), stderr));
    static_cast<void>(std::fflush(stderr));
}

QString inMegabytes(double bytes)
{
    return QString::number(bytes / 1e6, 'f', 1);
}

// Takes itself away.
class Bar
{
public:
    Bar() { m_clock.start(); }
    ~Bar()
    {
        if (m_isShown) {
            print(EraseLine);
        }
    }
    Q_DISABLE_COPY_MOVE(Bar)

    void show(const QJsonObject &reply)
    {
        const qint64 total = reply.value("totalBytes"_L1).toInteger();
        if (m_isOnTerminal && total > 0) {
            m_isShown = true;
            print(EraseLine
                  + transferLine(reply.value("doneBytes"_L1).toInteger(), total, m_clock.elapsed())
                        .toUtf8());
        }
    }

private:
    const bool m_isOnTerminal = standardErrorIsTerminal();
    bool m_isShown = false;
    QElapsedTimer m_clock;
};

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
    Bar bar;
    QJsonObject report;
    const auto next = [&](const QJsonObject &reply) -> std::optional<QJsonObject> {
        if (reply.contains("report"_L1)) {
            report = reply.value("report"_L1).toObject();
            return std::nullopt;
        }
        bar.show(reply);
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
