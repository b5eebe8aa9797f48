#include "tests/grammar/mailboxgrammar.h"

#include <algorithm>
#include <array>

namespace Postnook::Grammar
{

namespace
{

// What stands in LIST, by RFC 9051 mbx-list-flags with RFC 6154 and RFC 5465. None contradicts
// another one of its row.
constexpr std::array Attributes{"\\NonExistent",
                                "\\Noselect",
                                "\\NoAccess",
                                "\\Noinferiors",
                                "\\Marked",
                                "\\Unmarked",
                                "\\Remote",
                                "\\Subscribed",
                                "\\HasChildren",
                                "\\HasNoChildren",
                                "\\All",
                                "\\Archive",
                                "\\Drafts",
                                "\\Flagged",
                                "\\Junk",
                                "\\Sent",
                                "\\Trash",
                                "\\Important"};
constexpr std::array EventNames{"MessageNew",
                                "MessageExpunge",
                                "FlagChange",
                                "AnnotationChange",
                                "MailboxName",
                                "SubscriptionChange",
                                "MailboxMetadataChange",
                                "ServerMetadataChange"};

template <typename T>
Result<T> finished(ResponseLexer &in, const T &value)
{
    if (in.ok() && !in.atEnd()) {
        in.fail("something follows");
    }
    return in.ok() ? Result<T>(value) : Error{ErrorCode::Corrupt, in.error()};
}

void readAttributes(ResponseLexer &in, QByteArrayList &attributes)
{
    in.expect("(");
    while (in.ok() && !in.at(")")) {
        in.expect(attributes.isEmpty() ? "\\" : " \\");
        const QByteArray attribute = '\\' + in.atom();
        const bool isKnown =
            std::any_of(Attributes.begin(), Attributes.end(), [&attribute](const char *known) {
                return attribute == known;
            });
        if (in.ok() && (!isKnown || attributes.contains(attribute))) {
            in.fail("an attribute that is unknown or comes twice");
        }
        attributes << attribute;
    }
    in.expect(")");
    if (attributes.contains("\\HasChildren") && attributes.contains("\\HasNoChildren")) {
        in.fail("attributes that contradict each other");
    }
}

void readExtended(ResponseLexer &in, ListResponse &response)
{
    const char *start = " (";
    do {
        in.expect(start);
        const QByteArray tag = in.astring().toUpper();
        in.expect(" (");
        if (tag == "OLDNAME" && !response.oldName) {
            response.oldName = in.astring();
        } else if (tag == "CHILDINFO" && response.childInfo.isEmpty()) {
            do {
                response.childInfo << in.string();
            } while (in.accept(" "));
        } else {
            in.fail("extended data that is unknown or comes twice");
        }
        in.expect(")");
        start = " ";
    } while (in.ok() && in.at(" "));
    in.expect(")");
}

} // namespace

Result<ListResponse> parseList(QByteArrayView line, Revision revision)
{
    ResponseLexer in(line, revision);
    ListResponse response;
    in.expect("* LIST ");
    readAttributes(in, response.attributes);
    in.expect(" ");
    if (!in.accept("NIL")) {
        const QByteArray separator = in.string();
        if (separator.size() != 1) {
            in.fail("a separator of one character expected");
        } else {
            response.separator = separator.front();
        }
    }
    in.expect(" ");
    response.mailbox = in.astring();
    if (in.at(" ")) {
        readExtended(in, response);
    }
    in.expect("\r\n");
    return finished(in, response);
}

Result<StatusResponse> parseStatus(QByteArrayView line, Revision revision)
{
    ResponseLexer in(line, revision);
    StatusResponse response;
    in.expect("* STATUS ");
    response.mailbox = in.astring();
    in.expect(" (");
    QByteArrayList names;
    do {
        const QByteArray name = in.atom().toUpper();
        if (names.contains(name)) {
            in.fail("an item that comes twice");
        }
        names << name;
        in.expect(" ");
        quint64 value = 0;
        if (name == "UIDNEXT" || name == "UIDVALIDITY") {
            value = in.nzNumber();
        } else if (name == "MESSAGES" || name == "UNSEEN" || name == "DELETED"
                   || name == "RECENT") {
            value = in.number();
        } else if (name == "SIZE" || name == "HIGHESTMODSEQ" || name == "APPENDLIMIT") {
            value = in.number64();
        } else if (name == "MAILBOXID") { // RFC 8474
            in.expect("(");
            in.atom();
            in.expect(")");
        } else {
            in.fail("an item that is unknown");
        }
        response.items.append({name, value});
    } while (in.ok() && in.accept(" "));
    in.expect(")\r\n");
    return finished(in, response);
}

Result<QByteArrayList> parseBadEvent(QByteArrayView code)
{
    ResponseLexer in(code);
    QByteArrayList names;
    in.expect("BADEVENT (");
    do {
        const QByteArray name = in.atom();
        const bool isKnown =
            std::any_of(EventNames.begin(), EventNames.end(), [&name](const char *known) {
                return name.compare(known, Qt::CaseInsensitive) == 0;
            });
        if (!isKnown || names.contains(name)) {
            in.fail("an event that is unknown or comes twice");
        }
        names << name;
    } while (in.ok() && in.accept(" "));
    in.expect(")");
    return finished(in, names);
}

} // namespace Postnook::Grammar
