#include "core/mime/encodedworddefects.h"

#include "core/mime/messagetext.h"
#include "core/mime/transferchecks.h"
#include "core/mime/transferdecoder.h"

#include <algorithm>

namespace Postnook::Mime
{

namespace
{

using namespace Qt::StringLiterals;

// What may stand in the name of a charset (RFC 2047 2, token).
bool isToken(QByteArrayView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < 0x7f && !QByteArrayView("()<>@,;:\"/[]?.=").contains(c);
    });
}

class WordChecker
{
public:
    WordChecker(const HeaderField &field, DefectPlace place, DefectList &defects)
        : m_name(QString::fromLatin1(field.name))
        , m_value(unfolded(field.value))
        , m_place(place)
        , m_defects(defects)
    {
    }

    void check()
    {
        auto start = m_value.indexOf("=?");
        while (start >= 0) {
            const auto end = checkWord(start);
            start = end < 0 ? -1 : m_value.indexOf("=?", end);
        }
    }

private:
    void add(QByteArrayView word, DefectKind kind, const QString &text)
    {
        m_defects.add(kind,
                      m_place,
                      u"%1: the encoded word %2 "_s.arg(m_name, excerpt(word)) + text,
                      m_name.toLatin1());
    }

    // Gives the place to go on from; -1 when there is no more to come.
    qsizetype checkWord(qsizetype start);
    void checkText(QByteArrayView word, QByteArrayView charset, QByteArrayView text, bool isBase64);

    QString m_name;
    QByteArray m_value;
    DefectPlace m_place;
    DefectList &m_defects;
};

qsizetype WordChecker::checkWord(qsizetype start)
{
    constexpr qsizetype MaxCharset = 75; // of a whole word, RFC 2047 2
    const auto rest = QByteArrayView(m_value).sliced(start);
    const auto charsetEnd = rest.first(std::min(rest.size(), MaxCharset)).indexOf('?', 2);
    const bool looksLikeWord = charsetEnd > 2 && charsetEnd + 2 < rest.size()
        && rest[charsetEnd + 2] == '?' && isToken(rest.sliced(2, charsetEnd - 2));
    if (!looksLikeWord) {
        return start + 2;
    }
    const auto textStart = charsetEnd + 3;
    const auto end = rest.indexOf("?=", textStart);
    if (end < 0) {
        const auto wordEnd =
            std::find_if(rest.begin() + textStart, rest.end(), isBlankOrLineEnd) - rest.begin();
        add(rest.first(wordEnd),
            DefectKind::BadEncodedWord,
            u"does not end (RFC 2047 2); decoded up to the next blank."_s);
        return -1;
    }
    const auto word = rest.first(end + 2);
    const auto encoding = static_cast<char>(rest[charsetEnd + 1] | 0x20);
    if (encoding != 'b' && encoding != 'q') {
        if (std::any_of(word.begin(), word.end(), isBlankOrLineEnd)) {
            return start + 2; // no word at all (RFC 2047 2), but a question
        }
        add(word,
            DefectKind::BadEncodedWord,
            u"is neither in B nor in Q (RFC 2047 4); left as it is."_s);
        return start + 2;
    }
    checkText(word,
              rest.sliced(2, charsetEnd - 2),
              rest.sliced(textStart, end - textStart),
              encoding == 'b');
    return start + word.size();
}

void WordChecker::checkText(QByteArrayView word,
                            QByteArrayView charset,
                            QByteArrayView text,
                            bool isBase64)
{
    const auto faults = isBase64 ? checkBase64(text) : Base64Faults{};
    if (faults.foreign.count + faults.cut.count > 0) {
        add(word,
            DefectKind::BadEncodedWord,
            u"is no base64 (RFC 2047 4.1); decoded as far as it is."_s);
    }
    if (!isKnownCharset(charset)) {
        add(word,
            DefectKind::UnknownWordCharset,
            u"is in a charset that nobody knows; read as UTF-8 or windows-1252."_s);
        return;
    }
    auto spaced = text.toByteArray();
    if (!isBase64) {
        spaced.replace('_', ' ');
    }
    const auto octets = decodeTransferEncoding(spaced, isBase64 ? "base64" : "quoted-printable");
    if (!isTextIn(octets, charset)) {
        add(word,
            DefectKind::BadEncodedWord,
            u"does not hold whole characters of its charset (RFC 2047 5 (3)); octets of words "
            "side by side are put together first."_s);
    }
}

} // namespace

void findEncodedWordDefects(const HeaderField &field, DefectPlace place, DefectList &defects)
{
    if (field.value.contains("=?")) {
        WordChecker(field, place, defects).check();
    }
}

} // namespace Postnook::Mime
