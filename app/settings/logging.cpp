#include "app/settings/logging.h"

#include "app/settings/logwriter.h"

#include <QList>
#include <QLoggingCategory>
#include <QMutexLocker>
#include <QStringList>

#include <cstdio>

#ifdef Q_OS_LINUX
#include <sys/stat.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;

namespace Postnook
{

namespace
{

QLatin1StringView levelName(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return "debug"_L1;
    case QtInfoMsg:
        return "info"_L1;
    case QtWarningMsg:
        return "warn"_L1;
    case QtCriticalMsg:
        return "error"_L1;
    case QtFatalMsg:
        return "fatal"_L1;
    }
    return "error"_L1;
}

// The priorities of syslog(3).
char journalPriority(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return '7';
    case QtInfoMsg:
        return '6';
    case QtWarningMsg:
        return '4';
    case QtCriticalMsg:
        return '3';
    case QtFatalMsg:
        return '2';
    }
    return '3';
}

// Qt calls a plain function, so where it writes to has to be static. The last one is in use.
struct FileLogs {
    QMutex mutex;
    QList<LogWriter *> writers;
};

FileLogs &fileLogs()
{
    static FileLogs logs;
    return logs;
}

// False when the log goes to no file.
bool writeToFile(QtMsgType type, const QByteArray &line)
{
    FileLogs &logs = fileLogs();
    const QMutexLocker lock(&logs.mutex);
    if (logs.writers.isEmpty()) {
        return false;
    }
    logs.writers.last()->add(line);
    if (type == QtFatalMsg) {
        logs.writers.last()->flush(); // Qt ends the process next
    }
    return true;
}

// Called in any thread.
void writeMessage(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    QByteArray line = formatLogLine(QDateTime::currentDateTime(), type, context.category, message);
    if (writeToFile(type, line) && type != QtFatalMsg) {
        return;
    }
    if (isStderrJournal()) {
        line = formatJournalLine(type, context.category, message);
    }
    // One call of fwrite, so that lines of several threads do not mix.
    std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stderr);
    std::fflush(stderr);
}

// Line and paragraph separators, and the characters that turn the direction of text around.
bool isTreacherous(uint c)
{
    return c == 0x2028 || c == 0x2029 || c == 0x200e || c == 0x200f || c == 0x061c
        || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

} // namespace

void installLogging(LogLevel level)
{
    qInstallMessageHandler(writeMessage);
    setLogLevel(level);
}

void setLogLevel(LogLevel level)
{
    QLoggingCategory::setFilterRules(logFilterRules(level));
}

QString logFilterRules(LogLevel level)
{
    const auto rule = [](QLatin1StringView what, bool on) {
        return what + (on ? "=true"_L1 : "=false"_L1);
    };
    const bool info = level >= LogLevel::Info;
    const bool debug = level >= LogLevel::Debug;
    const bool trace = level >= LogLevel::Trace;
    // Later rules win. Qt's own debug output is for people who debug Qt.
    const QStringList rules{rule("*.warning"_L1, level >= LogLevel::Warn),
                            rule("*.info"_L1, info),
                            rule("*.debug"_L1, debug),
                            rule("qt.*.info"_L1, false),
                            rule("qt.*.debug"_L1, false),
                            rule("postnook.wire.info"_L1, trace),
                            rule("postnook.wire.debug"_L1, trace),
                            rule("postnook.sql.info"_L1, trace),
                            rule("postnook.sql.debug"_L1, trace)};
    return rules.join(u'\n');
}

Result<std::unique_ptr<FileLogging>> FileLogging::begin(const LogFileOptions &options)
{
    auto file = LogFile::open(options);
    if (!file) {
        return file.error();
    }
    return std::unique_ptr<FileLogging>(
        new FileLogging(std::make_unique<LogWriter>(std::move(*file))));
}

FileLogging::FileLogging(std::unique_ptr<LogWriter> writer)
    : m_writer(std::move(writer))
{
    FileLogs &logs = fileLogs();
    const QMutexLocker lock(&logs.mutex);
    logs.writers.append(m_writer.get());
}

FileLogging::~FileLogging()
{
    FileLogs &logs = fileLogs();
    const QMutexLocker lock(&logs.mutex);
    logs.writers.removeOne(m_writer.get());
}

bool isLogApartFromStderr()
{
    FileLogs &logs = fileLogs();
    const QMutexLocker lock(&logs.mutex);
    return !logs.writers.isEmpty();
}

bool isStderrJournal()
{
#ifdef Q_OS_LINUX
    static const bool isJournal = [] {
        struct stat opened = {};
        const QByteArrayList stream = qgetenv("JOURNAL_STREAM").split(':');
        return stream.size() == 2 && fstat(STDERR_FILENO, &opened) == 0
            && stream.first().toULongLong() == opened.st_dev
            && stream.last().toULongLong() == opened.st_ino;
    }();
    return isJournal;
#else
    return false;
#endif
}

QByteArray
formatLogLine(const QDateTime &time, QtMsgType type, const char *category, QStringView message)
{
    // With its offset: a local time alone is ambiguous for an hour every autumn.
    const QString stamp = time.toOffsetFromUtc(time.offsetFromUtc()).toString(Qt::ISODateWithMs);
    const QString line = stamp + u' ' + levelName(type) + u' '
        + QString::fromUtf8(category ? category : "default") + ": "_L1 + escapeControls(message)
        + u'\n';
    return line.toUtf8();
}

QByteArray formatJournalLine(QtMsgType type, const char *category, QStringView message)
{
    return QByteArray("<") + journalPriority(type) + '>' + (category ? category : "default") + ": "
        + escapeControls(message).toUtf8() + '\n';
}

QString escapeControls(QStringView text)
{
    QString out;
    out.reserve(text.size());
    for (const QChar c : text) {
        const uint unit = c.unicode();
        if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) {
            out += u"\\x%1"_s.arg(unit, 2, 16, QLatin1Char('0'));
        } else if (isTreacherous(unit)) {
            out += u"\\u%1"_s.arg(unit, 4, 16, QLatin1Char('0'));
        } else {
            out += c;
        }
    }
    return out;
}

} // namespace Postnook
