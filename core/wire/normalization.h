#pragma once

#include <QString>
#include <QStringView>

namespace Postnook
{

// To bring marks into their order takes ICU and Qt time that grows with the square of their number,
// and a letter may have as many as somebody sends. The Stream-Safe Text Process (UAX #15 13) puts
// U+034F, which is no mark, in after each 30 of them; no text that people read has so many. For
// text that comes in pieces, not cut inside a surrogate pair.
class MarkLimiter
{
public:
    QString limit(QStringView piece);

private:
    int m_marks = 0; // those that the text so far ends with
};

// What has no effect on what stands before it, where normalisation goes: the last such place; 0
// when there is none. For text whose marks are limited.
qsizetype lastBoundary(QStringView limited);
// NFKD of text whose marks are limited.
QString decomposed(const QString &limited);

// Normalisation forms (UAX #15) of any text, in time that grows with its size.
QString toNfkd(const QString &text);
QString toNfc(const QString &text);

} // namespace Postnook
