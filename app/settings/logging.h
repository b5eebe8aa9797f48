#pragma once

#include "storage/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <QStringView>
#include <QtGlobal>

#include <memory>

namespace Postnook
{

class LogWriter;
struct LogFileOptions;

// What the log prints. Each level prints what the ones before it print, and more.
enum class LogLevel { Error, Warn, Info, Debug, Trace };

// Sends every message of the process (Qt's own too) to stderr, one line per event, and sets the
// level. Where stderr is the journal of systemd, a line has its priority in place of time and level
// (sd-daemon(3)). Call once, at the start of main().
void installLogging(LogLevel level);
// Takes effect at once, in every thread.
void setLogLevel(LogLevel level);

// While one lives, the log goes to its file and not to stderr; with several, to that of the newest.
// Lines are written in a thread of its own; a fatal one, and the end of this, wait for them.
class FileLogging
{
public:
    // An error when the file cannot be opened; nothing is changed then.
    static Result<std::unique_ptr<FileLogging>> begin(const LogFileOptions &options);
    ~FileLogging();
    Q_DISABLE_COPY_MOVE(FileLogging)

private:
    explicit FileLogging(std::unique_ptr<LogWriter> writer);

    std::unique_ptr<LogWriter> m_writer;
};

// Whether messages for a person at a terminal have to be in the log as well to be seen by anybody.
bool isLogApartFromStderr();
// Whether stderr is the journal of systemd (JOURNAL_STREAM, systemd.exec(5)).
bool isStderrJournal();

// The rules for QLoggingCategory::setFilterRules(). Qt knows no trace level: Trace turns on the
// categories postnook.wire and postnook.sql, which are off otherwise.
QString logFilterRules(LogLevel level);

// "2026-03-01T12:00:00.000+01:00 info postnook.net: listening", with an end of line.
QByteArray
formatLogLine(const QDateTime &time, QtMsgType type, const char *category, QStringView message);

// "<6>postnook.net: listening", with an end of line.
QByteArray formatJournalLine(QtMsgType type, const char *category, QStringView message);

// Control and direction characters as \x1b or \u202e, so that text from outside can neither forge
// a line nor steer a terminal.
QString escapeControls(QStringView text);

} // namespace Postnook
