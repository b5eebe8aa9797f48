#include "core/commands/mailboxlist.h"

#include "core/mailbox/specialuse.h"
#include "core/wire/mailboxnames.h"
#include "core/wire/responsewriter.h"

#include <algorithm>
#include <map>
#include <set>

namespace Postnook
{

namespace
{

void writeLine(QByteArray &out,
               const char *response,
               const QByteArrayList &attributes,
               const MailboxName &name,
               NameCoding coding)
{
    ResponseWriter writer(out);
    writer.raw("* ").raw(response).raw(" (").raw(attributes.join(' ')).raw(") \"/\" ");
    writer.mailbox(name, coding);
}

// Calls visit(parent) for every level above the name, from the nearest up.
template <typename Visit>
void forEachParent(const MailboxName &name, Visit visit)
{
    for (auto end = name.utf8.lastIndexOf(HierarchySeparator); end > 0;
         end = name.utf8.lastIndexOf(HierarchySeparator, end - 1)) {
        visit(MailboxName(name.utf8.first(end)));
    }
}

// Every name there is something to tell of: mailboxes, subscriptions, and the levels above them,
// which need not exist.
class NameTree
{
public:
    NameTree(const QList<ListedMailbox> &all,
             const QList<MailboxName> &subscriptions,
             const ListQuery &query)
        : m_query(query)
    {
        for (const ListedMailbox &listed : all) {
            m_names[listed.info.name].mailbox = &listed.info;
            forEachParent(listed.info.name, [this](const MailboxName &parent) {
                m_names[parent].hasChildren = true;
            });
        }
        for (const MailboxName &name : subscriptions) {
            m_names[name].isSubscribed = true;
        }
        select();
    }

    QList<ListedName> matching();

private:
    void select();
    bool meetsSelection(const ListedName &entry) const;
    bool matchesPatterns(const MailboxName &name) const;
    bool isListed(const ListedName &entry, bool hasUnlistedBelow) const;

