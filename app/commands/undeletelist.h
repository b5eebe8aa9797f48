#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QString>

#include <optional>

namespace Postnook
{

// A message of the reply to undelete.list.
struct RemovedItem {
    qint64 mailbox = 0; // its number
    QString mailboxName;
    bool isMailboxDeleted = false;
    int mailboxUse = 0;
    quint32 uid = 0;
    qint64 removedAtUtc = 0; // seconds since 1970, as the next
    qint64 dateUtc = 0;
    QString from;
    QString subject;
    bool hasCopy = false;
};
RemovedItem removedItemFrom(const QJsonObject &message);

// What can be brought back of a mailbox.
struct RemovedMailbox {
    qint64 id = 0;
    QString name;
    bool isDeleted = false;
    int use = 0;
    QList<quint32> uids; // ascending
};

// What can be brought back, by mailbox. Keeps of a message its UID alone.
class RemovedList
{
public:
    void add(const RemovedItem &item);

    qint64 size() const { return m_size; }
    qint64 copies() const { return m_copies; } // of these, those with a copy
    QList<RemovedMailbox> mailboxes() const; // by name

private:
    QMap<qint64, RemovedMailbox> m_mailboxes;
    qint64 m_size = 0;
    qint64 m_copies = 0;
};

// With tabs between the columns, and nothing in them that a terminal would take for a command.
QString lineFor(const RemovedItem &item);
QString lineFor(const RemovedMailbox &mailbox);
QString lineForRestored(const QString &mailbox, qint64 messages);

// "2026-11-20", "2026-11-20 14:30" (local time), or how long before `now`: seconds since 1970 UTC.
std::optional<qint64> momentFrom(const QString &text, const QDateTime &now);

} // namespace Postnook
