#pragma once

#include "core/search/keycache.h"
#include "storage/store.h"

#include <memory>

namespace Postnook
{

struct KeySource;

// What the messages of an account sort and thread by. To read it is most of the work of SORT and
// THREAD, and of a message it never changes: so it is kept from one to the next, in memory and, of
// large mailboxes, on disk. Any thread, several at a time.
class MessageKeys
{
public:
    MessageKeys(AccountId account, std::shared_ptr<KeyCache> cache);

    // Numbers by which these messages (ascending UIDs) sort by a key, in their order. Of messages
    // that are gone: 0. Not Relevancy, which is of a search. Cancelled.
    Result<QList<qint64>>
    sortKeys(ReadTxn &txn, MailboxId mailbox, SortCriterion::Key key, const QList<Uid> &uids);
    // What threads are made of, of those messages that are there, in their order; `number` is the
    // UID. Cancelled.
    Result<QList<ThreadMessage>>
    threadKeys(ReadTxn &txn, MailboxId mailbox, const QList<Uid> &uids);

private:
    struct Found;

    Result<KeyColumn>
    column(ReadTxn &txn, MailboxId mailbox, const KeySource &source, const QList<Uid> &uids);
    // What is kept on disk; empty where nothing is.
    static Result<KeyColumn> kept(ReadTxn &txn, MailboxId mailbox, const KeySource &source);
    static void
    keep(ReadTxn &txn, MailboxId mailbox, const KeySource &source, const KeyColumn &column);
    // The column with these messages, too.
    static Result<KeyColumn> extended(ReadTxn &txn,
                                      MailboxId mailbox,
                                      const KeySource &source,
                                      const KeyColumn &known,
                                      const QList<Uid> &missing);
    // NotFound: one of those that the others are compared with is gone.
    static Result<KeyColumn> ranked(ReadTxn &txn,
                                    MailboxId mailbox,
                                    const KeySource &source,
                                    const KeyColumn &known,
                                    Found found);
    // The names go on from those given.
    static Result<Found> read(ReadTxn &txn,
                              MailboxId mailbox,
                              const KeySource &source,
                              const QList<Uid> &uids,
                              const ThreadNames &names);

    const AccountId m_account;
    const std::shared_ptr<KeyCache> m_cache;
};

} // namespace Postnook
