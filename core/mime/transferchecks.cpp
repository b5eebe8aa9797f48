#include "core/mime/transferchecks.h"

#include "core/mime/charsetname.h"
#include "core/mime/headerfields.h"
#include "core/mime/hexoctet.h"
#include "core/mime/messagetext.h"

#include <algorithm>

namespace Postnook::Mime
{

namespace
{

constexpr qsizetype MaxEncodedLine = 76; // RFC 2045 6.7 (5) and 6.8

bool isBase64Character(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+'
        || c == '/';
}

// Calls take(line, its offset) for each line, without its end.
template <typename Take>
void forEachLine(QByteArrayView text, Take take)
{
    for (qsizetype from = 0; from < text.size();) {
        const auto end = text.indexOf('\n', from);
        const auto lineEnd = end < 0 ? text.size() : end;
        auto line = text.sliced(from, lineEnd - from);
        if (line.endsWith('\r')) {
            line.chop(1);
        }
        take(line, from);
        from = lineEnd + 1;
    }
}

// The group of four that is being read.
struct Group {
    int characters = 0;
    int padding = 0;

    bool isCut() const { return characters > 0 && characters + padding < 4; }
};

void takeCharacter(Base64Faults &faults, Group &group, char c, qsizetype offset)
{
    if (isBase64Character(c)) {
        if (group.padding > 0) {
            faults.behindPadding.add(offset);
            if (group.isCut()) {
                faults.cut.add(offset);
            }
            group = {};
        }
        group.characters = group.characters == 4 ? 1 : group.characters + 1;
    } else if (c == '=' && group.characters >= 2 && group.characters + group.padding < 4) {
        ++group.padding;
    } else if (!isBlankOrLineEnd(c)) {
        faults.foreign.add(offset);
    }
}

void checkEquals(QuotedPrintableFaults &faults, QByteArrayView line, qsizetype offset)
{
    for (auto at = line.indexOf('='); at >= 0; at = line.indexOf('=', at + 1)) {
        const auto rest = line.sliced(at + 1);
        const bool isSoftEnd = std::all_of(rest.begin(), rest.end(), isBlank);
        if (hexOctet(line.sliced(at)) < 0 && !isSoftEnd) {
            faults.strayEquals.add(offset + at);
        }
    }
}

} // namespace

Base64Faults checkBase64(QByteArrayView text)
{
    Base64Faults faults;
    Group group;
    forEachLine(text, [&](QByteArrayView line, qsizetype offset) {
        if (line.size() > MaxEncodedLine) {
            faults.longLines.add(offset);
        }
        for (qsizetype i = 0; i < line.size(); ++i) {
            takeCharacter(faults, group, line[i], offset + i);
        }
    });
    if (group.isCut()) {
        faults.cut.add(text.size());
    }
    return faults;
}

QuotedPrintableFaults checkQuotedPrintable(QByteArrayView text)
{
    QuotedPrintableFaults faults;
    forEachLine(text, [&faults](QByteArrayView line, qsizetype offset) {
        if (line.size() > MaxEncodedLine) {
            faults.longLines.add(offset);
        }
        checkEquals(faults, line, offset);
    });
    faults.eightBit = findEightBit(text);
    return faults;
}

Faults findEightBit(QByteArrayView text)
{
    const auto isEightBit = [](char c) { return static_cast<signed char>(c) < 0; };
    const auto first = std::find_if(text.begin(), text.end(), isEightBit);
    return {first - text.begin(),
            static_cast<quint64>(std::count_if(first, text.end(), isEightBit))};
}

bool isTextIn(QByteArrayView octets, QByteArrayView charset)
{
    if (findCharset(charset).kind == CharsetName::Kind::Utf8) {
        return octets.isValidUtf8();
    }
    // ICU replaces a single octet by SUB, where the charset has it, instead of U+FFFD.
    constexpr char Substitute = 0x1a;
    const QString text = decodeCharset(octets, charset);
    return !text.contains(QChar::ReplacementCharacter)
        && text.count(QLatin1Char(Substitute))
        == std::count(octets.begin(), octets.end(), Substitute);
}

} // namespace Postnook::Mime
