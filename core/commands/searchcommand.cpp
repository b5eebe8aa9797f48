#include "core/commands/searchcommand.h"

#include "core/mailbox/account.h"
#include "core/search/searchevaluator.h"
#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

namespace
{

struct Found {
    QByteArray response;
    QList<Uid> saved;
};

Status refusal(const Error &error)
{
    if (error.code == ErrorCode::NotFound) {
        return Status::no("That charset is not known", "BADCHARSET (UTF-8 US-ASCII)");
    }
    return error.code == ErrorCode::Invalid ? Status::bad(error.text.toLatin1()) : statusFor(error);
}

} // namespace

void SearchCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    m_return = parseSearchReturn(arguments);
    const auto program = parseSearch(arguments);
    if (failedToParse(arguments)) {
        return;
    }
    if (!program) {
        finishWith(refusal(program.error()));
        return;
    }
    const SearchScope scope{view().mailbox(),
                            view().uids(),
                            view().recent(),
                            view().savedSearchResult(),
                            options().nowUtc()};
    store()
        .read(
            [program = *program, scope, wanted = m_return, tag = session().tag(), byUid = m_byUid](
                ReadTxn &txn) {
                return evaluateSearch(txn, program, scope).transform([&](const QList<Uid> &hits) {
                    return Found{formatSearchResult(wanted, tag, byUid, hits, scope.uids),
                                 wanted.save ? savedResult(wanted, hits) : QList<Uid>()};
                });
            },
            {JobClass::Interactive, session().cancelToken()})
        .then(this, [this](const Result<Found> &found) {
            if (!found) {
                return finishWith(statusFor(found.error()));
            }
            if (m_return.save) {
                view().saveSearchResult(found->saved);
            }
            session().send(found->response);
            finish(Status::ok("Done"));
        });
}

// A search that was to be saved and failed leaves nothing behind, a malformed one what there was
// (RFC 5182 2.1).
void SearchCommand::finishWith(const Status &failure)
{
    if (m_return.save && failure.kind == Status::Kind::No) {
        view().saveSearchResult({});
    }
    finish(failure);
}

} // namespace Postnook
