#include "core/commands/criteriacommand.h"

#include "core/mailbox/account.h"
#include "core/search/filters.h"
#include "core/session/session.h"
#include "core/wire/tokencursor.h"

#include <algorithm>

namespace Postnook
{

namespace
{

constexpr auto BadCharset = "BADCHARSET (UTF-8 US-ASCII)";

Status refusal(const Error &error)
{
    switch (error.code) {
    case ErrorCode::NotFound:
        return Status::no("That charset is not known", BadCharset);
    case ErrorCode::NotPermitted:
        return Status::bad(error.text.toLatin1(), BadCharset);
    case ErrorCode::Invalid:
        return Status::bad(error.text.toLatin1());
    default:
        return statusFor(error);
    }
}

Status refusalOfFilter(const Error &error)
{
    return error.code == ErrorCode::NotFound
        ? Status::no("There is no such filter", "UNDEFINED-FILTER " + error.text.toLatin1())
        : statusFor(error);
}

} // namespace

void CriteriaCommand::readCriteria(TokenCursor &arguments, CharsetForm form)
{
    const auto program = parseSearch(arguments, form);
    if (program && program->namesCharset && isUtf8Only()) {
        arguments.fail("Everything is in UTF-8: no CHARSET");
    }
    if (failedToParse(arguments)) {
        return;
    }
    if (!program) {
        finishWith(refusal(program.error()));
        return;
    }
    if (m_wanted.update && view().contexts().has(session().tag())) {
        finish(Status::bad("A search of that tag is being updated")); // RFC 5267 4.3
        return;
    }
    if (!program->usesFilters) {
        accept(*program);
        return;
    }
    store()
        .read([program = *program](ReadTxn &txn) { return withFiltersFound(txn, program); },
              {JobClass::Interactive, session().cancelToken()})
        .then(this, [this](const Result<SearchProgram> &whole) {
            if (!whole) {
                return finishWith(refusalOfFilter(whole.error()));
            }
            accept(*whole);
        });
}

void CriteriaCommand::accept(const SearchProgram &program)
{
    if (!program.isFuzzy && wantsRelevancy()) {
        finish(Status::bad("RELEVANCY is of a FUZZY search")); // RFC 6203 4, 6
        return;
    }
    if (session().enabled().testFlag(Extension::UidOnly) && program.namesNumbers) {
        finish(Status::bad("Messages go by UID only", "UIDREQUIRED"));
        return;
    }
    m_usesNumbers = program.usesNumbers;
    if (program.usesModSeq) {
        session().enable(Extension::CondStore);
    }
    search(program);
}

void CriteriaCommand::beginUpdates(const SearchRequest &request)
{
    m_isUpdated = m_wanted.update && !view().contexts().isFull();
    if (m_isUpdated) {
        view().contexts().begin({.tag = session().tag(),
                                 .byUid = request.byUid,
                                 .namesMailbox = request.isOfMany,
                                 .newItems = m_wanted.updateItems},
                                request.program,
                                request.scope,
                                view().untoldNew());
    }
}

void CriteriaCommand::tell(const SearchFound &found)
{
    if (m_wanted.save) {
        view().saveSearchResult(found.saved);
    }
    session().send(found.response);
    if (m_isUpdated) {
        view().contexts().setResult(session().tag(), found.hits);
    } else if (m_wanted.update) {
        session().send(noUpdate(session().tag(), "Too many searches are being updated"));
    }
}

std::optional<CommandProgress> CriteriaCommand::progress() const
{
    const quint32 messages = m_progress->messages;
    return CommandProgress{std::min<quint32>(m_progress->examined, messages), messages};
}

// RFC 6855 3; IMAP4rev2 knows no such rule.
bool CriteriaCommand::isUtf8Only()
{
    return session().enabled().testFlag(Extension::Utf8Accept) && !session().isRev2();
}

// A search that was to be saved and failed leaves nothing behind, a malformed one what there was
// (RFC 5182 2.1).
void CriteriaCommand::finishWith(const Status &failure)
{
    if (m_isUpdated) {
        view().contexts().cancel(session().tag());
    }
    if (m_wanted.save && failure.kind == Status::Kind::No) {
        view().saveSearchResult({});
    }
    finish(failure);
}

} // namespace Postnook
