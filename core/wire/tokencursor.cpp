#include "core/wire/tokencursor.h"

#include "core/wire/datetime.h"
#include "core/wire/flagnames.h"
#include "core/wire/grammar.h"

#include <algorithm>
#include <limits>

namespace Postnook
{

namespace
{

const SystemFlagName *findSystemFlag(QByteArrayView name)
{
    const auto found =
        std::find_if(SystemFlagNames.begin(), SystemFlagNames.end(), [name](const auto &entry) {
            return name.compare(entry.name, Qt::CaseInsensitive) == 0;
        });
    return found == SystemFlagNames.end() ? nullptr : &*found;
}

// As MessageFlags wants them: of equal ones the first spelling stays.
void normaliseKeywords(QByteArrayList &keywords)
{
    std::stable_sort(keywords.begin(), keywords.end(), [](const auto &a, const auto &b) {
        return a.compare(b, Qt::CaseInsensitive) < 0;
    });
    const auto end =
        std::unique(keywords.begin(), keywords.end(), [](const auto &a, const auto &b) {
            return a.compare(b, Qt::CaseInsensitive) == 0;
        });
    keywords.erase(end, keywords.end());
}

} // namespace

void TokenCursor::fail(const char *fault)
{
    if (!m_failed) {
        m_failed = true;
        m_fault = fault;
    }
    m_pos = m_text.size();
}

void TokenCursor::refuse(const Error &error)
{
    if (!m_failed) {
        m_refusal = error;
    }
    fail(error.text.toLatin1().constData());
}

std::optional<char> TokenCursor::peek() const
{
    return atEnd() ? std::nullopt : std::optional(m_text[m_pos]);
}

bool TokenCursor::tryChar(char c)
{
    if (peek() != c) {
        return false;
    }
    ++m_pos;
    return true;
}

bool TokenCursor::tryWord(const char *word)
{
    const QByteArrayView wanted(word);
    const auto here = rest();
    if (here.size() < wanted.size()
        || here.first(wanted.size()).compare(wanted, Qt::CaseInsensitive) != 0) {
        return false;
    }
    const auto after = here.sliced(wanted.size());
    if (!after.isEmpty() && isAtomChar(after.front()) && after.front() != '[') {
        return false;
    }
    m_pos += wanted.size();
    return true;
}

void TokenCursor::expectChar(char c)
{
    if (tryChar(c)) {
        return;
    }
    if (c == ' ') {
        fail("Space expected");
    } else if (c == '\r' || c == '\n') {
        fail("Line end expected");
    } else {
        fail((QByteArray(1, c) + " expected").constData());
    }
}

void TokenCursor::expectEnd()
{
    if (!atEnd()) {
        fail("Unexpected text at the end of the command");
    }
}

bool TokenCursor::tryEnterList()
{
    if (peek() != '(') {
        return false;
    }
    enterList();
    return !m_failed;
}

void TokenCursor::enterList()
{
    expectChar('(');
    if (++m_depth > MaxListDepth) {
        fail("Parentheses nested too deep");
    }
}

void TokenCursor::leaveList()
{
    expectChar(')');
    --m_depth;
}

template <typename Predicate>
QByteArrayView TokenCursor::takeWhile(Predicate belongs)
{
    const auto here = rest();
    const auto end = std::find_if_not(here.begin(), here.end(), belongs);
    const auto taken = here.first(end - here.begin());
    m_pos += taken.size();
    return taken;
}

QByteArray TokenCursor::atom()
{
    const auto taken = takeWhile(isAtomChar);
    if (taken.isEmpty()) {
        fail("Atom expected");
    }
    return taken.toByteArray();
}

QByteArray TokenCursor::astring()
{
    if (atString()) {
        return string();
    }
    const auto taken = takeWhile(isAstringChar);
    if (taken.isEmpty()) {
        fail("Atom or string expected");
    }
    return taken.toByteArray();
}

bool TokenCursor::atString() const
{
    const char next = peek().value_or('\0');
    return next == '"' || next == '{';
}

QByteArray TokenCursor::string()
{
    if (peek() == '"') {
        return quoted();
    }
    if (peek() == '{') {
        return literal();
    }
    fail("String expected");
    return {};
}

std::optional<QByteArray> TokenCursor::nstring()
{
    if (tryWord("NIL")) {
        return std::nullopt;
    }
    return string();
}

// RFC 9051 quoted. From a client of IMAP4rev1 8-bit octets are taken as they are: what charset they
// are in is for the caller to know (mailbox names are UTF-8, SEARCH names its charset).
QByteArray TokenCursor::quoted()
{
    expectChar('"');
    QByteArray text;
    for (;;) {
        text += takeWhile(
            [](char c) { return c != '"' && c != '\\' && c != '\r' && c != '\n' && c != '\0'; });
        if (tryChar('"')) {
            break;
        }
        const bool isEscape = tryChar('\\');
        const char next = peek().value_or('\0');
        if (!isEscape || (next != '"' && next != '\\')) {
            fail(atEnd() ? "Closing quote missing" : "Bad character in a quoted string");
            return {};
        }
        text += next;
        ++m_pos;
    }
    if (m_coding == NameCoding::Utf8 && !text.isValidUtf8()) {
        fail("A quoted string that is not UTF-8");
    }
    return text;
}

// RFC 9051 literal; NUL is no CHAR8 and travels in a literal8 alone.
QByteArray TokenCursor::literal(bool mayHoldNul)
{
    expectChar('{');
    const auto size = number64();
    tryChar('+');
    expectChar('}');
    expectChar('\r');
    expectChar('\n');
    if (size > static_cast<quint64>(rest().size())) {
        fail("Literal cut short");
    }
    if (m_failed) {
        return {};
    }
    const auto bytes = rest().first(static_cast<qsizetype>(size));
    m_pos += bytes.size();
    if (!mayHoldNul && bytes.contains('\0')) {
        fail("NUL in a literal");
        return {};
    }
    return bytes.toByteArray();
}

QByteArray TokenCursor::literalOrLiteral8()
{
    const bool isLiteral8 = tryChar('~');
    return literal(isLiteral8);
}

quint64 TokenCursor::boundedNumber(quint64 maximum)
{
    const auto digits = takeWhile(isDigit);
    if (digits.isEmpty()) {
        fail("Number expected");
        return 0;
    }
    quint64 number = 0;
    for (const char c : digits) {
        const auto digit = static_cast<quint64>(c - '0');
        if (number > (maximum - digit) / 10) {
            fail("Number out of range");
            return 0;
        }
        number = number * 10 + digit;
    }
    return number;
}

quint64 TokenCursor::number64()
{
    return boundedNumber(static_cast<quint64>(std::numeric_limits<qint64>::max()));
}

quint32 TokenCursor::number()
{
    return static_cast<quint32>(boundedNumber(std::numeric_limits<quint32>::max()));
}

quint32 TokenCursor::nzNumber()
{
    if (peek() == '0') {
        fail("Number above zero expected");
        return 0;
    }
    return number();
}

quint32 TokenCursor::seqNumber()
{
    return tryChar('*') ? 0 : nzNumber();
}

SequenceSet TokenCursor::sequenceSet()
{
    if (tryChar('$')) {
        return SequenceSet::savedResult();
    }
    QList<SequenceSet::Range> ranges;
    do {
        const auto first = seqNumber();
        const auto last = tryChar(':') ? seqNumber() : first;
        ranges.append({first, last});
    } while (tryChar(','));
    return m_failed ? SequenceSet() : SequenceSet(std::move(ranges));
}

MailboxName TokenCursor::mailbox(std::optional<MailboxName> *asGiven)
{
    auto wire = astring();
    if (m_failed) {
        return {};
    }
    auto name = decodeMailboxName(wire, m_coding);
    if (!name) {
        refuse(name.error());
        return {};
    }
    if (wire.endsWith(HierarchySeparator)) {
        wire.chop(1); // announces children, and is no part of the name (RFC 9051 6.3.4)
    }
    if (asGiven != nullptr && m_coding == NameCoding::Utf8 && wire != name->utf8) {
        asGiven->emplace(wire);
    }
    return *std::move(name);
}

QByteArray TokenCursor::listMailbox()
{
    const bool isString = atString();
    const auto wire = isString ? string() : takeWhile(isListChar).toByteArray();
    if (!isString && wire.isEmpty()) {
        fail("Mailbox pattern expected");
    }
    if (wire.size() > MaxMailboxWireBytes) {
        fail("Mailbox pattern too long");
    }
    if (m_failed) {
        return {};
    }
    // No name is spelled like what is malformed: it matches nothing, which is no error of LIST.
    return decodeListPattern(wire, m_coding).value_or(wire);
}

QByteArray TokenCursor::flag()
{
    const bool isSystem = tryChar('\\');
    const auto name = atom();
    if (m_failed) {
        return {};
    }
    if (isSystem) {
        const auto *system = findSystemFlag('\\' + name);
        if (system == nullptr) {
            fail("Not a flag that can be set");
            return {};
        }
        return system->name;
    }
    if (name.size() > MaxKeywordBytes) {
        fail("Keyword too long");
        return {};
    }
    return name;
}

void TokenCursor::addFlag(MessageFlags &flags)
{
    const auto name = flag();
    if (m_failed) {
        return;
    }
    if (const auto *system = findSystemFlag(name)) {
        flags.system |= system->flag;
    } else {
        flags.keywords.append(name);
    }
}

MessageFlags TokenCursor::flagList()
{
    enterList();
    if (peek() == ')') {
        leaveList();
        return {};
    }
    auto flags = bareFlags();
    leaveList();
    return m_failed ? MessageFlags() : flags;
}

MessageFlags TokenCursor::flagListOrBare()
{
    return peek() == '(' ? flagList() : bareFlags();
}

MessageFlags TokenCursor::bareFlags()
{
    MessageFlags flags;
    do {
        addFlag(flags);
    } while (trySpace());
    if (m_failed) {
        return {};
    }
    normaliseKeywords(flags.keywords);
    return flags;
}

InternalDate TokenCursor::dateTime()
{
    const auto date = parseDateTime(quoted());
    if (!date) {
        fail("Bad date and time");
    }
    return date.value_or(InternalDate());
}

qint64 TokenCursor::date()
{
    const auto day = parseDate(peek() == '"' ? quoted() : atom());
    if (!day) {
        fail("Bad date");
    }
    return day.value_or(0);
}

QByteArrayView TokenCursor::word()
{
    return takeWhile([](char c) { return c != ' '; });
}

} // namespace Postnook
