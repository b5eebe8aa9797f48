#include "core/commands/selectcommand.h"

#include "core/commands/mailboxlist.h"
#include "core/mailbox/account.h"
#include "core/session/session.h"
#include "core/wire/objectids.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

namespace
{

Result<SelectCommand::Found> find(ReadTxn &txn, const MailboxName &name)
{
    const auto mailbox = txn.mailbox(name);
    if (!mailbox) {
        return mailbox.error();
    }
    return txn.firstUnseen(mailbox->id).transform([&](std::optional<Uid> uid) {
        return SelectCommand::Found{*mailbox, uid, {}};
    });
}

// RFC 9051 6.3.2: LIST instead of UNSEEN.
Result<SelectCommand::Found>
findForRev2(ReadTxn &txn, const MailboxName &name, const std::optional<MailboxName> &oldName)
{
    const auto mailbox = txn.mailbox(name);
    if (!mailbox) {
        return mailbox.error();
    }
    return listOne(txn, name, NameCoding::Utf8, oldName).transform([&](const QByteArray &line) {
        return SelectCommand::Found{*mailbox, {}, line};
    });
}

} // namespace

void SelectCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    std::optional<MailboxName> asGiven;
    const MailboxName name = arguments.mailbox(&asGiven);
    readParameters(arguments);
    arguments.expectEnd();
    // What is rejected with BAD changes no state (RFC 9051 6, RFC 3501 6) …
    const bool isRefused = arguments.refusal().has_value(); // a name no mailbox can have: NO
    if (!isRefused && failedToParse(arguments)) {
        return;
    }
    const bool isUidOnly = session().enabled().testFlag(Extension::UidOnly);
    if (isUidOnly && m_qresync && m_qresync->sample) {
        return finish(Status::bad("A sample goes by message numbers", "UIDREQUIRED"));
    }
    // … but whatever else comes of it, the mailbox selected before is no longer (6.3.2, 6.3.1).
    if (session().view() != nullptr) {
        session().setView(nullptr);
        session().send("* OK [CLOSED] The mailbox opened before is closed\r\n"); // RFC 7162 3.2.11
    }
    if (failedToParse(arguments)) {
        return;
    }
    store()
        .read([name, asGiven, isRev2 = session().isRev2()](ReadTxn &txn) {
            return isRev2 ? findForRev2(txn, name, asGiven) : find(txn, name);
        })
        .then(this, [this](const Result<Found> &found) {
            found ? onFound(*found) : finish(found.error());
        });
}

// RFC 4466 2.1, RFC 7162 3.1.8, 3.2.5.
void SelectCommand::readParameters(TokenCursor &arguments)
{
    if (!arguments.trySpace()) {
        return;
    }
    arguments.enterList();
    do {
        if (arguments.tryWord("CONDSTORE")) {
            m_wantsModSeq = true;
        } else if (arguments.tryWord("QRESYNC")) {
            if (!session().enabled().testFlag(Extension::QResync)) {
                arguments.fail("QRESYNC has to be enabled before");
            }
            arguments.expectSpace();
            m_qresync = parseQResyncParameter(arguments);
        } else {
            arguments.fail("Unknown parameter");
        }
    } while (!arguments.hasFailed() && arguments.trySpace());
    arguments.leaveList();
}

void SelectCommand::onFound(const Found &found)
{
    m_hub = account().hub(found.mailbox.id);
    m_hub->whenLoaded(this, [this, found](const Result<void> &loaded) {
        if (!loaded) {
            return finish(loaded.error());
        }
        m_hub->whenCaughtUp(this, [this, found] { open(found); });
    });
}

std::optional<UidRanges> SelectCommand::claimRecent(const MailboxInfo &mailbox)
{
    if (session().isRev2()) {
        return std::nullopt;
    }
    const Uid floor = account().recentFloor(mailbox);
    if (floor >= mailbox.uidNext) {
        return UidRanges();
    }
    if (m_mode == SelectMode::ReadWrite) {
        account().claimRecent(mailbox.id, mailbox.uidNext);
    }
    return UidRanges{{floor, Uid(mailbox.uidNext.value - 1)}};
}

