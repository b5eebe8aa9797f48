#include "core/commands/searchcommand.h"

#include "core/mailbox/account.h"
#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

void SearchCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    readHowToTell(arguments);
    readCriteria(arguments,
                 m_verb == SearchVerb::Search ? CharsetForm::Optional : CharsetForm::Mandatory);
}

// What stands before the charset and the criteria.
void SearchCommand::readHowToTell(TokenCursor &arguments)
{
    if (m_verb == SearchVerb::Thread) {
        const QByteArray name = arguments.atom().toUpper();
        if (name != "REFERENCES" && name != "ORDEREDSUBJECT") {
            arguments.fail("Unknown threading algorithm");
        }
        m_algorithm =
            name == "REFERENCES" ? ThreadAlgorithm::References : ThreadAlgorithm::OrderedSubject;
        arguments.expectSpace();
        return;
    }
    wanted() = parseSearchReturn(arguments);
    if (m_verb == SearchVerb::Sort) {
        if (wanted().update || wanted().context) {
            arguments.fail("A sorted result is not kept up to date"); // that were CONTEXT=SORT
        }
        m_sort = parseSortProgram(arguments);
        arguments.expectSpace();
    } else if (session().isRev2() && !wanted().isExtended) {
        wanted().isExtended = wanted().all = true; // RFC 9051 6.4.4
    }
}

void SearchCommand::search(const SearchProgram &program)
{
    const SearchRequest request{.verb = m_verb,
                                .program = program,
                                .scope = view().searchScope(options().nowUtc()),
                                .wanted = wanted(),
                                .sort = m_sort,
                                .keys = session().account()->messageKeys(),
                                .algorithm = m_algorithm,
                                .tag = session().tag(),
                                .byUid = m_byUid};
    beginUpdates(request);
    store()
        .read([request, progress = searchProgress()](
                  ReadTxn &txn) { return findMessages(txn, request, progress.get()); },
              {JobClass::Interactive, session().cancelToken()})
        .then(this, [this](const Result<SearchFound> &found) {
            if (!found) {
                return finishWith(statusFor(found.error()));
            }
            tell(*found);
            finish(Status::ok("Done"));
        });
}

} // namespace Postnook
