#include "tests/storage/mailmodel.h"

#include <algorithm>

namespace Postnook::Test
{

namespace
{

bool lessByLowerCase(const QByteArray &a, const QByteArray &b)
{
    return a.toLower() < b.toLower();
}

bool isSame(const QByteArray &a, const QByteArray &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

bool contains(const QByteArrayList &keywords, const QByteArray &keyword)
{
    return std::any_of(
        keywords.begin(), keywords.end(), [&](const QByteArray &k) { return isSame(k, keyword); });
}

MessageFlags changed(const MessageFlags &old, FlagChange change, const MessageFlags &given)
{
    if (change == FlagChange::Replace) {
        return given;
    }
    MessageFlags flags = old;
    if (change == FlagChange::Add) {
        flags.system |= given.system;
        for (const auto &keyword : given.keywords) {
            if (!contains(flags.keywords, keyword)) {
                flags.keywords.append(keyword);
            }
        }
        std::sort(flags.keywords.begin(), flags.keywords.end(), lessByLowerCase);
    } else {
        flags.system &= ~given.system;
        flags.keywords.removeIf([&](const QByteArray &k) { return contains(given.keywords, k); });
    }
    return flags;
}

QByteArrayList withParents(const QByteArray &name)
{
    QByteArrayList names;
    for (qsizetype at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
        names.append(name.left(at));
    }
    return names << name;
}

} // namespace

bool MailModel::create(const QByteArray &name)
{
    if (mailboxes.contains(name)) {
        return false;
    }
    for (const auto &level : withParents(name)) {
        if (!mailboxes.contains(level)) {
            mailboxes.insert(level, {});
        }
    }
    return true;
}

void MailModel::remove(const QByteArray &name)
{
    mailboxes.remove(name);
}

bool MailModel::canRename(const QByteArray &from, const QByteArray &to) const
{
    for (auto it = mailboxes.begin(); it != mailboxes.end(); ++it) {
        const bool moves = it.key() == from || (from != "INBOX" && it.key().startsWith(from + '/'));
        if (moves && mailboxes.contains(to + it.key().mid(from.size()))) {
            return false;
        }
    }
    return true;
}

void MailModel::rename(const QByteArray &from, const QByteArray &to)
{
    if (from == "INBOX") {
        create(to);
        move(from, {{Uid(1), MaxUid}}, to);
        return;
    }
    for (const auto &name : mailboxes.keys()) {
        if (name == from || name.startsWith(from + '/')) {
            auto mailbox = mailboxes.take(name);
            mailbox.renamed = true;
            mailboxes.insert(to + name.mid(from.size()), mailbox);
        }
    }
    for (const auto &level : withParents(to)) {
        if (!mailboxes.contains(level)) {
            mailboxes.insert(level, {});
        }
    }
}

Uid MailModel::append(const QByteArray &name, const ModelMessage &message)
{
    return add(mailboxes[name], message);
}

QList<Uid> MailModel::storeFlags(const QByteArray &name,
                                 const UidRanges &uids,
                                 FlagChange change,
                                 const MessageFlags &flags,
                                 std::optional<ModSeq> unchangedSince)
{
    auto &mailbox = mailboxes[name];
    QList<Uid> leftAlone;
    for (const auto uid : select(mailbox, uids)) {
        auto &message = mailbox.messages[uid];
        if (unchangedSince && message.modSeq > *unchangedSince) {
            leftAlone.append(uid);
            continue;
        }
        // A keyword that no message gets was not seen.
        const auto given = change == FlagChange::Remove ? flags : adopt(mailbox, flags);
        const auto after = changed(message.flags, change, given);
        if (after != message.flags) {
            message.flags = after;
            message.modSeq = Pending;
            mailbox.messagesChanged = true;
        }
    }
    return leftAlone;
}

QList<std::pair<Uid, Uid>>
MailModel::copy(const QByteArray &from, const UidRanges &uids, const QByteArray &to)
{
    QList<std::pair<Uid, Uid>> pairs;
    for (const auto uid : select(mailboxes[from], uids)) {
        const auto message = mailboxes[from].messages.value(uid);
        pairs.append({uid, add(mailboxes[to], message)});
    }
    return pairs;
}

QList<std::pair<Uid, Uid>>
MailModel::move(const QByteArray &from, const UidRanges &uids, const QByteArray &to)
{
    const auto pairs = copy(from, uids, to);
    for (const auto &pair : pairs) {
        drop(mailboxes[from], pair.first);
    }
    return pairs;
}

QList<Uid> MailModel::expunge(const QByteArray &name, const UidRanges &uids)
{
    auto &mailbox = mailboxes[name];
    QList<Uid> gone;
    for (const auto uid : select(mailbox, uids)) {
        if (mailbox.messages.value(uid).flags.system.testFlag(SystemFlag::Deleted)) {
            drop(mailbox, uid);
            gone.append(uid);
        }
    }
    return gone;
}

QList<Uid> MailModel::select(const ModelMailbox &mailbox, const UidRanges &uids)
{
    QList<Uid> selected;
    for (auto it = mailbox.messages.begin(); it != mailbox.messages.end(); ++it) {
        if (std::any_of(uids.begin(), uids.end(), [&](const UidRange &range) {
                return range.first <= it.key() && it.key() <= range.last;
            })) {
            selected.append(it.key());
        }
    }
    return selected;
}

// In the mailbox's spelling; what it has not seen before it has seen now.
MessageFlags MailModel::adopt(ModelMailbox &mailbox, const MessageFlags &flags)
{
    MessageFlags adopted = flags;
    for (auto &keyword : adopted.keywords) {
        const auto known = std::find_if(mailbox.keywords.begin(),
                                        mailbox.keywords.end(),
                                        [&](const QByteArray &k) { return isSame(k, keyword); });
        if (known != mailbox.keywords.end()) {
            keyword = *known;
        } else {
            mailbox.keywords.append(keyword);
        }
    }
    return adopted;
}

Uid MailModel::add(ModelMailbox &mailbox, ModelMessage message)
{
    message.flags = adopt(mailbox, message.flags);
    message.modSeq = Pending;
    const auto uid = mailbox.uidNext;
    ++mailbox.uidNext.value;
    mailbox.messages.insert(uid, message);
    mailbox.messagesChanged = true;
    return uid;
}

void MailModel::drop(ModelMailbox &mailbox, Uid uid)
{
    auto message = mailbox.messages.take(uid);
    message.modSeq = Pending;
    mailbox.expunged.insert(uid, message);
    mailbox.messagesChanged = true;
}

} // namespace Postnook::Test
