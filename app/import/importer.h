#pragma once

#include "app/import/importsession.h"
#include "app/import/sourcefinder.h"
#include "app/terminal/mailprogress.h"

#include <QList>
#include <QMap>
#include <QSet>

#include <atomic>
#include <functional>
#include <optional>

namespace Postnook
{

struct ImportReport {
    struct Mailbox {
        qint64 messages = 0;
        qint64 sizeBytes = 0;

        friend bool operator==(const Mailbox &, const Mailbox &) = default;
    };

    QMap<MailboxName, Mailbox> mailboxes; // what a dry run would have added to which
    qint64 imported = 0; // of a dry run: would have been
    qint64 known = 0; // came with an earlier import
    QList<ImportItem> skipped;
    std::optional<Error> failure; // what ended the import before its end
    bool wasStopped = false; // by the person
};

enum class ImportMode { Store, DryRun };

// Brings the messages of sources into an account, in batches that are one APPEND each, with what
// has come before left out. A dry run reads and asks all the same and stores nothing. A refused
// batch is sent again message by message, so that only those that the server cannot take are
// skipped. Ended at any moment it leaves whole batches, and the next run goes on from there.
class Importer
{
public:
    // All outlive this. `stop` is looked at between messages; any thread may set it.
    Importer(ImportSession &session,
             MailProgress &progress,
             const std::atomic<bool> &stop,
             ImportMode mode = ImportMode::Store);

    ImportReport run(const SourceFinder &found);

private:
    // Messages of one mailbox that wait to be sent together.
    struct Batch {
        QList<ImportItem> items;
        quint64 sizeBytes = 0;
    };

    bool goesOn() const { return !m_report.failure && !m_report.wasStopped; }
    void importFrom(MailSource &source);
    void take(ImportItem item);
    QString whyNot(const ImportItem &item) const;
    void flush(const MailboxName &mailbox);
    void flushLargest();
    void dropKnown(QList<ImportItem> *items);
    void store(const QList<ImportItem> &items);
    void count(const QList<ImportItem> &items);
    bool prepareMailbox(const MailboxName &name);
    void onRefused(const QList<ImportItem> &items, const ImportSession::Reply &reply);

    ImportSession &m_session;
    MailProgress &m_progress;
    const std::atomic<bool> &m_stop;
    const ImportMode m_mode;
    ImportLimits m_limits;
    ImportReport m_report;
    QMap<MailboxName, Batch> m_batches;
    qint64 m_heldMessages = 0; // in all batches
    quint64 m_heldBytes = 0;
    QSet<MailboxName> m_prepared;
    QSet<QByteArray> m_counted; // keys, in a dry run
};

} // namespace Postnook
