#include "core/commands/listcommand.h"

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

Result<QByteArray> listAll(ReadTxn &txn, const ListQuery &query, const StatusQuery &status)
{
    const auto all = txn.mailboxes();
    if (!all) {
        return all.error();
    }
    const auto subscriptions = txn.subscriptions();
    if (!subscriptions) {
        return subscriptions.error();
    }
    QByteArray out;
    for (const ListedName &listed : selectMailboxes(*all, *subscriptions, query)) {
        out += listResponse(listed, query);
        // Not for what is listed on account of its children only (RFC 5819 3).
        if (status.items.isEmpty() || listed.mailbox == nullptr || !listed.isSelected) {
            continue;
        }
        const auto line = statusResponse(txn, *listed.mailbox, status);
        if (!line) {
            return line.error();
        }
        out += *line;
    }
    return out;
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
    if (!m_query.isExtended) {
        if (m_query.patterns.first().isEmpty()) {
            // Asks for the separator and the root of the reference (RFC 9051 6.3.9).
            session().send("* LIST (\\Noselect) \"/\" \"\"\r\n");
            finish(Status::ok("Done"));
            return;
        }
        m_query.tellsChildren = true; // RFC 3348
        m_query.tellsSpecialUse = true; // RFC 6154 2
    }
    m_query.coding = m_status.coding = session().nameCoding();
    m_status.claims = account().claims();
    m_status.appendLimit = options().maxRequestSize;
    store()
        .read([query = m_query, status = m_status](ReadTxn &txn) {
            return listAll(txn, query, status);
        })
        .then(this, [this](const Result<QByteArray> &responses) {
            if (!responses) {
                return finish(responses.error());
            }
            session().send(*responses);
            finish(Status::ok("Done"));
        });
}

void ListCommand::readSelection(TokenCursor &arguments)
{
    if (arguments.peek() != std::optional<char>('(')) {
        return;
    }
    m_query.isExtended = true;
    readOptions(arguments, [&] {
        if (arguments.tryWord("SUBSCRIBED")) {
            m_query.subscribed = m_query.tellsSubscribed = true;
        } else if (arguments.tryWord("SPECIAL-USE")) {
            m_query.specialUse = m_query.tellsSpecialUse = true;
        } else if (arguments.tryWord("RECURSIVEMATCH")) {
            m_query.recursiveMatch = true;
        } else if (!arguments.tryWord("REMOTE")) { // there are no remote mailboxes to leave out
            arguments.fail("Unknown selection option");
        }
    });
    if (m_query.recursiveMatch && !m_query.subscribed && !m_query.specialUse) {
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
        m_query.patterns << (pattern.isEmpty() ? pattern : reference + pattern);
    };
    if (arguments.peek() == std::optional<char>('(')) {
        m_query.isExtended = true;
        readOptions(arguments, readPattern);
        if (m_query.patterns.isEmpty()) {
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
    m_query.isExtended = true;
    if (!arguments.tryWord("RETURN")) {
        arguments.fail("RETURN may stand here");
    }
    arguments.expectSpace();
    readOptions(arguments, [&] { readReturnOption(arguments); });
}

void ListCommand::readReturnOption(TokenCursor &arguments)
{
    if (arguments.tryWord("SUBSCRIBED")) {
        m_query.tellsSubscribed = true;
    } else if (arguments.tryWord("CHILDREN")) {
        m_query.tellsChildren = true;
    } else if (arguments.tryWord("SPECIAL-USE")) {
        m_query.tellsSpecialUse = true;
    } else if (arguments.tryWord("STATUS")) {
        arguments.expectSpace();
        m_status.items = parseStatusItems(arguments);
        if (!arguments.hasFailed() && m_status.items.contains(StatusItem::HighestModSeq)) {
            session().enable(Extension::CondStore);
        }
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
    store()
        .read([whole = reference + pattern, coding = session().nameCoding()](ReadTxn &txn) {
            return txn.subscriptions().transform([&](const QList<MailboxName> &names) {
                return lsubResponses(names, whole, coding);
            });
        })
        .then(this, [this](const Result<QByteArray> &responses) {
            if (!responses) {
                return finish(responses.error());
            }
            session().send(*responses);
            finish(Status::ok("Done"));
        });
}

} // namespace Postnook
