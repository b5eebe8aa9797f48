#include "app/setup/qrcode.h"

#include <array>
#include <memory>

#include <qrencode.h>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto Margin = 4; // modules, as the standard wants it
constexpr auto MaxBytes = 2953; // version 40, level L

struct FreeCode {
    void operator()(QRcode *code) const { QRcode_free(code); }
};

} // namespace

QrCode::QrCode(int width, QByteArray modules)
    : m_width(width)
    , m_modules(std::move(modules))
{
}

Result<QrCode> QrCode::of(const QByteArray &bytes)
{
    if (bytes.isEmpty() || bytes.size() > MaxBytes) {
        return Error{ErrorCode::TooBig, u"%1 bytes do not go into a QR code"_s.arg(bytes.size())};
    }
    const std::unique_ptr<QRcode, FreeCode> code(
        QRcode_encodeData(static_cast<int>(bytes.size()),
                          reinterpret_cast<const unsigned char *>(bytes.constData()),
                          0,
                          QR_ECLEVEL_L));
    if (!code) {
        return Error{ErrorCode::Internal, u"the QR code could not be made"_s};
    }
    QByteArray modules(qsizetype(code->width) * code->width, 0);
    for (qsizetype i = 0; i < modules.size(); ++i) {
        modules[i] = static_cast<char>(code->data[i] & 1); // the other bits are of the library
    }
    return QrCode(code->width, modules);
}

bool QrCode::isDark(int x, int y) const
{
    const bool isInside = x >= 0 && y >= 0 && x < m_width && y < m_width;
    return isInside && m_modules.at(qsizetype(y) * m_width + x) != 0;
}

QString QrCode::text(const QString &before, const QString &after) const
{
    // By the upper and the lower module of a character: none, upper, lower, both.
    static constexpr std::array<char16_t, 4> Blocks{u' ', u'\u2580', u'\u2584', u'\u2588'};
    QString all;
    for (int y = -Margin; y < m_width + Margin; y += 2) {
        all += before;
        for (int x = -Margin; x < m_width + Margin; ++x) {
            const size_t upper = isDark(x, y) ? 1 : 0;
            const size_t lower = isDark(x, y + 1) ? 2 : 0;
            all += QChar(Blocks.at(upper + lower));
        }
        all += after + u'\n';
    }
    return all;
}

} // namespace Postnook
