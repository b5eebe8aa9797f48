#pragma once

#include "app/terminal/progressline.h"

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

// The bar on the terminal while mail is imported or exported: how far, how many, how fast, how long
// to go. Silent where stderr is no terminal. For the thread that does it.
class MailProgress
{
public:
    explicit MailProgress(bool isShown)
        : m_line(isShown)
    {
    }

    void begin(qint64 totalBytes);
    // What of the source at hand was read, and the messages of all so far.
    void show(qint64 sourceBytes, qint64 messages);
    void endSource(qint64 sizeBytes); // the next one begins
    void end() { m_line.end(); }

    struct State {
        qint64 doneBytes = 0;
        qint64 totalBytes = 0;
        qint64 messages = 0;
        std::optional<double> bytesPerSecond = {};
    };
    // One line, fit for 80 columns.
    static QString line(const State &state);

private:
    ProgressLine m_line;
    TransferRate m_rate;
    qint64 m_totalBytes = 0;
    qint64 m_earlierBytes = 0; // of the sources that are done
};

} // namespace Postnook
