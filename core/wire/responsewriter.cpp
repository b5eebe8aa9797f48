#include "core/wire/responsewriter.h"

#include "core/wire/datetime.h"
#include "core/wire/flagnames.h"
#include "core/wire/grammar.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace Postnook
{

namespace
{

// Longer texts go as literals: some clients read a line into a small buffer.
constexpr auto MaxQuotedBytes = 1000;

bool isQuotable(QByteArrayView bytes)
{
    return bytes.size() <= MaxQuotedBytes && std::none_of(bytes.begin(), bytes.end(), [](char c) {
               return c == '\0' || c == '\r' || c == '\n' || isEightBit(c);
           });
}

// What reads as NIL is no astring to a lenient client.
bool isAtomEnough(QByteArrayView bytes)
{
    return !bytes.isEmpty() && bytes.size() <= MaxQuotedBytes
        && std::all_of(bytes.begin(), bytes.end(), isAstringChar)
        && bytes.compare("NIL", Qt::CaseInsensitive) != 0;
}

void appendQuoted(QByteArray &out, QByteArrayView bytes)
{
    out += '"';
    for (const char c : bytes) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    out += '"';
}

} // namespace

ResponseWriter &ResponseWriter::number(quint64 n)
{
    std::array<char, 20> digits{}; // 2^64 - 1 has 20
    const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), n);
    m_out.append(digits.data(), result.ptr - digits.data());
    return *this;
}

ResponseWriter &ResponseWriter::string(QByteArrayView bytes)
{
    if (isQuotable(bytes)) {
        appendQuoted(m_out, bytes);
        return *this;
    }
    return literal(bytes.toByteArray().replace('\0', '\x80'));
}

ResponseWriter &ResponseWriter::nstring(QByteArrayView bytes, bool isNil)
{
    return isNil ? raw("NIL") : string(bytes);
}

ResponseWriter &ResponseWriter::astring(QByteArrayView bytes)
{
    return isAtomEnough(bytes) ? raw(bytes) : string(bytes);
}

ResponseWriter &ResponseWriter::mailbox(const MailboxName &name, NameCoding coding)
{
    if (coding == NameCoding::ModifiedUtf7) {
        return astring(encodeModifiedUtf7(name.utf8));
    }
    if (isAtomEnough(name.utf8)) {
        return raw(name.utf8);
    }
    appendQuoted(m_out, name.utf8); // no name has CR, LF or NUL, or is longer than 1000 octets
    return *this;
}

ResponseWriter &ResponseWriter::literalHeader(quint64 size)
{
    return raw("{").number(size).raw("}\r\n");
}

ResponseWriter &ResponseWriter::literal(QByteArrayView bytes)
{
    return literalHeader(static_cast<quint64>(bytes.size())).raw(bytes);
}

ResponseWriter &ResponseWriter::flags(const MessageFlags &flags, bool recent)
{
    QByteArrayList names;
    if (recent) {
        names += "\\Recent";
    }
    if (flags.system) {
        names += formatFlagNames(flags.system);
    }
    names += flags.keywords;
    return raw("(").raw(names.join(' ')).raw(")");
}

ResponseWriter &ResponseWriter::dateTime(const InternalDate &date)
{
    return raw("\"").raw(formatDateTime(date)).raw("\"");
}

QByteArray formatFlagNames(SystemFlags flags)
{
    QByteArrayList names;
    for (const auto &entry : SystemFlagNames) {
        if (flags.testFlag(entry.flag)) {
            names += entry.name;
        }
    }
    return names.join(' ');
}

} // namespace Postnook
