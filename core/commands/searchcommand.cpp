#include "core/commands/searchcommand.h"

#include "core/mailbox/account.h"
#include "core/search/searchevaluator.h"
#include "core/search/threadreader.h"
#include "core/session/session.h"
#include "core/wire/sequenceset.h"
#include "core/wire/tokencursor.h"

#include <algorithm>

namespace Postnook
{

namespace
{

struct Found {
    QByteArray response;
    QList<Uid> saved;
    QList<Uid> hits; // where they are to be kept up to date
};

// Of messages that are there; none when there are none.
Result<std::optional<ModSeq>> highestModSeq(ReadTxn &txn, MailboxId mailbox, const QList<Uid> &uids)
{
    std::optional<ModSeq> highest;
    const auto visited =
        txn.forEachMessage(mailbox, toUidRanges(uids), {}, true, [&highest](const MessageRow &row) {
            highest = std::max(highest.value_or(row.modSeq), row.modSeq);
            return true;
        });
    return visited ? Result(highest) : visited.error();
}

struct Request {
    SearchVerb verb = SearchVerb::Search;
    SearchProgram program;
    SearchScope scope;
    SearchReturn wanted;
    SortProgram sort;
    ThreadAlgorithm algorithm = ThreadAlgorithm::References;
    QByteArray tag;
    bool byUid = false;
};

Result<QByteArray> formatThreads(ReadTxn &txn, const Request &request, const QList<Uid> &hits)
{
    auto messages = readThreadMessages(txn, request.scope.mailbox, hits);
    if (!messages) {
        return messages.error();
    }
    const auto &uids = request.scope.uids;
    for (ThreadMessage &message : *messages) {
        if (!request.byUid) {
            const auto at = std::lower_bound(uids.begin(), uids.end(), Uid(message.number));
            message.number = static_cast<quint32>(at - uids.begin()) + 1;
        }
    }
    const auto threads = request.algorithm == ThreadAlgorithm::References
        ? threadsByReferences(*messages)
        : threadsByOrderedSubject(*messages);
    return "* THREAD" + (threads.isEmpty() ? threads : ' ' + threads) + "\r\n";
}

// As the client is told it.
Result<QByteArray> format(ReadTxn &txn,
                          const Request &request,
                          const QList<Uid> &hits,
                          const QList<Uid> &told,
                          const Relevancies &relevancies)
{
    SearchOutcome outcome{.tag = request.tag,
                          .byUid = request.byUid,
                          .isSorted = request.verb == SearchVerb::Sort,
                          .hits = hits,
                          .viewUids = request.scope.uids,
                          .relevancies = relevancies};
    if (request.program.usesModSeq) {
        const auto highest = highestModSeq(txn, request.scope.mailbox, told);
        if (!highest) {
            return highest.error();
        }
        outcome.modSeq = *highest;
    }
    return formatSearchResult(request.wanted, outcome);
}

Result<Found> find(ReadTxn &txn, const Request &request, SearchProgress *progress)
{
    Relevancies relevancies;
    const bool wantsRelevancy = request.wanted.relevancy || sortsByRelevancy(request.sort);
    auto hits = evaluateSearch(
        txn, request.program, request.scope, progress, wantsRelevancy ? &relevancies : nullptr);
    if (hits && request.verb == SearchVerb::Sort) {
        hits = sortMessages(txn, request.scope.mailbox, *hits, request.sort, relevancies);
    }
    if (!hits) {
        return hits.error();
    }
    const auto told = savedResult(request.wanted, *hits);
    const auto response = request.verb == SearchVerb::Thread
        ? formatThreads(txn, request, *hits)
        : format(txn, request, *hits, told, relevancies);
    return response.transform([&](const QByteArray &bytes) {
        return Found{bytes,
                     request.wanted.save ? told : QList<Uid>(),
                     request.wanted.update ? *hits : QList<Uid>()};
    });
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
    readHowToTell(arguments);
    const auto program = parseSearch(
        arguments, m_verb == SearchVerb::Search ? CharsetForm::Optional : CharsetForm::Mandatory);
    if (program && program->namesCharset && isUtf8Only()) {
        arguments.fail("Everything is in UTF-8: no CHARSET");
    }
    if (program && !program->isFuzzy && (m_return.relevancy || sortsByRelevancy(m_sort))) {
        arguments.fail("RELEVANCY is of a FUZZY search"); // RFC 6203 4, 6
    }
    if (failedToParse(arguments)) {
        return;
    }
    if (!program) {
        finishWith(refusal(program.error()));
        return;
    }
    if (m_return.update && view().contexts().has(session().tag())) {
        finish(Status::bad("A search of that tag is being updated")); // RFC 5267 4.3
        return;
    }
    if (session().enabled().testFlag(Extension::UidOnly) && program->namesNumbers) {
        return finish(Status::bad("Messages go by UID only", "UIDREQUIRED"));
    }
    m_usesNumbers = program->usesNumbers;
    if (program->usesModSeq) {
        session().enable(Extension::CondStore);
    }
    const Request request{.verb = m_verb,
                          .program = *program,
                          .scope = view().searchScope(options().nowUtc()),
                          .wanted = m_return,
                          .sort = m_sort,
                          .algorithm = m_algorithm,
                          .tag = session().tag(),
                          .byUid = m_byUid};
    m_isUpdated = m_return.update && !view().contexts().isFull();
    if (m_isUpdated) {
        view().contexts().begin(
            {session().tag(), m_byUid, m_return.updateItems}, *program, request.scope);
    }
    store()
        .read([request,
               progress = m_progress](ReadTxn &txn) { return find(txn, request, progress.get()); },
              {JobClass::Interactive, session().cancelToken()})
        .then(this, [this](const Result<Found> &found) {
            if (!found) {
                return finishWith(statusFor(found.error()));
            }
            if (m_return.save) {
                view().saveSearchResult(found->saved);
            }
            session().send(found->response);
            if (m_isUpdated) {
                view().contexts().setResult(session().tag(), found->hits);
            } else if (m_return.update) {
                session().send(noUpdate(session().tag(), "Too many searches are being updated"));
            }
            finish(Status::ok("Done"));
        });
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
    m_return = parseSearchReturn(arguments);
    if (m_verb == SearchVerb::Sort) {
        if (m_return.update || m_return.context) {
            arguments.fail("A sorted result is not kept up to date"); // that were CONTEXT=SORT
        }
        m_sort = parseSortProgram(arguments);
        arguments.expectSpace();
    } else if (session().isRev2() && !m_return.isExtended) {
        m_return.isExtended = m_return.all = true; // RFC 9051 6.4.4
    }
}

std::optional<CommandProgress> SearchCommand::progress() const
{
    return CommandProgress{m_progress->examined, m_progress->candidates};
}

// RFC 6855 3; IMAP4rev2 knows no such rule.
bool SearchCommand::isUtf8Only()
{
    return session().enabled().testFlag(Extension::Utf8Accept) && !session().isRev2();
}

// A search that was to be saved and failed leaves nothing behind, a malformed one what there was
// (RFC 5182 2.1).
void SearchCommand::finishWith(const Status &failure)
{
    if (m_isUpdated) {
        view().contexts().cancel(session().tag());
    }
    if (m_return.save && failure.kind == Status::Kind::No) {
        view().saveSearchResult({});
    }
    finish(failure);
}

} // namespace Postnook
