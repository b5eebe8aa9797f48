#include "core/commands/listcommand.h"

#include "core/commands/metadatarequest.h"
#include "core/mailbox/account.h"
#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

namespace
{

// Calls readOption() for each word of a list in parentheses, which may be empty.
template <typename ReadOption>
void readOptions(TokenCursor &arguments, ReadOption readOption)
{
    arguments.enterList();
    if (arguments.peek() != std::optional<char>(')')) {
        do {
            readOption();
        } while (!arguments.hasFailed() && arguments.trySpace());
    }
    arguments.leaveList();
}

} // namespace

void ListCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    readSelection(arguments);
    readPatterns(arguments);
    readReturn(arguments);
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    if (!m_request.query.isExtended) {
        if (m_request.query.patterns.first().isEmpty()) {
            // Asks for the separator and the root of the reference (RFC 9051 6.3.9).
            session().send("* LIST (\\Noselect) \"/\" \"\"\r\n");
            finish(Status::ok("Done"));
            return;
        }
        m_request.query.tellsChildren = true; // RFC 3348
        m_request.query.tellsSpecialUse = true; // RFC 6154 2
    }
    if (m_request.status.items.contains(StatusItem::HighestModSeq)) {
        session().enable(Extension::CondStore);
    }
    list(m_request);
}

void ListCommand::list(ListRequest request)
{
    m_request = std::move(request);
    m_request.query.coding = m_request.status.coding = session().nameCoding();
    m_request.status.claims = account().claims();
    m_request.status.appendLimit = options().maxRequestSize;
    next();
}

void ListCommand::resume()
{
    if (m_plan != nullptr && !m_isReading) {
        next();
    }
}

void ListCommand::next()
{
    m_isReading = true;
    store()
        .read(
            [request = m_request, known = m_plan, from = m_position](
                ReadTxn &txn) -> Result<ListChunk> {
                const auto plan = known ? Result(known) : planList(txn, request);
                return plan ? writeListChunk(txn, *plan, from) : plan.error();
            },
            {JobClass::Interactive, session().cancelToken()})
        .then(this, [this](const Result<ListChunk> &chunk) { onChunk(chunk); });
}

void ListCommand::onChunk(const Result<ListChunk> &chunk)
{
    m_isReading = false;
    if (!chunk) {
        return finish(chunk.error());
    }
    m_plan = chunk->plan;
    m_position = chunk->next;
    session().send(chunk->bytes);
    if (chunk->isLast()) {
        finish(Status::ok("Done"));
    } else if (!session().isOutputFull()) {
        next();
    }
}

void ListCommand::readSelection(TokenCursor &arguments)
{
    if (arguments.peek() != std::optional<char>('(')) {
        return;
    }
    m_request.query.isExtended = true;
    readOptions(arguments, [&] {
        if (arguments.tryWord("SUBSCRIBED")) {
            m_request.query.subscribed = m_request.query.tellsSubscribed = true;
        } else if (arguments.tryWord("SPECIAL-USE")) {
            m_request.query.specialUse = m_request.query.tellsSpecialUse = true;
        } else if (arguments.tryWord("RECURSIVEMATCH")) {
            m_request.query.recursiveMatch = true;
        } else if (!arguments.tryWord("REMOTE")) { // there are no remote mailboxes to leave out
            arguments.fail("Unknown selection option");
        }
    });
    if (m_request.query.recursiveMatch && !m_request.query.subscribed
        && !m_request.query.specialUse) {
        arguments.fail("RECURSIVEMATCH needs something to match");
    }
    arguments.expectSpace();
}

void ListCommand::readPatterns(TokenCursor &arguments)
{
    const QByteArray reference = arguments.listMailbox();
    arguments.expectSpace();
    const auto readPattern = [&] {
        const QByteArray pattern = arguments.listMailbox();
        m_request.query.patterns << (pattern.isEmpty() ? pattern : reference + pattern);
    };
    if (arguments.peek() == std::optional<char>('(')) {
        m_request.query.isExtended = true;
        readOptions(arguments, readPattern);
        if (m_request.query.patterns.isEmpty()) {
            arguments.fail("A list of no patterns");
        }
    } else {
        readPattern();
    }
}

void ListCommand::readReturn(TokenCursor &arguments)
{
    if (!arguments.trySpace()) {
        return;
    }
    m_request.query.isExtended = true;
    if (!arguments.tryWord("RETURN")) {
        arguments.fail("RETURN may stand here");
    }
    arguments.expectSpace();
    readOptions(arguments, [&] { readReturnOption(arguments); });
}

void ListCommand::readReturnOption(TokenCursor &arguments)
{
    if (arguments.tryWord("SUBSCRIBED")) {
        m_request.query.tellsSubscribed = true;
    } else if (arguments.tryWord("CHILDREN")) {
        m_request.query.tellsChildren = true;
    } else if (arguments.tryWord("SPECIAL-USE")) {
        m_request.query.tellsSpecialUse = true;
    } else if (arguments.tryWord("STATUS")) {
        arguments.expectSpace();
        m_request.status.items = parseStatusItems(arguments);
    } else if (arguments.tryWord("METADATA")) {
        arguments.expectSpace();
        m_request.metadata = parseMetadataEntries(arguments);
    } else {
        arguments.fail("Unknown return option");
    }
}

void LsubCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    const QByteArray reference = arguments.listMailbox();
    arguments.expectSpace();
    const QByteArray pattern = arguments.listMailbox();
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    ListRequest request;
    request.query = {.patterns = {reference + pattern}, .isLsub = true};
    list(std::move(request));
}

} // namespace Postnook
