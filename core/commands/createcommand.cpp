#include "core/commands/createcommand.h"

#include "core/commands/mailboxlist.h"
#include "core/mailbox/account.h"
#include "core/mailbox/specialuse.h"
#include "core/session/session.h"
#include "core/wire/objectids.h"
#include "core/wire/tokencursor.h"

#include <algorithm>

namespace Postnook
{

namespace
{

// The mailbox that has the use, and whether it may hand it on: nothing was ever in it, nothing is
// below it.
struct Holder {
    MailboxName name;
    bool isUnused = false;
};

std::optional<Holder> holderOf(SpecialUse use, const QList<ListedMailbox> &all)
{
    const auto has = [use](const ListedMailbox &m) { return m.info.specialUse == use; };
    const auto found = std::find_if(all.begin(), all.end(), has);
    if (found == all.end()) {
        return std::nullopt;
    }
    const QByteArray prefix = found->info.name.utf8 + HierarchySeparator;
    const bool hasChildren = std::any_of(all.begin(), all.end(), [&](const ListedMailbox &m) {
        return m.info.name.utf8.startsWith(prefix);
    });
    return Holder{found->info.name, found->info.uidNext == Uid(1) && !hasChildren};
}

// Nothing when another mailbox has the use.
using Created = std::optional<MailboxInfo>;

Result<Created> makeMailbox(WriteTxn &txn, const MailboxName &name, SpecialUse use)
{
    return txn.createMailbox(name, use).transform(
        [](const MailboxInfo &made) { return Created(made); });
}

// `isAsked`: the client names the use, and gets it or nothing (RFC 6154 3).
Result<Created> create(WriteTxn &txn, const MailboxName &name, SpecialUse use, bool isAsked)
{
    if (use == SpecialUse::None) {
        return makeMailbox(txn, name, use);
    }
    const auto all = txn.mailboxes();
    if (!all) {
        return all.error();
    }
    const auto holder = holderOf(use, *all);
    if (!holder) {
        return makeMailbox(txn, name, use);
    }
    if (holder->isUnused) {
        // The one that was made for a new account becomes this one.
        if (const auto renamed = txn.renameMailbox(holder->name, name); !renamed) {
            return renamed.error();
        }
        return txn.mailbox(name).transform([](const MailboxInfo &info) { return Created(info); });
    }
    return isAsked ? Result<Created>(Created()) : makeMailbox(txn, name, SpecialUse::None);
}

struct Outcome {
    Created created;
    QByteArray listLine; // where the name is not the one the client gave
};

Result<Outcome> createAndList(WriteTxn &txn,
                              const MailboxName &name,
                              SpecialUse use,
                              bool isAsked,
                              const std::optional<MailboxName> &asGiven)
{
    const auto created = create(txn, name, use, isAsked);
    if (!created || !*created || !asGiven) {
        return created.transform([](const Created &c) { return Outcome{c, {}}; });
    }
    return listOne(txn, name, NameCoding::Utf8, asGiven).transform([&](const QByteArray &line) {
        return Outcome{*created, line};
    });
}

} // namespace

void CreateCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    std::optional<MailboxName> asGiven;
    const MailboxName name = arguments.mailbox(&asGiven);
    readParameters(arguments);
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    if (m_isUnsupported) {
        finish(Status::no("No mailbox here can have that use", "USEATTR"));
        return;
    }
    const bool isAsked = m_use != SpecialUse::None;
    const SpecialUse use = isAsked ? m_use : specialUseOfName(name);
    if (!session().isRev2()) {
        asGiven.reset();
    }
    account()
        .write([name, use, isAsked, asGiven](
                   WriteTxn &txn) { return createAndList(txn, name, use, isAsked, asGiven); },
               session().writeOptions())
        .then(this, [this](const Result<Outcome> &outcome) {
            if (!outcome) {
                return finish(outcome.error());
            }
            if (!outcome->created) {
                return finish(Status::no("Another mailbox has that use", "USEATTR"));
            }
            session().send(outcome->listLine);
            const auto id = mailboxObjectId(outcome->created->uidValidity); // RFC 8474 4.1
            finish(Status::ok("Done", "MAILBOXID (" + id + ')'));
        });
}

// RFC 4466 2.2
void CreateCommand::readParameters(TokenCursor &arguments)
{
    if (!arguments.trySpace()) {
        return;
    }
    arguments.enterList();
    if (!arguments.tryWord("USE")) {
        arguments.fail("Unknown parameter of CREATE");
    }
    arguments.expectSpace();
    readUses(arguments);
    arguments.leaveList();
}

void CreateCommand::readUses(TokenCursor &arguments)
{
    arguments.enterList();
    if (arguments.peek() != std::optional<char>(')')) {
        do {
            arguments.expectChar('\\');
            const auto use = specialUseNamed('\\' + arguments.atom());
            const bool isSecond = m_use != SpecialUse::None && use != m_use;
            m_isUnsupported = m_isUnsupported || !use || !isAssignable(*use) || isSecond;
            m_use = use.value_or(SpecialUse::None);
        } while (!arguments.hasFailed() && arguments.trySpace());
    }
    arguments.leaveList();
}

} // namespace Postnook
