#include "core/commands/metadatarequest.h"

#include "core/wire/metadatanames.h"

#include <QSet>

namespace Postnook
{

namespace
{

// Of one command; as many as one mailbox can have.
constexpr qsizetype MaxNamedEntries = MaxMetadataEntries;

// RFC 5464 4.1: an empty string stands for the server.
MailboxName readOwner(TokenCursor &arguments)
{
    TokenCursor ahead = arguments;
    if (ahead.atString() && ahead.string().isEmpty() && !ahead.hasFailed()) {
        arguments = ahead;
        return {};
    }
    return arguments.mailbox();
}

QByteArray readEntry(TokenCursor &arguments, bool mayBeBranch)
{
    QByteArray name = arguments.astring();
    if (!arguments.hasFailed() && !isMetadataEntry(name)
        && !(mayBeBranch && isMetadataBranch(name))) {
        arguments.fail("No entry can have this name"); // RFC 5464 3.2: BAD
    }
    return name;
}

// Those that are not there yet, whatever their case.
class UniqueEntries
{
public:
    void add(TokenCursor &arguments, bool mayBeBranch)
    {
        const QByteArray name = readEntry(arguments, mayBeBranch);
        const auto known = m_seen.size();
        m_seen.insert(name.toLower());
        if (m_seen.size() > known) {
            m_names.append(name);
        }
        if (m_names.size() > MaxNamedEntries) {
            arguments.fail("Too many entries in one command");
        }
    }
    const QByteArrayList &names() const { return m_names; }

private:
    QByteArrayList m_names;
    QSet<QByteArray> m_seen;
};

QByteArrayList readEntries(TokenCursor &arguments, bool mayBeBranch)
{
    UniqueEntries entries;
    const bool isList = arguments.tryEnterList();
    do {
        entries.add(arguments, mayBeBranch);
    } while (isList && !arguments.hasFailed() && arguments.trySpace());
    if (isList) {
        arguments.leaveList();
    }
    return entries.names();
}

MetadataDepth readDepth(TokenCursor &arguments)
{
    if (arguments.tryWord("0")) {
        return MetadataDepth::Entry;
    }
    if (arguments.tryWord("1")) {
        return MetadataDepth::Children;
    }
    if (!arguments.tryWord("infinity")) {
        arguments.fail("DEPTH is 0, 1 or infinity");
    }
    return MetadataDepth::All;
}

void readOptions(TokenCursor &arguments, MetadataQuery &query)
{
    arguments.enterList();
    do {
        if (arguments.tryWord("MAXSIZE")) {
            arguments.expectSpace();
            query.maxSize = arguments.number();
        } else if (arguments.tryWord("DEPTH")) {
            arguments.expectSpace();
            query.depth = readDepth(arguments);
        } else {
            arguments.fail("Unknown option of GETMETADATA");
        }
    } while (!arguments.hasFailed() && arguments.trySpace());
    arguments.leaveList();
    arguments.expectSpace();
}

// Names of entries begin with a slash, those of options do not.
bool standsAtOptions(const TokenCursor &arguments)
{
    TokenCursor ahead = arguments;
    return ahead.tryEnterList() && (ahead.tryWord("MAXSIZE") || ahead.tryWord("DEPTH"));
}

std::optional<QByteArray> readValue(TokenCursor &arguments)
{
    return arguments.peek() == std::optional('~') ? arguments.literalOrLiteral8()
                                                  : arguments.nstring();
}

} // namespace

GetMetadataRequest parseGetMetadata(TokenCursor &arguments)
{
    GetMetadataRequest request;
    arguments.expectSpace();
    if (arguments.peek() == std::optional('(')) {
        readOptions(arguments, request.query);
    }
    request.mailbox = readOwner(arguments);
    arguments.expectSpace();
    if (standsAtOptions(arguments)) {
        readOptions(arguments, request.query);
    }
    request.query.entries = readEntries(arguments, request.query.depth != MetadataDepth::Entry);
    arguments.expectEnd();
    return request;
}

SetMetadataRequest parseSetMetadata(TokenCursor &arguments)
{
    SetMetadataRequest request;
    arguments.expectSpace();
    request.mailbox = readOwner(arguments);
    arguments.expectSpace();
    arguments.enterList();
    do {
        const QByteArray name = readEntry(arguments, false);
        arguments.expectSpace();
        request.values.append({name, readValue(arguments)});
        if (request.values.size() > MaxNamedEntries) {
            arguments.fail("Too many entries in one command");
        }
    } while (!arguments.hasFailed() && arguments.trySpace());
    arguments.leaveList();
    arguments.expectEnd();
    return request;
}

QByteArrayList parseMetadataEntries(TokenCursor &arguments)
{
    return readEntries(arguments, false);
}

} // namespace Postnook
