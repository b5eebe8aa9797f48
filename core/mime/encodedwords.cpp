#include "core/mime/messagetext.h"

#include "core/mime/headerfields.h"
#include "core/mime/transferdecoder.h"

#include <algorithm>
#include <optional>

namespace Postnook::Mime
{

namespace
{

// "=?charset?encoding?text?=" (RFC 2047 2), as loosely as it comes: any length, blanks in the text.
struct EncodedWord {
    QByteArrayView charset{};
    QByteArray octets{};
    qsizetype size = 0;
};

// RFC 2047 4.2, which is quoted-printable with "_" for a space and no line ends.
QByteArray decodeQ(QByteArrayView text)
{
    auto spaced = text.toByteArray();
    spaced.replace('_', ' ');
    return decodeTransferEncoding(spaced + '!', "quoted-printable")
        .chopped(1); // keeps blanks at the end
}

enum class WordEnd { Closed, Open };

// The word at the start of `text`, which begins with "=?". One without its "?=" ends at a blank or
// with the text, for headers get cut. One without a charset is decoded by guess.
std::optional<EncodedWord> parseWord(QByteArrayView text, WordEnd wordEnd)
{
    constexpr qsizetype MaxCharset = 75;
    const auto charsetEnd = text.first(std::min(text.size(), MaxCharset)).indexOf('?', 2);
    if (charsetEnd < 2 || charsetEnd + 2 >= text.size() || text[charsetEnd + 2] != '?') {
        return std::nullopt;
    }
    const auto encoding = static_cast<char>(text[charsetEnd + 1] | 0x20);
    if (encoding != 'b' && encoding != 'q') {
        return std::nullopt;
    }
    const auto start = charsetEnd + 3;
    auto end = wordEnd == WordEnd::Closed
        ? text.indexOf("?=", start)
        : std::find_if(text.begin() + start, text.end(), isBlankOrLineEnd) - text.begin();
    if (end < 0) {
        return std::nullopt;
    }
    const auto size = wordEnd == WordEnd::Closed ? end + 2 : end;
    if (wordEnd == WordEnd::Open && end > start && text[end - 1] == '?') {
        --end; // half of its end
    }
    const auto encoded = text.sliced(start, end - start);
    return EncodedWord{.charset = text.sliced(2, charsetEnd - 2),
                       .octets = encoding == 'b' ? decodeTransferEncoding(encoded, "base64")
                                                 : decodeQ(encoded),
                       .size = size};
}

// Collects the octets of neighbouring words of one charset: senders split characters over words.
class WordJoiner
{
public:
    explicit WordJoiner(QString &out)
        : m_out(out)
    {
    }

    void add(const EncodedWord &word)
    {
        if (!isSameName(word.charset, m_charset)) {
            flush();
            m_charset = word.charset;
        }
        m_octets.append(word.octets);
    }

    void flush()
    {
        if (!m_octets.isEmpty()) {
            m_out.append(decodeCharset(m_octets, m_charset));
            m_octets.clear();
        }
    }

private:
    QString &m_out;
    QByteArrayView m_charset;
    QByteArray m_octets;
};

} // namespace

QString decodeHeaderText(QByteArrayView value)
{
    QString out;
    WordJoiner words(out);
    // Behind the last "?=" no word is closed: looking for one there would make this quadratic.
    const auto lastEnd = value.lastIndexOf("?=");
    qsizetype plainFrom = 0;
    bool afterWord = false;
    auto start = value.indexOf("=?");
    while (start >= 0) {
        const auto word =
            parseWord(value.sliced(start), start < lastEnd ? WordEnd::Closed : WordEnd::Open);
        if (!word) {
            start = value.indexOf("=?", start + 1);
            continue;
        }
        const auto between = value.sliced(plainFrom, start - plainFrom);
        const bool isGap = std::all_of(between.begin(), between.end(), isBlankOrLineEnd);
        if (!afterWord || !isGap) { // RFC 2047 6.2: blanks between words do not show
            words.flush();
            out.append(decodeCharset(between, {}));
        }
        words.add(*word);
        plainFrom = start + word->size;
        afterWord = true;
        start = value.indexOf("=?", plainFrom);
    }
    words.flush();
    out.append(decodeCharset(value.sliced(plainFrom), {}));
    return out;
}

} // namespace Postnook::Mime
