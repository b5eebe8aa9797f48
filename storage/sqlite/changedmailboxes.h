#pragma once

#include "storage/sqlite/mailreader.h"
#include "storage/sqlite/uidblocks.h"

#include <map>

namespace Postnook::Sqlite
{

// A mailbox row in the hands of a write job.
class ChangedMailbox
{
public:
    ChangedMailbox(Database &database, MailboxInfo state)
        : info(std::move(state))
        , blocks(database, info.id)
    {
    }

    // The MODSEQ of all changes that this job makes to the mailbox.
    ModSeq newModSeq();
    // To be told about even when no message changed.
    void announce() { m_announced = true; }
    bool isAnnounced() const { return m_announced; }
    bool hasNewModSeq() const { return m_hasNewModSeq; }
    // Takes a new MODSEQ (RFC 7162 3.2). `isAsked`: the client has named the entry, and need not be
    // told.
    void noteMetadata(const QByteArray &entry, bool isAsked);
    const QByteArrayList &changedMetadata() const { return m_changedMetadata; }
    bool isMetadataAsked() const { return m_isMetadataAsked; }

    MailboxInfo info;
    UidBlocks blocks;
    MailboxChanges changes;
    QList<NameEvent> names;
    bool isDeleted = false;

private:
    bool m_hasNewModSeq = false;
    bool m_announced = false;
    QByteArrayList m_changedMetadata;
    bool m_isMetadataAsked = true;
};

// The mailboxes that one write job changes: read once, counted up in memory, written back by
// flush().
class ChangedMailboxes
{
public:
    explicit ChangedMailboxes(MailReader &reader)
        : m_reader(reader)
    {
    }

    // NotFound. The pointer stays good as long as this object.
    Result<ChangedMailbox *> open(MailboxId id);
    // An entry of ServerMetadata was changed.
    void noteServerMetadata(const QByteArray &entry);
    // Before anybody reads mailbox rows, and at the end of the job.
    Result<void> flush();
    void noteSubscription(const MailboxName &name, bool subscribed);
    QList<CommitNotice> notices(quint64 origin) const;

private:
    struct Entry {
        Entry(Database &database, const MailboxInfo &info)
            : mailbox(database, info)
            , written(info)
        {
        }

        ChangedMailbox mailbox;
        MailboxInfo written; // what the row says
    };

    MailReader &m_reader;
    std::map<MailboxId, Entry> m_entries;
    QByteArrayList m_serverMetadata; // entries that were changed
    QList<NameEvent> m_subscriptions;
};

} // namespace Postnook::Sqlite
