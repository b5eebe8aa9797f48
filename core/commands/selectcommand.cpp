#include "core/commands/selectcommand.h"

#include "core/mailbox/account.h"
#include "core/session/session.h"
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
    arguments.expectEnd();
    // Whatever comes of it, the mailbox selected before is no longer (RFC 3501 6.3.1).
    session().setView(nullptr);
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
    s->setView(std::move(selected));
    s->send(out);
    finish(isReadOnly ? Status::ok("Selected", "READ-ONLY") : Status::ok("Selected", "READ-WRITE"));
}

} // namespace Postnook
