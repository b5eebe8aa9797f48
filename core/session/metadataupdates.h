#pragma once

#include "core/wire/mailboxnames.h"
#include "storage/store.h"

#include <QMap>
#include <QObject>

#include <functional>

namespace Postnook
{

class Account;

// Which metadata other sessions have changed and one client has not been told of yet (RFC 5464
// 4.4.2). Each entry waits once, and there is an end to how many do. Main thread; owned by the
// Session.
class MetadataUpdates : public QObject
{
    Q_OBJECT

public:
    // `origin`: the session's number, to leave out what it has set itself. `onChanged` is called
    // when there is something new to tell, or too much.
    MetadataUpdates(Account &account, quint64 origin, std::function<void()> onChanged);

    // More waited than is kept, and nothing is told any more: the client has to begin anew.
    bool isOverflowing() const { return m_isOverflowing; }
    // One METADATA response for each mailbox and the server.
    void write(QByteArray &out, NameCoding coding);

private:
    void note(const CommitNotice &notice);
    void noteName(const NameEvent &event);
    void noteChange(const MetadataChange &change);

    QMap<MailboxName, QByteArrayList> m_pending; // entries by their owner, as it is called now
    qsizetype m_count = 0; // of all entries that wait
    quint64 m_origin = 0;
    bool m_isOverflowing = false;
    std::function<void()> m_onChanged;
};

// The METADATA response that names entries that have changed (RFC 5464 4.4.2).
void writeChangedEntries(QByteArray &out,
                         const MailboxName &mailbox,
                         const QByteArrayList &entries,
                         NameCoding coding);

} // namespace Postnook