    const ListQuery &m_query;
    std::map<MailboxName, ListedName> m_names;
};

bool NameTree::meetsSelection(const ListedName &entry) const
{
    if (m_query.subscribed && !entry.isSubscribed) {
        return false;
    }
    const bool exists = entry.mailbox != nullptr;
    if (m_query.specialUse) {
        return exists && entry.mailbox->specialUse != SpecialUse::None;
    }
    return exists || m_query.subscribed;
}

void NameTree::select()
{
    std::set<MailboxName> above; // the map must not grow while it is walked
    for (auto &[name, entry] : m_names) {
        entry.name = name;
        entry.isSelected = meetsSelection(entry);
        if (entry.isSelected) {
            forEachParent(name, [&above](const MailboxName &parent) { above.insert(parent); });
        }
    }
    for (const MailboxName &parent : above) {
        ListedName &entry = m_names[parent];
        entry.name = parent;
        entry.hasSelectedBelow = true;
    }
}

bool NameTree::matchesPatterns(const MailboxName &name) const
{
    return std::any_of(
        m_query.patterns.begin(), m_query.patterns.end(), [&name](const QByteArray &pattern) {
            return !pattern.isEmpty() && matchesListPattern(pattern, name.utf8);
        });
}

bool NameTree::isListed(const ListedName &entry, bool hasUnlistedBelow) const
{
    if (entry.isSelected) {
        return true;
    }
    if (m_query.recursiveMatch) {
        // Redundant where all that is below is listed itself (RFC 5258 3.5).
        return hasUnlistedBelow;
    }
    // A missing level of the hierarchy (RFC 3501 6.3.8; RFC 5258, example 11).
    const bool isPlain = !m_query.subscribed && !m_query.specialUse;
    return isPlain && entry.mailbox == nullptr && entry.hasSelectedBelow;
}

QList<ListedName> NameTree::matching()
{
    std::set<MailboxName> aboveUnlisted;
    std::set<MailboxName> matched;
    for (const auto &[name, entry] : m_names) {
        if (matchesPatterns(name)) {
            matched.insert(name);
        } else if (entry.isSelected) {
            forEachParent(name, [&](const MailboxName &parent) { aboveUnlisted.insert(parent); });
        }
    }
    QList<ListedName> found;
    for (const MailboxName &name : matched) {
        const ListedName &entry = m_names[name];
        if (isListed(entry, aboveUnlisted.contains(name))) {
            found.append(entry);
        }
    }
    return found;
}

QByteArrayList attributesOf(const ListedName &listed, const ListQuery &query)
{
    QByteArrayList attributes;
    const bool isMissing = listed.mailbox == nullptr;
    if (isMissing) {
        // To a client that knows RFC 5258 the second says the first too.
        attributes << (query.isExtended ? "\\NonExistent" : "\\Noselect");
    }
    if (listed.isSubscribed && query.tellsSubscribed) {
        attributes << "\\Subscribed";
    }
    if (query.tellsChildren || (isMissing && !listed.isSelected && !query.recursiveMatch)) {
        attributes << (listed.hasChildren ? "\\HasChildren" : "\\HasNoChildren");
    }
    if (query.tellsSpecialUse && !isMissing && listed.mailbox->specialUse != SpecialUse::None) {
        attributes << specialUseAttribute(listed.mailbox->specialUse);
    }
    return attributes;
}

// `("CHILDINFO" ("SUBSCRIBED"))`
QByteArray childInfo(const ListQuery &query)
{
    QByteArrayList criteria;
    if (query.subscribed) {
        criteria << "\"SUBSCRIBED\"";
    }
    if (query.specialUse) {
        criteria << "\"SPECIAL-USE\"";
    }
    return " (\"CHILDINFO\" (" + criteria.join(' ') + "))";
}

} // namespace

QList<ListedName> selectMailboxes(const QList<ListedMailbox> &all,
                                  const QList<MailboxName> &subscriptions,
                                  const ListQuery &query)
{
    return NameTree(all, subscriptions, query).matching();
}

QByteArray listResponse(const ListedName &listed,
                        const ListQuery &query,
                        const std::optional<MailboxName> &oldName)
{
    QByteArray line;
    writeLine(line, "LIST", attributesOf(listed, query), listed.name, query.coding);
    if (query.recursiveMatch && listed.hasSelectedBelow) {
        line += childInfo(query);
    }
    if (oldName) {
        ResponseWriter(line).raw(" (\"OLDNAME\" (").mailbox(*oldName, query.coding).raw("))");
    }
    return line + "\r\n";
}

Result<QByteArray> listOne(ReadTxn &txn,
                           const MailboxName &name,
                           NameCoding coding,
                           const std::optional<MailboxName> &oldName)
{
    const auto all = txn.mailboxes();
    if (!all) {
        return all.error();
    }
    const ListQuery query{.patterns = {name.utf8}, // no name holds a wildcard
                          .isExtended = true,
                          .tellsSubscribed = true,
                          .tellsChildren = true,
                          .tellsSpecialUse = true,
                          .coding = coding};
    return txn.subscriptions().and_then(
        [&](const QList<MailboxName> &subscriptions) -> Result<QByteArray> {
            const auto found = selectMailboxes(*all, subscriptions, query);
            if (found.size() != 1) {
                return Error{ErrorCode::NotFound, {}};
            }
            return listResponse(found.first(), query, oldName);
        });
}

QByteArray
lsubResponses(const QList<MailboxName> &subscriptions, const QByteArray &pattern, NameCoding coding)
{
    std::map<MailboxName, bool> found; // name -> subscribed itself
    for (const MailboxName &name : subscriptions) {
        if (matchesListPattern(pattern, name.utf8)) {
            found[name] = true;
        }
        // '%' at the end also names parents, themselves not subscribed, of subscribed names.
        if (pattern.endsWith('%')) {
            forEachParent(name, [&](const MailboxName &parent) {
                if (matchesListPattern(pattern, parent.utf8)) {
                    found.emplace(parent, false);
                }
            });
        }
    }
    QByteArray out;
    for (const auto &[name, isSubscribed] : found) {
        const QByteArrayList attributes =
            isSubscribed ? QByteArrayList() : QByteArrayList{"\\Noselect"};
        writeLine(out, "LSUB", attributes, name, coding);
        out += "\r\n";
    }
    return out;
}

} // namespace Postnook
