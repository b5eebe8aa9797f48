#include "app/import/emlx.h"

#include "app/import/propertylist.h"
#include "core/mime/headerfields.h"

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qsizetype MaxCountBytes = 32; // blanks fill it up

struct FlagBit {
    int bit;
    SystemFlag flag;
};

struct KeywordBit {
    int bit;
    const char *keyword; // as Mail sets it on IMAP servers
};

constexpr FlagBit FlagBits[] = {{0, SystemFlag::Seen},
                                {1, SystemFlag::Deleted},
                                {2, SystemFlag::Answered},
                                {4, SystemFlag::Flagged},
                                {6, SystemFlag::Draft}};
constexpr KeywordBit KeywordBits[] = {
    {8, "$Forwarded"}, {9, "Redirected"}, {24, "$Junk"}, {25, "$NotJunk"}};

// The end may hold any byte.
QByteArray withoutLeadingBlanks(const QByteArray &bytes)
{
    qsizetype blanks = 0;
    while (blanks < bytes.size() && Mime::isBlankOrLineEnd(bytes.at(blanks))) {
        ++blanks;
    }
    return bytes.mid(blanks);
}

// -1 when the file does not end with a whole one.
qsizetype startOfXmlList(const QByteArray &file)
{
    return file.trimmed().endsWith("</plist>") ? file.lastIndexOf("<?xml ") : -1;
}

bool isSet(quint64 bits, int bit)
{
    return (bits >> bit & 1) != 0;
}

} // namespace

Result<Emlx> parseEmlx(const QByteArray &file)
{
    const auto lineEnd = file.left(MaxCountBytes).indexOf('\n');
    bool isNumber = false;
    qint64 size = file.left(std::max<qsizetype>(lineEnd, 0)).trimmed().toLongLong(&isNumber);
    if (lineEnd < 0 || !isNumber || size < 0) {
        return Error{ErrorCode::Invalid,
                     u"it does not begin as Apple Mail's files do, with a number of bytes"_s};
    }
    const auto start = lineEnd + 1;
    if (size > file.size() - start) {
        // Where line ends were made shorter, or the text was edited, the end is there all the same.
        const auto end = startOfXmlList(file);
        if (end < start) {
            return Error{
                ErrorCode::Invalid,
                u"it is cut off: %1 bytes of %2 are there"_s.arg(file.size() - start).arg(size)};
        }
        size = end - start;
    }
    Emlx emlx;
    emlx.message = file.mid(start, size);
    const auto numbers = numbersInPropertyList(withoutLeadingBlanks(file.mid(start + size)));
    if (numbers) {
        emlx.flags = flagsOfAppleMail(static_cast<quint64>(numbers->value(u"flags"_s)));
        if (const qint64 received = numbers->value(u"date-received"_s); received > 0) {
            emlx.received = InternalDate{received, 0};
        }
    }
    return emlx;
}

MessageFlags flagsOfAppleMail(quint64 bits)
{
    MessageFlags flags;
    for (const FlagBit &known : FlagBits) {
        flags.system.setFlag(known.flag, isSet(bits, known.bit));
    }
    for (const KeywordBit &known : KeywordBits) {
        if (isSet(bits, known.bit)) {
            flags.keywords.append(known.keyword);
        }
    }
    return flags;
}

} // namespace Postnook
