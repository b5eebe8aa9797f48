#include "core/mailbox/undelete.h"

#include "core/mime/messagetext.h"
#include "core/mime/storedenvelope.h"
#include "core/wire/sequenceset.h"

#include <algorithm>

namespace Postnook
{

namespace
{

constexpr int MessagesPerPage = 500; // read in some ten milliseconds

QString senderOf(QByteArrayView envelope)
{
    const auto address = Mime::firstAddress(envelope, Mime::AddressField::From);
    if (!address) {
        return {};
    }
    QByteArray mailbox = address->mailbox.value_or(QByteArray());
    if (address->host) {
        mailbox += '@' + *address->host;
    }
    const auto name = Mime::decodeHeaderText(address->name.value_or(QByteArray()));
    const auto text = Mime::decodeHeaderText(mailbox);
    return name.isEmpty() ? text : QStringLiteral("%1 <%2>").arg(name, text);
}

RemovedPage::Entry entryFor(const RemovedMessage &message)
{
    const auto subject = Mime::storedSubject(message.envelope);
    return {message,
            senderOf(message.envelope),
            Mime::decodeHeaderText(subject.value_or(QByteArray()))};
}

Result<MailboxInfo> makeMailbox(WriteTxn &txn, const MailboxName &name, SpecialUse use)
{
    const auto mailboxes = txn.mailboxes();
    if (!mailboxes) {
        return mailboxes.error();
    }
    const bool isTaken = std::any_of(mailboxes->begin(), mailboxes->end(), [use](const auto &one) {
        return one.info.specialUse == use;
    });
    auto made = txn.createMailbox(name, isTaken ? SpecialUse::None : use);
    if (made) {
        if (auto subscribed = txn.setSubscribed(name, true); !subscribed) {
            return subscribed.error();
        }
    }
    return made;
}

// The mailbox that the messages go to.
Result<MailboxInfo> targetOf(WriteTxn &txn, const Restoration &restoration)
{
    if (!restoration.isMoving) {
        auto old = txn.mailbox(restoration.mailbox);
        if (old || old.error().code != ErrorCode::NotFound) {
            return old;
        }
    }
    auto named = txn.mailbox(restoration.name);
    if (named || named.error().code != ErrorCode::NotFound) {
        return named;
    }
    const auto use = restoration.isMoving ? SpecialUse::None : restoration.use;
    return makeMailbox(txn, restoration.name, use);
}

} // namespace

Result<RemovedPage> findRemoved(ReadTxn &txn, const RemovedQuery &query, const QString &text)
{
    RemovedPage page{{}, query, false};
    page.next.limit = MessagesPerPage;
    const auto removed = txn.removedMessages(page.next);
    if (!removed) {
        return removed.error();
    }
    const auto wanted = Mime::foldForSearch(text);
    for (const RemovedMessage &message : *removed) {
        auto entry = entryFor(message);
        if (Mime::foldForSearch(entry.from).contains(wanted)
            || Mime::foldForSearch(entry.subject).contains(wanted)) {
            page.entries.append(std::move(entry));
        }
    }
    page.isLast = removed->size() < MessagesPerPage;
    if (!removed->isEmpty()) {
        page.next.afterRemovedAtUtc = removed->last().removedAtUtc;
        page.next.afterMailbox = removed->last().mailbox;
        page.next.afterUid = removed->last().uid;
    }
    return page;
}

Result<Restored> restoreRemoved(WriteTxn &txn, const Restoration &restoration)
{
    const auto target = targetOf(txn, restoration);
    if (!target) {
        return target.error();
    }
    const auto copied =
        txn.bringBack(restoration.mailbox, toUidRanges(restoration.uids), target->id);
    return copied.transform([&](const CopyResult &result) {
        return Restored{target->name, result.uids.size()};
    });
}

} // namespace Postnook
