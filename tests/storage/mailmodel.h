#pragma once

#include "storage/store.h"

#include <QMap>

#include <optional>

namespace Postnook::Test
{

struct ModelMessage {
    int text = 0; // number of the message text; its size is the caller's business
    MessageFlags flags;
    InternalDate date;
    ModSeq modSeq;

    friend bool operator==(const ModelMessage &, const ModelMessage &) = default;
};

struct ModelMailbox {
    UidValidity uidValidity; // 0: made in this job, not known yet
    Uid uidNext{1};
    ModSeq highestModSeq;
    QByteArrayList keywords; // spellings, in order of arrival
    QMap<Uid, ModelMessage> messages;
    QMap<Uid, ModelMessage> expunged;
    bool messagesChanged = false; // by the job that runs
    bool renamed = false; // by the job that runs

    friend bool operator==(const ModelMailbox &, const ModelMailbox &) = default;
};

// What store.h says of mailboxes, in the simplest words there are: a value without transactions
// and without a disk. What one job changes has the MODSEQ Pending until settle().
class MailModel
{
public:
    static constexpr auto Pending = ModSeq(~quint64(0));

    QMap<QByteArray, ModelMailbox> mailboxes;

    bool create(const QByteArray &name); // false: it exists
    void remove(const QByteArray &name);
    bool canRename(const QByteArray &from, const QByteArray &to) const; // from exists
    void rename(const QByteArray &from, const QByteArray &to);

    Uid append(const QByteArray &name, const ModelMessage &message);
    // Those left alone because of unchangedSince.
    QList<Uid> storeFlags(const QByteArray &name,
                          const UidRanges &uids,
                          FlagChange change,
                          const MessageFlags &flags,
                          std::optional<ModSeq> unchangedSince);
    QList<std::pair<Uid, Uid>>
    copy(const QByteArray &from, const UidRanges &uids, const QByteArray &to);
    QList<std::pair<Uid, Uid>>
    move(const QByteArray &from, const UidRanges &uids, const QByteArray &to);
    QList<Uid> expunge(const QByteArray &name, const UidRanges &uids);

private:
    static QList<Uid> select(const ModelMailbox &mailbox, const UidRanges &uids);
    static MessageFlags adopt(ModelMailbox &mailbox, const MessageFlags &flags);
    static Uid add(ModelMailbox &mailbox, ModelMessage message);
    static void drop(ModelMailbox &mailbox, Uid uid);
};

} // namespace Postnook::Test
