#include "core/commands/searchcommand.h"

#include "core/mailbox/account.h"
#include "core/search/searchevaluator.h"
#include "core/session/session.h"
#include "core/wire/tokencursor.h"

#include <algorithm>

namespace Postnook
{

namespace
{

QByteArray formatHits(const QList<Uid> &hits, const QList<Uid> &viewUids, bool byUid)
{
    QByteArray line = "* SEARCH";
    for (const Uid uid : hits) {
        const auto number = byUid
            ? static_cast<qsizetype>(uid.value)
            : std::lower_bound(viewUids.begin(), viewUids.end(), uid) - viewUids.begin() + 1;
        line += ' ' + QByteArray::number(number);
    }
    return line + "\r\n";
}

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
    const auto program = parseSearch(arguments);
    if (failedToParse(arguments)) {
        return;
    }
    if (!program) {
        finish(refusal(program.error()));
        return;
    }
    const SearchScope scope{view().mailbox(), view().uids(), view().recent()};
    store()
        .read(
            [program = *program, scope, byUid = m_byUid](ReadTxn &txn) -> Result<QByteArray> {
                return evaluateSearch(txn, program, scope).transform([&](const QList<Uid> &hits) {
                    return formatHits(hits, scope.uids, byUid);
                });
            },
            {JobClass::Interactive, session().cancelToken()})
        .then(this, [this](const Result<QByteArray> &line) {
            if (!line) {
                return finish(line.error());
            }
            session().send(*line);
            finish(Status::ok("Done"));
        });
}

} // namespace Postnook
