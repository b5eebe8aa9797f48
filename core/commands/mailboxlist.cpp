#include "core/commands/mailboxlist.h"

#include "core/mailbox/specialuse.h"
#include "core/wire/mailboxnames.h"
#include "core/wire/responsewriter.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

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

// Calls visit(parent) for the levels above the name, from the nearest up, until it returns false.
template <typename Visit>
void forEachParent(const MailboxName &name, Visit visit)
{
    for (auto end = name.utf8.lastIndexOf(HierarchySeparator); end > 0;
         end = name.utf8.lastIndexOf(HierarchySeparator, end - 1)) {
        if (!visit(MailboxName(name.utf8.first(end)))) {
            return;
        }
    }
}

// Lets others run now and then during a long selection, and tells when nobody waits for it any
// more.
class Pauses
{
public:
    explicit Pauses(ReadTxn &txn)
        : m_txn(txn)
    {
    }

    // Before work on a name.
    bool goOn() { return goOn(OctetsOfName); }
    // Before a name is compared with a pattern.
    bool goOn(const QByteArray &pattern, const MailboxName &name)
    {
        return goOn((pattern.size() + 1) * (name.utf8.size() + 1));
    }
    bool isCancelled() const { return m_isCancelled; }

private:
    static constexpr qsizetype OctetsBetweenOthers = 250'000; // to compare: some 100 us
    static constexpr qsizetype OctetsOfName = 200; // what it costs beside that, in a map

    bool goOn(qsizetype octets)
    {
        m_octets += octets;
        if (m_octets >= OctetsBetweenOthers) {
            m_octets = 0;
            m_txn.letOthersRun();
            m_isCancelled = m_txn.isCancelled();
        }
        return !m_isCancelled;
    }

    ReadTxn &m_txn;
    qsizetype m_octets = 0; // since others ran
    bool m_isCancelled = false;
};

// Every name there is something to tell of: mailboxes, subscriptions, and the levels above them,
// which need not exist.
class NameTree
{
public:
    NameTree(Pauses &pauses,
             const QList<ListedMailbox> &all,
             const QList<MailboxName> &subscriptions,
             const ListQuery &query)
        : m_pauses(pauses)
        , m_query(query)
    {
        for (const ListedMailbox &listed : all) {
            m_names[listed.info.name].mailbox = &listed.info;
            forEachParent(listed.info.name, [this](const MailboxName &parent) {
                return !std::exchange(m_names[parent].hasChildren, true);
            });
            m_pauses.goOn();
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

    Pauses &m_pauses;
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
            forEachParent(
                name, [&above](const MailboxName &parent) { return above.insert(parent).second; });
        }
        m_pauses.goOn();
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
        m_query.patterns.begin(), m_query.patterns.end(), [&](const QByteArray &pattern) {
            return m_pauses.goOn(pattern, name) && !pattern.isEmpty()
                && matchesListPattern(pattern, name.utf8);
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
        } else if (m_pauses.isCancelled()) {
            return {};
        } else if (entry.isSelected) {
            forEachParent(name, [&](const MailboxName &parent) {
                return aboveUnlisted.insert(parent).second;
            });
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

// RFC 3501 6.3.9.
QList<ListedName>
subscribedNames(Pauses &pauses, const QList<MailboxName> &subscriptions, const QByteArray &pattern)
{
    std::map<MailboxName, bool> found; // name -> subscribed itself
    for (const MailboxName &name : subscriptions) {
        if (!pauses.goOn(pattern, name)) {
            return {};
        }
        if (matchesListPattern(pattern, name.utf8)) {
            found[name] = true;
        }
        // '%' at the end also names parents, themselves not subscribed, of subscribed names.
        if (pattern.endsWith('%')) {
            forEachParent(name, [&](const MailboxName &parent) {
                if (matchesListPattern(pattern, parent.utf8)) {
                    found.emplace(parent, false);
                }
                return pauses.goOn(pattern, parent);
            });
        }
    }
    QList<ListedName> names;
    for (const auto &[name, isSubscribed] : found) {
        names.append({.name = name, .isSubscribed = isSubscribed});
    }
    return names;
}

QByteArrayList attributesOf(const ListedName &listed, const ListQuery &query)
{
    QByteArrayList attributes;
    if (query.isLsub) {
        return listed.isSubscribed ? attributes : QByteArrayList{"\\Noselect"};
    }
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

Result<QList<ListedName>> selectMailboxes(ReadTxn &txn,
                                          const QList<ListedMailbox> &all,
                                          const QList<MailboxName> &subscriptions,
                                          const ListQuery &query)
{
    Pauses pauses(txn);
    auto names = query.isLsub ? subscribedNames(pauses, subscriptions, query.patterns.first())
                              : NameTree(pauses, all, subscriptions, query).matching();
    if (pauses.isCancelled()) {
        return Error{ErrorCode::Cancelled, QStringLiteral("nobody wants to know any more")};
    }
    return names;
}

QByteArray listResponse(const ListedName &listed,
                        const ListQuery &query,
                        const std::optional<MailboxName> &oldName)
{
    QByteArray line;
    writeLine(line,
              query.isLsub ? "LSUB" : "LIST",
              attributesOf(listed, query),
              listed.name,
              query.coding);
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
            const auto found = selectMailboxes(txn, *all, subscriptions, query);
            if (!found) {
                return found.error();
            }
            if (found->size() != 1) {
                return Error{ErrorCode::NotFound, {}};
            }
            return listResponse(found->first(), query, oldName);
        });
}

} // namespace Postnook
