#pragma once

#include <QElapsedTimer>
#include <QList>
#include <QString>

#include <optional>

namespace Postnook
{

// How fast bytes have come of late: what was imported before is passed over quickly, and says
// nothing of what is to come. Times are given, and only grow.
class TransferRate
{
public:
    void note(qint64 nowMs, qint64 doneBytes);
    // A second; nothing until there is enough to tell.
    std::optional<double> bytesPerSecond() const;

private:
    struct Sample {
        qint64 atMs = 0;
        qint64 doneBytes = 0;
    };

    QList<Sample> m_samples; // ascending
};

// The bar on the terminal while mail is imported: how far, how many, how fast, how long to go.
// Silent where stderr is no terminal. For the importer's thread.
class ImportProgress
{
public:
    explicit ImportProgress(bool isShown)
        : m_isShown(isShown)
    {
    }

    void begin(qint64 totalBytes);
    // What of the source at hand was read, and the messages of all so far.
    void show(qint64 sourceBytes, qint64 messages);
    void endSource(qint64 sizeBytes); // the next one begins
    void end() const; // takes the bar away

    struct State {
        qint64 doneBytes = 0;
        qint64 totalBytes = 0;
        qint64 messages = 0;
        std::optional<double> bytesPerSecond = {};
    };
    // One line, fit for 80 columns.
    static QString line(const State &state);

private:
    bool m_isShown;
    QElapsedTimer m_clock;
    TransferRate m_rate;
    qint64 m_lastShownMs = -1;
    qint64 m_totalBytes = 0;
    qint64 m_earlierBytes = 0; // of the sources that are done
};

} // namespace Postnook
