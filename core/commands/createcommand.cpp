#include "core/commands/createcommand.h"

#include "core/commands/mailboxlist.h"
#include "core/mailbox/account.h"
#include "core/mailbox/specialuse.h"
#include "core/session/session.h"
#include "core/wire/tokencursor.h"

#include <algorithm>

namespace Postnook
{

namespace
{

enum class Outcome { Created, UseIsTaken };

struct Created {
    Outcome outcome = Outcome::Created;
    QByteArray listLine; // where the name is not the one the client gave
};

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

Result<Outcome> makeMailbox(WriteTxn &txn, const MailboxName &name, SpecialUse use)
{
    return txn.createMailbox(name, use).transform(
        [](const MailboxInfo &) { return Outcome::Created; });
}

// `isAsked`: the client names the use, and gets it or nothing (RFC 6154 3).
Result<Outcome> create(WriteTxn &txn, const MailboxName &name, SpecialUse use, bool isAsked)
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
        const auto renamed = txn.renameMailbox(holder->name, name);
        return renamed ? Result(Outcome::Created) : renamed.error();
    }
    return isAsked ? Result(Outcome::UseIsTaken) : makeMailbox(txn, name, SpecialUse::None);
}

Result<Created> createAndList(WriteTxn &txn,
                              const MailboxName &name,
                              SpecialUse use,
                              bool isAsked,
                              const std::optional<MailboxName> &asGiven)
{
    const auto outcome = create(txn, name, use, isAsked);
    if (!outcome || *outcome != Outcome::Created || !asGiven) {
        return outcome.transform([](Outcome o) { return Created{o, {}}; });
    }
    return listOne(txn, name, NameCoding::Utf8, asGiven).transform([](const QByteArray &line) {
        return Created{Outcome::Created, line};
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
        .then(this, [this](const Result<Created> &created) {
            if (!created) {
                return finish(created.error());
            }
            session().send(created->listLine);
            finish(created->outcome == Outcome::Created
                       ? Status::ok("Done")
                       : Status::no("Another mailbox has that use", "USEATTR"));
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
