#include "core/wire/mailboxnames.h"

#include <QString>
#include <QVarLengthArray>

#include <algorithm>

namespace Postnook
{

namespace
{

constexpr QByteArrayView Inbox = "INBOX";

Error invalid(const char *why)
{
    return {ErrorCode::Invalid, QLatin1String(why)};
}

// Controls and the separators that end a line in the eyes of some client or log reader.
bool isForbidden(QChar c)
{
    return c.category() == QChar::Other_Control || c == QChar::LineSeparator
        || c == QChar::ParagraphSeparator || c == u'%' || c == u'*';
}

// Is the first level INBOX in any case?
bool startsWithInbox(QByteArrayView name)
{
    return name.first(std::min(name.size(), Inbox.size())).compare(Inbox, Qt::CaseInsensitive) == 0
        && (name.size() == Inbox.size() || name[Inbox.size()] == HierarchySeparator);
}

constexpr bool isNoWildcard(char c)
{
    return c != '*' && c != '%';
}

constexpr char toUpper(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

} // namespace

Result<QByteArray> decodeListPattern(QByteArrayView wire, NameCoding coding)
{
    // What is left of modified UTF-7 without its shifts is UTF-8.
    return coding == NameCoding::ModifiedUtf7
        ? decodeModifiedUtf7(wire)
        : decodeModifiedUtf7(wire.toByteArray().replace('&', "&-"));
}

Result<MailboxName> decodeMailboxName(QByteArrayView wire, NameCoding coding)
{
    const auto tooLong =
        Error{ErrorCode::Limit, QStringLiteral("Mailbox name is too long or too deep")};
    if (wire.size() > MaxMailboxWireBytes) {
        return tooLong;
    }
    auto decoded = decodeListPattern(wire, coding);
    if (!decoded) {
        return decoded.error();
    }
    QByteArray name = *std::move(decoded);
    if (name.endsWith(HierarchySeparator)) {
        name.chop(1);
    }
    if (name.isEmpty()) {
        return invalid("Mailbox name is empty");
    }
    if (name.size() > MaxMailboxNameBytes
        || name.count(HierarchySeparator) >= MaxMailboxNameLevels) {
        return tooLong;
    }
    if (name.startsWith(HierarchySeparator) || name.endsWith(HierarchySeparator)
        || name.contains("//")) {
        return invalid("Mailbox name has an empty level");
    }
    const auto text = QString::fromUtf8(name);
    if (std::any_of(text.begin(), text.end(), isForbidden)) {
        return invalid("Mailbox name has a control character or a wildcard");
    }
    if (startsWithInbox(name)) {
        name.replace(0, Inbox.size(), Inbox);
    }
    return MailboxName(std::move(name));
}

// What stands before the first wildcard is a prefix. From there on row by row over the pattern,
// until nothing is reached any more: reached[n] tells whether the pattern so far matches the first
// n octets of the name. Backtracking would be exponential for patterns like "*a*a*a*b".
bool matchesListPattern(QByteArrayView pattern, QByteArrayView name)
{
    const auto inboxEnd = startsWithInbox(name) ? Inbox.size() : 0;
    const auto matches = [&](char wanted, qsizetype at) {
        return at < inboxEnd ? toUpper(wanted) == toUpper(name[at]) : wanted == name[at];
    };
    const auto firstWildcard = std::find_if_not(pattern.begin(), pattern.end(), isNoWildcard);
    const qsizetype prefix = firstWildcard - pattern.begin();
    if (prefix > name.size()) {
        return false;
    }
    for (qsizetype n = 0; n < prefix; ++n) {
        if (!matches(pattern[n], n)) {
            return false;
        }
    }
    if (prefix + std::count_if(firstWildcard, pattern.end(), isNoWildcard) > name.size()) {
        return false;
    }
    QVarLengthArray<bool, 256> reached(name.size() + 1);
    std::fill(reached.begin(), reached.end(), false);
    reached[prefix] = true;
    qsizetype first = prefix; // nothing before it is reached
    char wildcard = '\0'; // the widest one just before: further ones add nothing to it
    for (const char c : pattern.sliced(prefix)) {
        if (isNoWildcard(c)) {
            for (qsizetype n = name.size(); n > first; --n) {
                reached[n] = reached[n - 1] && matches(c, n - 1);
            }
            reached[first] = false;
            while (first <= name.size() && !reached[first]) {
                ++first;
            }
            if (first > name.size()) {
                return false;
            }
            wildcard = '\0';
        } else if (wildcard != '*' && wildcard != c) {
            for (qsizetype n = first + 1; n <= name.size(); ++n) {
                const bool mayGrow = c == '*' || name[n - 1] != HierarchySeparator;
                reached[n] = reached[n] || (reached[n - 1] && mayGrow);
            }
            wildcard = c;
        }
    }
    return reached.back();
}

} // namespace Postnook
