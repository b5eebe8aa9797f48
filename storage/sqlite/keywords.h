#pragma once

#include "storage/sqlite/database.h"

#include <QSet>

#include <map>

namespace Postnook::Sqlite
{

// Unique without regard to ASCII case, sorted by lower-cased bytes.
QByteArrayList normalizedKeywords(QByteArrayList names);

bool containsKeyword(const QByteArrayList &names, const QByteArray &name); // in any case

// The sets of keywords that messages have, stored once each; a message row names its set. The empty
// set is 0. One object per connection, as it caches what it has seen; sets are never deleted.
class KeywordSets
{
public:
    explicit KeywordSets(Database &database)
        : m_database(database)
    {
    }

    Result<QByteArrayList> names(qint64 id);
    Result<QSet<qint64>> with(const QByteArray &name); // in any case of its letters
    // Of normalized names; a new set is stored.
    Result<qint64> idOf(const QByteArrayList &names);
    void forget() { m_names.clear(); } // after a rollback: ids may have been taken back

private:
    Database &m_database;
    QHash<qint64, QByteArrayList> m_names;
};

// The keywords that mailboxes have seen, in the spelling they saw first; lives for one write job.
// Where there are too many, those go that no message has, not even one that is gone but kept.
class MailboxKeywords
{
public:
    explicit MailboxKeywords(Database &database)
        : m_database(database)
    {
    }

    // The names, normalized, as the mailbox spells them; new ones are recorded. Limit, Invalid.
    Result<QByteArrayList> record(MailboxId mailbox, const QByteArrayList &names);

private:
    struct Known {
        QHash<QByteArray, QByteArray> spellings; // by lower-cased name
        QSet<QByteArray> recorded; // lower-cased; by this job, whose messages are not all there yet
        qint64 lastNumber = 0;
    };
    Result<Known *> known(MailboxId mailbox);
    Result<QByteArray> spell(MailboxId mailbox, Known &known, const QByteArray &name);
    Result<QSet<QByteArray>> used(MailboxId mailbox);
    Result<void> freeUnused(MailboxId mailbox, Known &known);

    Database &m_database;
    std::map<MailboxId, Known> m_known;
};

} // namespace Postnook::Sqlite
