#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <QStringView>
#include <QtGlobal>

namespace Postnook
{

// What the log prints. Each level prints what the ones before it print, and more.
enum class LogLevel { Error, Warn, Info, Debug, Trace };

// Sends every message of the process (Qt's own too) to stderr, one line per event, and sets the
// level. Call once, at the start of main().
void installLogging(LogLevel level);
// Takes effect at once, in every thread.
void setLogLevel(LogLevel level);

// The rules for QLoggingCategory::setFilterRules(). Qt knows no trace level: Trace turns on the
// categories postnook.wire and postnook.sql, which are off otherwise.
QString logFilterRules(LogLevel level);

// "2026-03-01T12:00:00.000+01:00 info postnook.net: listening", with an end of line.
QByteArray
formatLogLine(const QDateTime &time, QtMsgType type, const char *category, QStringView message);

// Control and direction characters as \x1b or \u202e, so that text from outside can neither forge
// a line nor steer a terminal.
QString escapeControls(QStringView text);

} // namespace Postnook
