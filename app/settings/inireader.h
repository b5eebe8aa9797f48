#pragma once

#include <QByteArray>
#include <QList>
#include <QSettings>
#include <QString>
#include <QStringView>

namespace Postnook
{

struct IniEntry {
    int line = 0;
    QString key; // as written
    QString value;

    friend bool operator==(const IniEntry &, const IniEntry &) = default;
};

struct IniFault {
    int line = 0; // 0: the file as a whole
    QString about; // what is wrong, as written: "key=value"; may be empty
    QString text; // why, and what to do

    friend bool operator==(const IniFault &, const IniFault &) = default;
};

struct IniDocument {
    QList<IniEntry> entries; // in the order of the file; each key once
    QList<IniFault> faults;
};

// Reads lines `key=value`. A value is taken as it is up to the end of the line, backslashes, commas
// and `#` included; blanks around it are dropped, and one pair of quotes around it. Lines that
// begin with `#` or `;` are comments. Every fault is reported, not only the first.
IniDocument parseIni(const QByteArray &bytes);

// Whether a value can be written at all: in one line, without control characters.
bool isIniValue(QStringView value);
// How it is written so that it comes back as it is: in quotes where it needs them.
QString iniValueText(const QString &value);

// The same syntax for QSettings, whose own IniFormat eats backslashes, makes lists of commas and
// lets a quote in a comment swallow the file. Keys are folded to lower case. A file with a fault
// has status FormatError. Registered once per process.
QSettings::Format iniFormat();

} // namespace Postnook
