#pragma once

#include "storage/result.h"

#include <QByteArrayView>
#include <QFile>
#include <QString>

#include <memory>

namespace Postnook
{

struct LogFileOptions {
    QString path; // absolute
    qint64 maxBytes = 0; // of one file
    int count = 2; // files in all, the one that grows included; at least 2

    friend bool operator==(const LogFileOptions &, const LogFileOptions &) = default;
};

// A log of bounded size: PATH grows, and when it is full becomes PATH.1, which was PATH.2, and so
// on; the oldest goes. Each step is one rename, so that a crash leaves every line in one file or
// another. Readable by its owner only. Blocks: for one thread that may, and one process.
class LogFile
{
public:
    // Makes the folder. Goes on at the end of a file that is there.
    static Result<std::unique_ptr<LogFile>> open(const LogFileOptions &options);

    // Whole lines. A line longer than a file gets one of its own. A file that something else moved
    // away or deleted is begun anew. After an error the next call tries again.
    Result<void> write(QByteArrayView lines);

private:
    explicit LogFile(LogFileOptions options);

    Result<void> reopen();
    Result<void> rotate();
    Result<void> writeToFile(QByteArrayView lines);
    bool isInPlace() const;
    QString nameOf(int number) const;
    Error failure() const;

    const LogFileOptions m_options;
    QFile m_file;
};

} // namespace Postnook
