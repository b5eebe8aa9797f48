#pragma once

#include "storage/result.h"

#include <QByteArray>
#include <QString>

namespace Postnook
{

// A settings file with one key changed. All else is as it was, to the octet: comments, order, line
// ends, the byte order mark, what is wrong elsewhere.
struct IniEdit {
    QByteArray bytes;
    int line = 0; // of the key; 0: it is in no line
};

// The key's line gets the value; without one, the line `#key=...` that the template has for it;
// without that, there is a new line at the end. Lines that set the key once more, which would be a
// fault, become comments. Invalid: no text file, or the value cannot be written in a line.
Result<IniEdit> setIniValue(const QByteArray &bytes, const QString &key, const QString &value);

// Turns the key's line into `#key=defaultValue`, so that the default holds.
Result<IniEdit>
unsetIniValue(const QByteArray &bytes, const QString &key, const QString &defaultValue);

} // namespace Postnook
