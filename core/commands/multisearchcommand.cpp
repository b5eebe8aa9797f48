#include "core/commands/multisearchcommand.h"

#include "core/commands/mailboxfilterparser.h"
#include "core/mailbox/account.h"
#include "core/session/session.h"
#include "core/wire/tokencursor.h"

#include <algorithm>

namespace Postnook
{

namespace
{

bool isForSelected(const MailboxFilter &source)
{
    return source.isForSelected();
}

// Each once, by name. What cannot be searched is none of them (RFC 7377 2.2).
Result<QList<MailboxId>>
mailboxesOf(ReadTxn &txn, const QList<MailboxFilter> &sources, std::optional<MailboxId> selected)
{
    return txn.mailboxes().transform([&](const QList<ListedMailbox> &all) {
        QList<MailboxId> meant;
        for (const ListedMailbox &listed : all) {
            const bool isMeant = listed.info.id == selected
                || std::any_of(sources.begin(), sources.end(), [&](const MailboxFilter &source) {
                                     return source.covers(listed.info.name, listed.subscribed);
                                 });
            if (isMeant) {
                meant.append(listed.info.id);
            }
        }
        return meant;
    });
}

// Nothing in a mailbox that is gone by now.
Result<SearchFound> findInMailbox(ReadTxn &txn,
                                  SearchRequest request,
                                  bool isSelected,
                                  NameCoding coding,
                                  SearchProgress *progress)
{
    const auto mailbox = txn.mailbox(request.scope.mailbox);
    if (!mailbox) {
        return mailbox.error().code == ErrorCode::NotFound ? Result(SearchFound())
                                                           : mailbox.error();
    }
    if (!isSelected) {
        const auto uids = txn.uids(mailbox->id);
        if (!uids) {
            return uids.error();
        }
        request.scope.uids = *uids;
    }
    request.mailboxCorrelators = mailboxCorrelators(*mailbox, coding);
    return findMessages(txn, request, progress);
}

} // namespace

void MultiSearchCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    readSources(arguments);
    wanted() = parseSearchReturn(arguments);
    if (!wanted().isExtended) {
        wanted().isExtended = wanted().all = true; // RFC 7377 2.1
    }
    checkSources(arguments);
    qsizetype names = 0;
    for (const MailboxFilter &source : std::as_const(m_sources)) {
        names += source.names.size();
    }
    if (names > MaxFilterNames && !arguments.hasFailed()) {
        finish(Status::no("Too many mailboxes to search by name", "LIMIT"));
        return;
    }
    readCriteria(arguments, CharsetForm::Optional);
}

void MultiSearchCommand::readSources(TokenCursor &arguments)
{
    if (!arguments.tryWord("IN")) {
        m_sources = {{.kind = MailboxFilter::Kind::Selected}};
        return;
    }
    arguments.expectSpace();
    arguments.enterList();
    do {
        if (arguments.peek() == std::optional('(')) {
            arguments.fail("Unknown scope option"); // there is none yet
        }
        m_sources.append(parseMailboxFilter(arguments, FilterUse::Search));
    } while (!arguments.hasFailed() && arguments.trySpace());
    arguments.leaveList();
    arguments.expectSpace();
}

// RFC 7377 2.2
void MultiSearchCommand::checkSources(TokenCursor &arguments)
{
    const bool wantsSelected = std::any_of(m_sources.begin(), m_sources.end(), isForSelected);
    if ((wantsSelected || wanted().update) && session().view() == nullptr) {
        arguments.fail("No mailbox is selected");
    }
    if (wanted().save && !std::all_of(m_sources.begin(), m_sources.end(), isForSelected)) {
        arguments.fail("SAVE is for the selected mailbox alone");
    }
}

void MultiSearchCommand::search(const SearchProgram &program)
{
    m_request.program = program;
    m_request.scope.nowUtc = options().nowUtc();
    m_request.wanted = wanted();
    m_request.tag = session().tag();
    m_request.byUid = true;
    m_request.isOfMany = true;
    std::optional<MailboxId> selected;
    if (std::any_of(m_sources.begin(), m_sources.end(), isForSelected)) {
        selected = view().mailbox();
    }
    store()
        .read([sources = m_sources,
               selected](ReadTxn &txn) { return mailboxesOf(txn, sources, selected); },
              {JobClass::Interactive, session().cancelToken()})
        .then(this, [this](const Result<QList<MailboxId>> &mailboxes) {
            if (!mailboxes) {
                return finishWith(statusFor(mailboxes.error()));
            }
            m_mailboxes = *mailboxes;
            next();
        });
}

bool MultiSearchCommand::isSelected(MailboxId mailbox)
{
    return session().view() != nullptr && view().mailbox() == mailbox;
}

void MultiSearchCommand::resume()
{
    if (!m_waitsForJob) {
        next();
    }
}

void MultiSearchCommand::next()
{
    if (m_next == m_mailboxes.size()) {
        finishAll();
        return;
    }
    m_waitsForJob = true;
    SearchRequest request = m_request;
    request.scope.mailbox = m_mailboxes.at(m_next);
    const bool isInView = isSelected(request.scope.mailbox);
    if (isInView) {
        request.scope = view().searchScope(m_request.scope.nowUtc);
        beginUpdates(request);
    }
    store()
        .read(
            [request, isInView, coding = session().nameCoding(), progress = searchProgress()](
                ReadTxn &txn) {
                return findInMailbox(txn, request, isInView, coding, progress.get());
            },
            {JobClass::Interactive, session().cancelToken()})
        .then(this, [this](const Result<SearchFound> &found) { onFound(found); });
}

void MultiSearchCommand::onFound(const Result<SearchFound> &found)
{
    m_waitsForJob = false;
    if (!found) {
        finishWith(statusFor(found.error()));
        return;
    }
    if (isSelected(m_mailboxes.at(m_next))) {
        tell(*found);
    } else {
        session().send(found->response);
    }
    ++m_next;
    if (!session().isOutputFull()) {
        next();
    }
}

void MultiSearchCommand::finishAll()
{
    if (wanted().save && m_mailboxes.isEmpty()) {
        view().saveSearchResult({}); // the selected mailbox is gone
    }
    if (wanted().update && !m_mailboxes.contains(view().mailbox())) {
        session().send(noUpdate(session().tag(), "The selected mailbox was not searched"));
    }
    finish(Status::ok("Done"));
}

std::optional<CommandProgress> MultiSearchCommand::progress() const
{
    if (m_mailboxes.size() <= 1) {
        return CriteriaCommand::progress();
    }
    return CommandProgress{static_cast<quint32>(m_next), static_cast<quint32>(m_mailboxes.size())};
}

} // namespace Postnook
