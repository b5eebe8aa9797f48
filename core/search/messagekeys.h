#pragma once

#include "core/search/sortprogram.h"
#include "core/search/threadbuilder.h"
#include "storage/store.h"

#include <map>
#include <mutex>
#include <utility>

namespace Postnook
{

// What the messages of an account sort and thread by, kept from one SORT or THREAD to the next: to
// read it is most of their work, and of a message it never changes. Any thread, several at a time.
class MessageKeys
{
public:
    // Numbers by which these messages (ascending UIDs) sort by a key, in their order. Of messages
    // that are gone: 0. Not Relevancy, which is of a search. Cancelled.
    Result<QList<qint64>>
    sortKeys(ReadTxn &txn, MailboxId mailbox, SortCriterion::Key key, const QList<Uid> &uids);
    // What threads are made of, of those messages that are there, in their order; `number` is the
    // UID. Cancelled.
    Result<QList<ThreadMessage>>
    threadKeys(ReadTxn &txn, MailboxId mailbox, const QList<Uid> &uids);

private:
    struct Column {
        QList<Uid> uids; // ascending
        QList<qint64> numbers; // of each, or ranks of:
        QList<QByteArray> texts; // none where the key is a number
        QList<ThreadMessage> threads; // in the column of these
        bool isLasting = true; // a newer scanner will not find another key
        quint64 lastUse = 0;

        qint64 sizeBytes() const;
        void add(Uid uid, const Column &from, qsizetype at);
    };
    struct Source; // what a column is read from
    using Place = std::pair<MailboxId, const Source *>;

    Result<Column>
    column(ReadTxn &txn, MailboxId mailbox, const Source &source, const QList<Uid> &uids);
    static Result<Column>
    read(ReadTxn &txn, MailboxId mailbox, const Source &source, const QList<Uid> &uids);
    static Column merged(const Column &a, const Column &b);
    Column known(const Place &place);
    void keep(const Place &place, const Column &column);

    std::mutex m_mutex; // guards what follows
    std::map<Place, Column> m_columns;
    quint64 m_uses = 0;
};

} // namespace Postnook
