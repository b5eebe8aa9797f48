#pragma once

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>
#include <QTextStream>

#include <algorithm>
#include <limits>

namespace Postnook::Bench
{

// Prints a line for each measurement and keeps them for a file. Rates are in millions a second, the
// best of several runs.
class Report
{
public:
    explicit Report(const QString &unit) // "octets"
        : m_unit(unit)
    {
    }

    // `amount` of them are gone through by one run.
    template <typename Run>
    void add(const QString &name, qsizetype amount, Run run)
    {
        add(name, amount, bestNs(run, MostRuns));
    }

    // For what cannot be done twice.
    template <typename Run>
    void addOnce(const QString &name, qsizetype amount, Run run)
    {
        add(name, amount, bestNs(run, 1));
    }

    // What is no rate.
    void tell(const QString &name, double value, const QString &unit)
    {
        QTextStream(stdout) << name.leftJustified(36) << QString::number(value, 'f', 2) << ' '
                            << unit << '\n';
        m_rows.append(QJsonObject{{QStringLiteral("name"), name}, {unit, value}});
    }

    // "--json FILE" among the arguments has them written. The exit code.
    int finish(int argc, char **argv) const
    {
        const bool isJson = argc > 2 && QByteArrayView(argv[1]) == "--json";
        return !isJson || write(QString::fromLocal8Bit(argv[2])) ? 0 : 1;
    }

    bool write(const QString &path) const
    {
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(QJsonDocument(m_rows).toJson()) > 0;
    }

private:
    static constexpr int MostRuns = 200;

    void add(const QString &name, qsizetype amount, qint64 ns)
    {
        const double rate = static_cast<double>(amount) * 1000.0 / static_cast<double>(ns);
        QTextStream(stdout) << name.leftJustified(36) << QString::number(amount).rightJustified(10)
                            << ' ' << m_unit
                            << QString::number(rate, 'f', rate < 10 ? 3 : 1).rightJustified(9)
                            << " million/s\n";
        m_rows.append(QJsonObject{{QStringLiteral("name"), name},
                                  {m_unit, static_cast<qint64>(amount)},
                                  {QStringLiteral("millionPerSecond"), rate}});
    }

    template <typename Run>
    static qint64 bestNs(Run &run, int most)
    {
        constexpr qint64 EnoughNs = 400'000'000;
        qint64 best = std::numeric_limits<qint64>::max();
        qint64 total = 0;
        for (int runs = 0; runs < most && (runs < 2 || total < EnoughNs); ++runs) {
            QElapsedTimer timer;
            timer.start();
            run();
            const auto taken = std::max<qint64>(timer.nsecsElapsed(), 1);
            best = std::min(best, taken);
            total += taken;
        }
        return best;
    }

    QString m_unit;
    QJsonArray m_rows;
};

} // namespace Postnook::Bench
