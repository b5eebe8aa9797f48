#include "core/commands/selectcommand.h"

#include "core/mailbox/account.h"
#include "core/session/session.h"
#include "core/wire/objectids.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

namespace
{

struct Found {
    MailboxInfo mailbox;
    std::optional<Uid> firstUnseen;
};

} // namespace

void SelectCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    const MailboxName name = arguments.mailbox();
    readParameters(arguments);
    arguments.expectEnd();
    // Whatever comes of it, the mailbox selected before is no longer (RFC 3501 6.3.1).
    if (session().view() != nullptr) {
        session().setView(nullptr);
        session().send("* OK [CLOSED] The mailbox opened before is closed\r\n"); // RFC 7162 3.2.11
    }
    if (failedToParse(arguments)) {
        return;
    }
    store()
        .read([name](ReadTxn &txn) -> Result<Found> {
            const auto mailbox = txn.mailbox(name);
            if (!mailbox) {
                return mailbox.error();
            }
            return txn.firstUnseen(mailbox->id).transform([&](std::optional<Uid> uid) {
                return Found{*mailbox, uid};
            });
        })
        .then(this, [this](const Result<Found> &found) {
            if (!found) {
                return finish(found.error());
            }
            onFound(found->mailbox, found->firstUnseen);
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

void SelectCommand::onFound(const MailboxInfo &mailbox, std::optional<Uid> firstUnseen)
{
    m_hub = account().hub(mailbox.id);
    m_hub->whenLoaded(this, [this, firstUnseen](const Result<void> &loaded) {
        if (!loaded) {
            return finish(loaded.error());
        }
        m_hub->whenCaughtUp(this, [this, firstUnseen] { open(firstUnseen); });
    });
}

UidRanges SelectCommand::claimRecent(const MailboxInfo &mailbox)
{
    const Uid floor = account().recentFloor(mailbox);
    if (floor >= mailbox.uidNext) {
        return {};
    }
    if (m_mode == SelectMode::ReadWrite) {
        account().claimRecent(mailbox.id, mailbox.uidNext);
    }
    return {{floor, Uid(mailbox.uidNext.value - 1)}};
}

void SelectCommand::open(std::optional<Uid> firstUnseen)
{
    const MailboxInfo &mailbox = m_hub->mailbox();
    if (m_hub->isGone()) {
        finish(Error{ErrorCode::NotFound, {}});
        return;
    }
    const bool isReadOnly = m_mode == SelectMode::ReadOnly;
    Session *s = &session();
    auto selected = std::make_unique<SelectedView>(
        m_hub, claimRecent(mailbox), s->id(), isReadOnly, [s] { s->onViewChanged(); });
    QByteArray out;
    selected->writeFlagLists(out);
    out += "* " + QByteArray::number(selected->uids().size()) + " EXISTS\r\n";
    out += "* " + QByteArray::number(selected->recentCount()) + " RECENT\r\n";
    if (firstUnseen) {
        const auto index = selected->lowerBound(*firstUnseen);
        if (index < selected->uids().size() && selected->uids().at(index) == *firstUnseen) {
            out += "* OK [UNSEEN " + QByteArray::number(index + 1) + "] First unseen\r\n";
        }
    }
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
    const ResyncQuery query{.mailbox = view().mailbox(),
                            .since = m_qresync->since,
                            .wanted = knownUids(*m_qresync, uidNext),
                            .viewUids = view().uids(),
                            .uidNext = uidNext,
                            .wantsVanished = true};
    store()
        .read([query](ReadTxn &txn) { return resyncSince(txn, query); },
              {JobClass::Interactive, session().cancelToken()})
        .then(this, [this](const Result<Resync> &resync) { onResynced(resync); });
}

void SelectCommand::onResynced(const Result<Resync> &resync)
{
    if (!resync) {
        session().setView(nullptr);
        return finish(resync.error());
    }
    const auto vanished = vanishedUnknownTo(*m_qresync, resync->vanished, view().uids());
    if (!vanished.isEmpty()) {
        session().send("* VANISHED (EARLIER) " + formatUidRanges(vanished) + "\r\n");
    }
    FetchPlan plan;
    plan.mailbox = view().mailbox();
    plan.viewUids = view().uids();
    plan.spans = spansOf(resync->changed, plan.viewUids);
    plan.items = {uidItem(), flagsItem(), modSeqItem()};
    plan.recent = view().recent();
    m_stream =
        std::make_unique<FetchStream>(session(), std::move(plan), [this](const Result<void> &done) {
            done ? finishSelected() : finish(done.error());
        });
    m_stream->start();
}

void SelectCommand::resume()
{
    if (m_stream) {
        m_stream->resume();
    }
}

void SelectCommand::finishSelected()
{
    finish(Status::ok("Selected", m_mode == SelectMode::ReadOnly ? "READ-ONLY" : "READ-WRITE"));
}

} // namespace Postnook
