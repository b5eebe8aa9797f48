#include "storage/sqlite/mailboxwriter.h"

#include "storage/sqlite/mailschema.h"

#include <algorithm>

namespace Postnook::Sqlite
{

namespace
{

// Far above what people have and below what a LIST can bear; RFC 9051 names no limits.
constexpr qint64 MaxMailboxes = 20'000;
constexpr qint64 MaxSubscriptions = MaxMailboxes;
constexpr qsizetype MaxNameBytes = 1000;
constexpr qsizetype MaxNameLevels = 100;

constexpr auto Inbox = "INBOX";

Error nameTaken(const QByteArray &name)
{
    return {ErrorCode::AlreadyExists,
            QStringLiteral("there is a mailbox %1 already").arg(QString::fromUtf8(name))};
}

Error noMailbox()
{
    return {ErrorCode::NotFound, QStringLiteral("there is no such mailbox")};
}

bool isWellFormed(const QByteArray &name)
{
    return !name.isEmpty() && !name.startsWith(HierarchySeparator)
        && !name.endsWith(HierarchySeparator) && !name.contains("//") && !name.contains('\0');
}

// No command can reach a mailbox beyond these.
bool isTooLongOrDeep(const QByteArray &name)
{
    return name.size() > MaxNameBytes || name.count(HierarchySeparator) >= MaxNameLevels;
}

// All names below `name` lie between these two.
std::pair<QByteArray, QByteArray> childBounds(const QByteArray &name)
{
    return {name + HierarchySeparator, name + static_cast<char>(HierarchySeparator + 1)};
}

} // namespace

Result<void> MailboxWriter::checkNew(const MailboxName &name)
{
    if (!isWellFormed(name.utf8)) {
        return Error{ErrorCode::Invalid, QStringLiteral("this is no name for a mailbox")};
    }
    if (isTooLongOrDeep(name.utf8)) {
        return Error{ErrorCode::Limit, QStringLiteral("the mailbox name is too long or too deep")};
    }
    const auto taken = m_context.reader.findMailbox(name);
    if (!taken) {
        return taken.error();
    }
    return *taken ? Result<void>(nameTaken(name.utf8)) : Result<void>();
}

Result<MailboxId> MailboxWriter::make(const MailboxName &name, SpecialUse use)
{
    auto counted =
        m_context.database.statement("SELECT count(*) FROM mailbox WHERE deleted_at IS NULL");
    if (counted.next() && counted.integer(0) >= MaxMailboxes) {
        return Error{ErrorCode::Limit, QStringLiteral("there are too many mailboxes")};
    }
    if (counted.error()) {
        return *counted.error();
    }
    const auto id = insertMailbox(m_context.database, name, use, m_context.nowUtc);
    if (!id) {
        return id;
    }
    const auto opened = m_context.mailboxes.open(*id);
    if (!opened) {
        return opened.error();
    }
    (*opened)->announce();
    (*opened)->changes |= MailboxChange::Named;
    (*opened)->names.append({NameEvent::Kind::Created, name});
    return *id;
}

Result<void> MailboxWriter::makeParents(const MailboxName &name)
{
    for (auto end = name.utf8.indexOf(HierarchySeparator); end >= 0;
         end = name.utf8.indexOf(HierarchySeparator, end + 1)) {
        const MailboxName parent(name.utf8.left(end));
        const auto found = m_context.reader.findMailbox(parent);
        if (!found) {
            return found.error();
        }
        if (!*found) {
            if (auto made = make(parent, SpecialUse::None); !made) {
                return made.error();
            }
        }
    }
    return {};
}

Result<MailboxInfo> MailboxWriter::create(const MailboxName &name, SpecialUse use)
{
    if (auto usable = checkNew(name); !usable) {
        return usable.error();
    }
    if (auto parents = makeParents(name); !parents) {
        return parents.error();
    }
    return make(name, use).and_then([this](MailboxId id) { return m_context.reader.mailbox(id); });
}

Result<void> MailboxWriter::remove(const MailboxName &name)
{
    if (name.utf8 == Inbox) { // RFC 9051 6.3.5
        return Error{ErrorCode::NotPermitted, QStringLiteral("INBOX cannot be deleted")};
    }
    const auto id = m_context.reader.findMailbox(name);
    if (!id) {
        return id.error();
    }
    if (!*id) {
        return noMailbox();
    }
    auto mailbox = m_context.mailboxes.open(**id);
    if (!mailbox) {
        return mailbox.error();
    }
    if (auto removed = m_messages.removeAll(**mailbox); !removed) {
        return removed;
    }
    if (auto removed = m_metadata.removeAll(**id); !removed) {
        return removed;
    }
    (*mailbox)->newModSeq(); // the hub of an empty mailbox has to hear of it too
    (*mailbox)->isDeleted = true;
    (*mailbox)->names.append({NameEvent::Kind::Deleted, name});
    return m_context.database.run(
        "UPDATE mailbox SET deleted_at = ?2 WHERE id = ?1", **id, m_context.nowUtc);
}

Result<void> MailboxWriter::rename(const MailboxName &from, const MailboxName &to)
{
    auto moving = withChildren(from); // of a level that is no mailbox itself the children alone
    if (!moving) {
        return moving.error();
    }
    if (moving->isEmpty()) {
        return noMailbox();
    }
    if (auto usable = checkNew(to); !usable) {
        return usable;
    }
    if (from.utf8 == Inbox) {
        return renameInbox(to);
    }
    // A new name may be the old one of a mailbox that moves as well: that one has to move first.
    const bool grows = to.utf8.size() > from.utf8.size();
    std::sort(moving->begin(), moving->end(), [grows](const auto &a, const auto &b) {
        return grows ? a.name.size() > b.name.size() : a.name.size() < b.name.size();
    });
    for (const auto &mailbox : std::as_const(*moving)) {
        const auto suffix = mailbox.name.sliced(from.utf8.size());
        if (auto set = setName(mailbox.id, to.utf8 + suffix); !set) {
            return set;
        }
    }
    if (auto noted = noteRename(moving->first().id, from, to); !noted) {
        return noted;
    }
    if (auto parents = makeParents(to); !parents) {
        return parents;
    }
    return moveSubscriptions(from.utf8, to.utf8);
}

// RFC 9051 6.3.6: the messages go, INBOX itself and its children stay. RFC 5464 4.1: both have the
// metadata then.
Result<void> MailboxWriter::renameInbox(const MailboxName &to)
{
    const auto inbox = m_context.reader.mailbox(MailboxName(Inbox));
    if (!inbox) {
        return inbox.error();
    }
    if (auto parents = makeParents(to); !parents) {
        return parents;
    }
    const auto target = make(to, SpecialUse::None);
    if (!target) {
        return target.error();
    }
    const auto moved = m_messages.move(inbox->id, {{Uid(1), MaxUid}}, *target);
    if (!moved) {
        return moved.error();
    }
    if (auto copied = m_metadata.copyAll(inbox->id, *target); !copied) {
        return copied;
    }
    return noteRename(*target, MailboxName(Inbox), to);
}

// Tells of a rename with one of the mailboxes that got another name by it.
Result<void> MailboxWriter::noteRename(MailboxId id, const MailboxName &from, const MailboxName &to)
{
    const auto mailbox = m_context.mailboxes.open(id);
    if (!mailbox) {
        return mailbox.error();
    }
    // What was made to be the renamed INBOX is not new to those who watch (RFC 5465 5.4).
    (*mailbox)->names.removeAll({NameEvent::Kind::Created, to});
    (*mailbox)->names.append({NameEvent::Kind::Renamed, to, from});
    return {};
}

Result<QList<MailboxWriter::NamedMailbox>> MailboxWriter::withChildren(const MailboxName &name)
{
    QList<NamedMailbox> found;
    const auto [first, end] = childBounds(name.utf8);
    auto rows = m_context.database.statement("SELECT id, name FROM mailbox"
                                             " WHERE (name = ?1 OR (name > ?2 AND name < ?3))"
                                             " AND deleted_at IS NULL",
                                             name,
                                             Text{first},
                                             Text{end});
    while (rows.next()) {
        found.append({rows.number<MailboxId>(0), rows.bytes(1)});
    }
    if (rows.error()) {
        return *rows.error();
    }
    return found;
}

Result<void> MailboxWriter::setName(MailboxId id, const QByteArray &name)
{
    if (isTooLongOrDeep(name)) {
        return Error{ErrorCode::Limit,
                     QStringLiteral("the name of a child would be too long or too deep")};
    }
    const auto taken = m_context.reader.findMailbox(MailboxName(name));
    if (!taken) {
        return taken.error();
    }
    if (*taken) {
        return nameTaken(name);
    }
    auto mailbox = m_context.mailboxes.open(id);
    if (!mailbox) {
        return mailbox.error();
    }
    (*mailbox)->info.name = MailboxName(name);
    (*mailbox)->announce();
    (*mailbox)->changes |= MailboxChange::Named;
    return m_context.database.run("UPDATE mailbox SET name = ?2 WHERE id = ?1", id, Text{name});
}

// People expect a renamed mailbox to stay in their list. RFC 9051 leaves it open.
Result<void> MailboxWriter::moveSubscriptions(const QByteArray &from, const QByteArray &to)
{
    QByteArrayList names;
    const auto [first, end] = childBounds(from);
    auto rows = m_context.database.statement("SELECT name FROM subscription"
                                             " WHERE name = ?1 OR (name > ?2 AND name < ?3)",
                                             Text{from},
                                             Text{first},
                                             Text{end});
    const auto renamed = [&](const QByteArray &name) { return to + name.sliced(from.size()); };
    while (rows.next()) {
        // Of a mailbox that does not exist, or it would have been renamed: it stays as it is.
        if (const auto name = rows.bytes(0); !isTooLongOrDeep(renamed(name))) {
            names.append(name);
        }
    }
    if (rows.error()) {
        return *rows.error();
    }
    for (const auto &name : std::as_const(names)) {
        if (auto removed = setSubscribed(MailboxName(name), false); !removed) {
            return removed;
        }
    }
    for (const auto &name : std::as_const(names)) {
        if (auto added = addSubscription(MailboxName(renamed(name))); !added) {
            return added;
        }
    }
    return {};
}

Result<void> MailboxWriter::setSubscribed(const MailboxName &name, bool subscribed)
{
    if (!subscribed) {
        const auto removed =
            m_context.database.run("DELETE FROM subscription WHERE name = ?1", name);
        noteSubscription(name, false);
        return removed;
    }
    if (!isWellFormed(name.utf8)) {
        return Error{ErrorCode::Invalid, QStringLiteral("this is no name for a mailbox")};
    }
    if (isTooLongOrDeep(name.utf8)) {
        return Error{ErrorCode::Limit, QStringLiteral("the mailbox name is too long or too deep")};
    }
    if (auto added = addSubscription(name); !added) {
        return added;
    }
    auto counted = m_context.database.statement("SELECT count(*) FROM subscription");
    if (counted.next() && counted.integer(0) > MaxSubscriptions) {
        return Error{ErrorCode::Limit, QStringLiteral("there are too many subscriptions")};
    }
    return counted.outcome();
}

Result<void> MailboxWriter::addSubscription(const MailboxName &name)
{
    const auto added = insertSubscription(m_context.database, name);
    noteSubscription(name, true);
    return added;
}

// Behind the statement that may have changed something.
void MailboxWriter::noteSubscription(const MailboxName &name, bool subscribed)
{
    if (m_context.database.changes() > 0) {
        m_context.mailboxes.noteSubscription(name, subscribed);
    }
}

Result<void> MailboxWriter::setRecentFloor(MailboxId id, Uid floor)
{
    auto mailbox = m_context.mailboxes.open(id);
    if (!mailbox) {
        return mailbox.error();
    }
    auto &info = (*mailbox)->info;
    info.recentFloor = std::max(info.recentFloor, floor);
    return {};
}

Result<QList<MailboxId>> MailboxWriter::holdersOf(SpecialUse use)
{
    if (auto flushed = m_context.mailboxes.flush(); !flushed) {
        return flushed.error();
    }
    QList<MailboxId> holders;
    auto rows = m_context.database.statement(
        "SELECT id FROM mailbox WHERE special_use = ?1 AND deleted_at IS NULL",
        static_cast<int>(use));
    while (rows.next()) {
        holders.append(rows.number<MailboxId>(0));
    }
    if (rows.error()) {
        return *rows.error();
    }
    return holders;
}

// RFC 6154 4: a use has one holder, and the one that loses it has not asked for that.
Result<void> MailboxWriter::setSpecialUse(MailboxId id, SpecialUse use)
{
    auto mailbox = m_context.mailboxes.open(id);
    if (!mailbox) {
        return mailbox.error();
    }
    if ((*mailbox)->info.specialUse == use) {
        return {};
    }
    if (use != SpecialUse::None) {
        const auto holders = holdersOf(use);
        if (!holders) {
            return holders.error();
        }
        for (const MailboxId holder : *holders) {
            auto loser = m_context.mailboxes.open(holder);
            if (!loser) {
                return loser.error();
            }
            (*loser)->info.specialUse = SpecialUse::None;
            (*loser)->noteMetadata(SpecialUseEntry.toByteArray(), false);
        }
    }
    (*mailbox)->info.specialUse = use;
    (*mailbox)->noteMetadata(SpecialUseEntry.toByteArray(), true);
    return {};
}

} // namespace Postnook::Sqlite
