#pragma once

#include <QByteArray>
#include <QDate>
#include <QString>

namespace Postnook
{

// The manual page postnook(1) in the language of man(7), UTF-8. Commands, options and settings come
// from the same tables as --help and the settings file, so that it cannot say anything else. Paths
// are those of Linux, defaults that depend on the machine are left out.
QByteArray manualPage(const QString &version, const QDate &date);

} // namespace Postnook
