#pragma once

#include <QByteArrayList>
#include <QList>
#include <QStringList>

namespace Postnook::Test
{

// Words of one script, and the charsets besides UTF-8 that people write them in.
struct Script {
    QByteArrayList charsets;
    QStringList words;
};
const QList<Script> &scripts(); // ASCII first

// Null: the charset has not all of the text. By ICU's names.
QByteArray encodedCharset(const QString &text, const QByteArray &charset);
// Makes the charset UTF-8 where it has to be.
QByteArray inCharset(const QString &text, QByteArray &charset);

bool isAscii(const QByteArray &octets);
// As a word of a header or a file's name may be spelled without further care.
QString withoutSpecials(QString text);

} // namespace Postnook::Test
