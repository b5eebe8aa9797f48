#pragma once

#include "app/mirror/mirrorprogress.h"
#include "app/mirror/mirrorreport.h"
#include "app/mirror/mirrorstore.h"
#include "app/mirror/remoteaccount.h"

#include <functional>

namespace Postnook
{

// Fetches messages of the mailbox that is open at the remote server, and adds them to its copy:
// small ones many at a time, each batch one APPEND; large ones octet for octet as they come. So no
// more than a batch is in memory, whatever the server sends.
class MessageFetcher
{
public:
    struct Task {
        RemoteAccount &remote;
        LocalAccount &local;
        MirrorProgress &progress;
        MailboxReport &report;
        MailboxName copy;
        QByteArray account; // parts of the import keys
        QByteArray mailbox;
        UidValidity validity;
        // Called with what was stored, after each batch.
        std::function<Result<void>(const QList<FetchedMessage> &messages, const QList<Uid> &copies)>
            onStored;
    };

    explicit MessageFetcher(const Task &task)
        : m_task(task)
    {
    }

    // In their order. What cannot be taken is skipped, and stands in the report.
    Result<void> fetch(const QList<Uid> &uids);

private:
    using Description = RemoteAccount::Description;

    Result<void> fetchDescribed(const QList<Description> &described);
    Result<void> fetchBatch(const QList<Description> &batch);
    Result<void> fetchMissing(const QList<Description> &batch, QMap<Uid, QByteArray> *bytes);
    Result<void> fetchLarge(const Description &description);
    Result<void> finishLarge(const FetchedMessage &message, quint64 sizeBytes);
    Result<void> store(const QList<FetchedMessage> &messages);
    Result<void> stored(const QList<FetchedMessage> &messages, const Result<QList<Uid>> &copies);
    FetchedMessage messageFrom(const Description &description) const;
    void skip(Uid uid, const QString &why);

    Task m_task;
    qint64 m_bytes = 0; // for the progress
    qint64 m_done = 0;
};

} // namespace Postnook
