#pragma once

#include <QString>

namespace Postnook
{

// Figures for people: "41,203", "2.9 GB" (of 1024 MB, as the settings count), "2026-11-20 08:12".
QString countText(qint64 count);
QString bytesText(qint64 bytes);
QString timeText(qint64 utcSeconds); // the local time
// "1 message", "3 messages"
QString countText(qint64 count, const QString &one, const QString &many);

// A path with the home folder as ~.
QString shortPath(const QString &path);

} // namespace Postnook
