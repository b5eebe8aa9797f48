#include "core/commands/listcommand.h"

#include "core/mailbox/account.h"
#include "core/session/session.h"
#include "core/wire/mailboxnames.h"
#include "core/wire/responsewriter.h"
#include "core/wire/tokencursor.h"

#include <map>

namespace Postnook
{

namespace
{

const char *attributeOf(SpecialUse use)
{
    switch (use) {
    case SpecialUse::None:
        return nullptr;
    case SpecialUse::All:
        return "\\All";
    case SpecialUse::Archive:
        return "\\Archive";
    case SpecialUse::Drafts:
        return "\\Drafts";
    case SpecialUse::Flagged:
        return "\\Flagged";
    case SpecialUse::Junk:
        return "\\Junk";
    case SpecialUse::Sent:
        return "\\Sent";
    case SpecialUse::Trash:
        return "\\Trash";
    case SpecialUse::Important:
        return "\\Important";
    }
    return nullptr;
}

void writeLine(QByteArray &out,
               const char *response,
               const QByteArray &attributes,
               const MailboxName &name)
{
    ResponseWriter writer(out);
    writer.raw("* ").raw(response).raw(" (").raw(attributes).raw(") \"/\" ");
    writer.mailbox(name).crlf();
}

// Ascending by bytes does not put "a/b" right behind "a" ("a b" comes between), so look it up.
bool hasChildren(const QList<ListedMailbox> &all, const MailboxName &name)
{
    const MailboxName prefix(name.utf8 + HierarchySeparator);
    const auto it = std::lower_bound(
        all.begin(), all.end(), prefix, [](const ListedMailbox &m, const MailboxName &p) {
            return m.info.name < p;
        });
    return it != all.end() && it->info.name.utf8.startsWith(prefix.utf8);
}

QByteArray listMailboxes(const QList<ListedMailbox> &all, const QByteArray &pattern)
{
    QByteArray out;
    for (const ListedMailbox &listed : all) {
        const MailboxInfo &mailbox = listed.info;
        if (!matchesListPattern(pattern, mailbox.name.utf8)) {
            continue;
        }
        QByteArray attributes =
            hasChildren(all, mailbox.name) ? "\\HasChildren" : "\\HasNoChildren";
        if (const char *use = attributeOf(mailbox.specialUse)) {
            attributes += ' ';
            attributes += use;
        }
        writeLine(out, "LIST", attributes, mailbox.name);
    }
    return out;
}

// LSUB with '%' also names parents, themselves not subscribed, of subscribed names (RFC
// 3501 6.3.9).
QByteArray listSubscriptions(const QList<MailboxName> &names, const QByteArray &pattern)
{
    std::map<MailboxName, bool> found; // name -> subscribed itself
    for (const MailboxName &name : names) {
        if (matchesListPattern(pattern, name.utf8)) {
            found[name] = true;
        }
        if (!pattern.endsWith('%')) {
            continue;
        }
        for (auto end = name.utf8.lastIndexOf('/'); end > 0;
             end = name.utf8.lastIndexOf('/', end - 1)) {
            const MailboxName parent(name.utf8.first(end));
            if (matchesListPattern(pattern, parent.utf8)) {
                found.emplace(parent, false);
            }
        }
    }
    QByteArray out;
    for (const auto &[name, isSubscribed] : found) {
        writeLine(out, "LSUB", isSubscribed ? "" : "\\Noselect", name);
    }
    return out;
}

} // namespace

void ListCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    const QByteArray reference = arguments.listMailbox();
    arguments.expectSpace();
    const QByteArray pattern = arguments.listMailbox();
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    const char *response = m_mode == ListMode::List ? "LIST" : "LSUB";
    if (pattern.isEmpty() && m_mode == ListMode::List) {
        // Asks for the separator and the root of the reference (RFC 9051 6.3.9).
        session().send(QByteArray("* ") + response + " (\\Noselect) \"/\" \"\"\r\n");
        finish(Status::ok("Done"));
        return;
    }
    store()
        .read([mode = m_mode, whole = reference + pattern](ReadTxn &txn) -> Result<QByteArray> {
            if (mode == ListMode::List) {
                return txn.mailboxes().transform(
                    [&](const QList<ListedMailbox> &all) { return listMailboxes(all, whole); });
            }
            return txn.subscriptions().transform(
                [&](const QList<MailboxName> &names) { return listSubscriptions(names, whole); });
        })
        .then(this, [this](const Result<QByteArray> &lines) {
            if (!lines) {
                return finish(lines.error());
            }
            session().send(*lines);
            finish(Status::ok("Done"));
        });
}

} // namespace Postnook
