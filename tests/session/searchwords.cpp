#include "searchwords.h"

#include <unicode/ucnv.h>

#include <algorithm>

namespace Postnook::Test
{

const QList<Script> &scripts()
{
    static const QList<Script> all{
        {{"us-ascii", "iso-8859-1", "windows-1252"},
         QStringLiteral("meeting Invoice the a HTTP/2.0 ann@example.org 100% C:\\temp\\x "
                        "\"quoted\" a<b&c>d -- *)(=? aaaaaaab x-y_z 2026-11-29")
             .split(u' ')},
        {{"iso-8859-1", "iso-8859-15", "windows-1252"},
         QStringLiteral("Grüße Straße weiß café naïve Ångström FAÇADE smörgåsbord Ærø")
             .split(u' ')},
        {{"iso-8859-9", "windows-1254"}, QStringLiteral("İstanbul ışık DIŞ ağaç").split(u' ')},
        {{}, QStringLiteral("ﬁnance oﬃce STRAẞE ŉ Ｆｕｌｌ ǅemal").split(u' ')},
        {{"iso-8859-7", "windows-1253"},
         QStringLiteral("σοφός ΣΟΦΟΣ λόγος ΑΘΗΝΑΣ Ελλάς ταΐστρα").split(u' ')},
        {{"koi8-r", "windows-1251", "iso-8859-5"},
         QStringLiteral("Привет ёлка СЪЕЗД жизнь мой Москва").split(u' ')},
        {{"windows-1256"}, QStringLiteral("مرحبا بالعالم كتاب").split(u' ')},
        {{"iso-8859-8", "windows-1255"}, QStringLiteral("שלום עולם ספר").split(u' ')},
        {{}, QStringLiteral("नमस्ते दुनिया हिन्दी").split(u' ')},
        {{"tis-620", "windows-874"}, QStringLiteral("สวัสดีชาวโลก ภาษาไทย น้ำ").split(u' ')},
        {{"gb18030", "gb2312"}, QStringLiteral("你好世界 中文邮件测试 会议").split(u' ')},
        {{"iso-2022-jp", "shift_jis", "euc-jp"},
         QStringLiteral("こんにちは世界 日本語メール 会議の件").split(u' ')},
        {{"euc-kr"}, QStringLiteral("안녕하세요 한국어 회의").split(u' ')},
        {{},
         QStringLiteral("😀 👨‍👩‍👧 🇩🇪 ❤️ 𝔘𝔫𝔦𝔠𝔬𝔡𝔢")
             .split(u' ')},
    };
    return all;
}

QByteArray encodedCharset(const QString &text, const QByteArray &charset)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(charset.constData(), &status);
    ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    QByteArray octets(text.size() * 8 + 16, Qt::Uninitialized);
    const auto size = ucnv_fromUChars(converter,
                                      octets.data(),
                                      static_cast<int32_t>(octets.size()),
                                      reinterpret_cast<const UChar *>(text.utf16()),
                                      static_cast<int32_t>(text.size()),
                                      &status);
    ucnv_close(converter);
    return U_SUCCESS(status) ? octets.first(size) : QByteArray();
}

QByteArray inCharset(const QString &text, QByteArray &charset)
{
    auto octets = encodedCharset(text, charset);
    if (octets.isNull()) {
        charset = "utf-8";
        octets = text.toUtf8();
    }
    return octets;
}

bool isAscii(const QByteArray &octets)
{
    return std::all_of(octets.begin(), octets.end(), [](char c) {
        return c > 0 && static_cast<unsigned char>(c) < 0x80;
    });
}

QString withoutSpecials(QString text)
{
    for (auto &c : text) {
        if (c.unicode() < 0x80 && !c.isLetterOrNumber() && c != u' ') {
            c = u'.';
        }
    }
    return text;
}

} // namespace Postnook::Test
