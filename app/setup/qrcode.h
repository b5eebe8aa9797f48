#pragma once

#include "storage/result.h"

#include <QByteArray>
#include <QString>

namespace Postnook
{

// A QR code (ISO/IEC 18004): a square of dark and light modules.
class QrCode
{
public:
    // Octets as they are, error correction level L. TooBig for more than 2,953 of them.
    static Result<QrCode> of(const QByteArray &bytes);

    int width() const { return m_width; }
    // False outside of the square, which is light.
    bool isDark(int x, int y) const;

    // With its margin, two rows of modules a line, dark ones as blocks: for dark letters on light
    // ground. Each line begins with `before` and ends with `after`, such as the terminal's
    // sequences that make it so.
    QString text(const QString &before = {}, const QString &after = {}) const;

private:
    QrCode(int width, QByteArray modules);

    int m_width = 0;
    QByteArray m_modules; // one octet each, row by row; 1: dark
};

} // namespace Postnook