void SelectCommand::open(const Found &found)
{
    const MailboxInfo &mailbox = m_hub->mailbox();
    if (m_hub->isGone()) {
        finish(Error{ErrorCode::NotFound, {}});
        return;
    }
    const bool isReadOnly = m_mode == SelectMode::ReadOnly;
    Session *s = &session();
    auto selected = std::make_unique<SelectedView>(
        m_hub, claimRecent(mailbox), s->id(), isReadOnly, [s] { s->tellNow(); });
    QByteArray out;
    selected->writeFlagLists(out);
    out += "* " + QByteArray::number(selected->uids().size()) + " EXISTS\r\n";
    if (!s->isRev2()) {
        out += "* " + QByteArray::number(selected->recentCount()) + " RECENT\r\n";
    }
    if (found.firstUnseen && !s->enabled().testFlag(Extension::UidOnly)) {
        const auto index = lowerBound(selected->uids(), *found.firstUnseen);
        if (index < selected->uids().size() && selected->uids().at(index) == *found.firstUnseen) {
            out += "* OK [UNSEEN " + QByteArray::number(index + 1) + "] First unseen\r\n";
        }
    }
    out += found.listLine;
    out +=
        "* OK [UIDVALIDITY " + QByteArray::number(mailbox.uidValidity.value) + "] UIDs valid\r\n";
    out += "* OK [UIDNEXT " + QByteArray::number(mailbox.uidNext.value) + "] Next UID\r\n";
    out += "* OK [MAILBOXID (" + mailboxObjectId(mailbox.uidValidity) + ")] Mailbox id\r\n";
    out += "* OK [HIGHESTMODSEQ " + QByteArray::number(mailbox.highestModSeq.value)
        + "] Newest change\r\n";
    if (m_wantsModSeq) {
        s->enable(Extension::CondStore); // no view yet: the line above says where it stands
    }
    s->setView(std::move(selected));
    s->send(out);
    // RFC 7162 3.2.5: with another UIDVALIDITY what the client knows means nothing.
    if (m_qresync && m_qresync->uidValidity == mailbox.uidValidity) {
        resync();
    } else {
        finishSelected();
    }
}

void SelectCommand::resync()
{
    const auto uidNext = m_hub->mailbox().uidNext;
    const UidRanges known = knownUids(*m_qresync, uidNext);
    const ResyncQuery query{.mailbox = view().mailbox(),
                            .since = m_qresync->since,
                            .changed = known,
                            .vanished = known,
                            .viewUids = view().uids(),
                            .uidNext = uidNext};
    store()
        .read([query](ReadTxn &txn) { return resyncSince(txn, query); },
              {JobClass::Interactive, session().cancelToken()})
        .then(this, [this](const Result<Resync> &resync) { onResynced(resync); });
}

void SelectCommand::onResynced(const Result<Resync> &resync)
{
    if (!resync) {
        return failSelected(resync.error());
    }
    const auto vanished = vanishedUnknownTo(*m_qresync, resync->vanished, view().uids());
    if (!vanished.isEmpty()) {
        session().send("* VANISHED (EARLIER) " + formatUidRanges(vanished) + "\r\n");
    }
    FetchPlan plan = FetchStream::planFor(session());
    plan.spans = spansOf(resync->changed, plan.viewUids);
    if (!plan.isUidOnly) {
        plan.items = {uidItem()};
    }
    plan.items << flagsItem() << modSeqItem();
    m_stream =
        std::make_unique<FetchStream>(session(), std::move(plan), [this](const Result<void> &done) {
            done ? finishSelected() : failSelected(done.error());
        });
    m_stream->start();
}

void SelectCommand::resume()
{
    if (m_stream) {
        m_stream->resume();
    }
}

// RFC 9051 6.3.2: no mailbox is selected then.
void SelectCommand::failSelected(const Error &error)
{
    session().setView(nullptr);
    finish(error);
}

void SelectCommand::finishSelected()
{
    finish(Status::ok("Selected", m_mode == SelectMode::ReadOnly ? "READ-ONLY" : "READ-WRITE"));
}

} // namespace Postnook
