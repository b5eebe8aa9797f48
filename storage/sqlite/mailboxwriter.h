#pragma once

#include "storage/sqlite/messagewriter.h"
#include "storage/sqlite/metadatawriter.h"

namespace Postnook::Sqlite
{

// The operations of WriteTxn on mailboxes as such and on subscriptions.
class MailboxWriter
{
public:
    MailboxWriter(WriteContext &context, MessageWriter &messages, MetadataWriter &metadata)
        : m_context(context)
        , m_messages(messages)
        , m_metadata(metadata)
    {
    }

    Result<MailboxInfo> create(const MailboxName &name, SpecialUse use);
    Result<void> remove(const MailboxName &name);
    Result<void> rename(const MailboxName &from, const MailboxName &to);
    Result<void> setSubscribed(const MailboxName &name, bool subscribed);
    Result<void> setRecentFloor(MailboxId id, Uid floor);
    Result<void> setSpecialUse(MailboxId id, SpecialUse use);

private:
    struct NamedMailbox {
        MailboxId id;
        QByteArray name;
    };

    Result<MailboxId> make(const MailboxName &name, SpecialUse use);
    Result<void> makeParents(const MailboxName &name);
    Result<void> checkNew(const MailboxName &name);
    Result<void> renameInbox(const MailboxName &to);
    Result<QList<NamedMailbox>> withChildren(const MailboxName &name);
    Result<void> setName(MailboxId id, const QByteArray &name);
    Result<void> noteRename(MailboxId id, const MailboxName &from, const MailboxName &to);
    Result<void> addSubscription(const MailboxName &name);
    void noteSubscription(const MailboxName &name, bool subscribed);
    Result<void> moveSubscriptions(const QByteArray &from, const QByteArray &to);
    Result<QList<MailboxId>> holdersOf(SpecialUse use);

    WriteContext &m_context;
    MessageWriter &m_messages;
    MetadataWriter &m_metadata;
};

} // namespace Postnook::Sqlite
