#include "core/mime/bodydefects.h"

#include "core/mime/charsetname.h"
#include "core/mime/headerfields.h"
#include "core/mime/messagetext.h"
#include "core/mime/transferchecks.h"
#include "core/mime/transferdecoder.h"

#include <algorithm>
#include <array>

namespace Postnook::Mime
{

namespace
{

using namespace Qt::StringLiterals;

// Names for text without a character beyond US-ASCII.
bool isAsciiName(QByteArrayView charset)
{
    constexpr std::array<QByteArrayView, 3> Names{"us-ascii", "ascii", "ansi_x3.4-1968"};
    return std::any_of(Names.begin(), Names.end(), [charset](QByteArrayView name) {
        return isSameName(charset, name);
    });
}

class BodyChecker
{
public:
    BodyChecker(QByteArrayView body, const Part &part, qsizetype index, DefectList &defects)
        : m_body(body)
        , m_part(part)
        , m_index(index)
        , m_defects(defects)
    {
    }

    void checkEncoding();
    void checkCharset();

private:
    void add(DefectKind kind, const Faults &faults, const QString &text)
    {
        if (faults.count > 0) {
            m_defects.add(kind,
                          {m_index, m_part.body.offset + static_cast<quint64>(faults.first)},
                          text,
                          {},
                          faults.count);
        }
    }

    void addBase64Defects();
    void addQuotedPrintableDefects();
    void checkText(QByteArrayView text, bool isDecoded);

    QByteArrayView m_body;
    const Part &m_part;
    qsizetype m_index;
    DefectList &m_defects;
};

void BodyChecker::checkEncoding()
{
    if (m_part.encoding == "base64") {
        addBase64Defects();
    } else if (m_part.encoding == "quoted-printable") {
        addQuotedPrintableDefects();
    } else if (m_part.encoding == "7bit") {
        add(DefectKind::EightBitBody,
            findEightBit(m_body),
            u"An 8-bit octet in a part that is 7bit, or names no encoding (RFC 2045 2.7); "
            "passed on."_s);
    }
}

void BodyChecker::addBase64Defects()
{
    const auto faults = checkBase64(m_body);
    add(DefectKind::Base64Foreign,
        faults.foreign,
        u"A character that is not of base64, or \"=\" where none belongs (RFC 2045 6.8); passed "
        "over in decoding."_s);
    add(DefectKind::Base64Cut,
        faults.cut,
        u"A group of base64 ends early (RFC 2045 6.8); the octets that it has count."_s);
    add(DefectKind::Base64Cut,
        faults.behindPadding,
        u"Base64 goes on behind the \"=\" that ends it (RFC 2045 6.8); decoded too."_s);
    add(DefectKind::LongEncodedLine,
        faults.longLines,
        u"A line of base64 has more than 76 characters (RFC 2045 6.8); decoded like others."_s);
}

void BodyChecker::addQuotedPrintableDefects()
{
    const auto faults = checkQuotedPrintable(m_body);
    add(DefectKind::StrayEquals,
        faults.strayEquals,
        u"\"=\" that begins neither an octet nor a soft line break (RFC 2045 6.7); it stays."_s);
    add(DefectKind::LongEncodedLine,
        faults.longLines,
        u"A line of quoted-printable has more than 76 characters (RFC 2045 6.7 (5)); decoded "
        "like others."_s);
    add(DefectKind::EightBitBody,
        faults.eightBit,
        u"An 8-bit octet in quoted-printable (RFC 2045 6.7); it stays."_s);
}

void BodyChecker::checkCharset()
{
    if (!m_part.mediaType.startsWith("text/")) {
        return;
    }
    if (!m_part.charset.isEmpty() && !isAsciiName(m_part.charset)
        && !isKnownCharset(m_part.charset)) {
        add(DefectKind::UnknownCharset,
            {0, 1},
            u"The charset %1 is unknown (RFC 2046 4.1.2); read as UTF-8 if it is, else as "
            "windows-1252."_s.arg(excerpt(m_part.charset)));
        return;
    }
    if (TransferDecoder(m_part.encoding).isIdentity()) {
        checkText(m_body, false);
    } else {
        checkText(decodeTransferEncoding(m_body, m_part.encoding), true);
    }
}

void BodyChecker::checkText(QByteArrayView text, bool isDecoded)
{
    auto eightBit = findEightBit(text);
    if (isDecoded) {
        eightBit.first = 0;
    }
    const bool isUtf8 = eightBit.count > 0 && text.isValidUtf8();
    const auto &charset = m_part.charset;
    if (charset.isEmpty() || isAsciiName(charset)) {
        add(DefectKind::InvalidText,
            eightBit,
            u"An octet beyond US-ASCII in a text that %1 (RFC 2046 4.1.2); read as %2."_s.arg(
                charset.isEmpty() ? u"names no charset"_s : u"is to be US-ASCII"_s,
                isUtf8 ? u"UTF-8, which it is"_s : u"windows-1252"_s));
        return;
    }
    eightBit.count = 1;
    const auto kind = findCharset(charset).kind;
    if (kind == CharsetName::Kind::Utf8) {
        if (!isTextIn(text, charset)) {
            add(DefectKind::InvalidText,
                eightBit,
                u"The text is not the UTF-8 that it is to be (RFC 3629 3); where it is not, U+FFFD "
                "is shown, and where nothing is, it is windows-1252."_s);
        }
    } else if (kind == CharsetName::Kind::Guess && isUtf8) {
        add(DefectKind::OtherCharset,
            eightBit,
            u"The text is to be %1, but is UTF-8; read as that."_s.arg(excerpt(charset)));
    } else if (!isTextIn(text, charset)) {
        add(DefectKind::InvalidText,
            {0, 1},
            u"The text is not wholly in its charset, %1; where it is not, a mark is shown."_s.arg(
                excerpt(charset)));
    }
}

} // namespace

void findBodyDefects(QByteArrayView body, const Part &part, qsizetype index, DefectList &defects)
{
    BodyChecker checker(body, part, index, defects);
    checker.checkEncoding();
    checker.checkCharset();
}

} // namespace Postnook::Mime
