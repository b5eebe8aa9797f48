#pragma once

#include "app/import/importprogress.h"
#include "app/import/importsession.h"
#include "app/import/sourcefinder.h"

#include <QList>
#include <QSet>

#include <atomic>
#include <functional>
#include <optional>

namespace Postnook
{

struct ImportReport {
    qint64 imported = 0;
    qint64 known = 0; // came with an earlier import
    QList<ImportItem> skipped;
    std::optional<Error> failure; // what ended the import before its end
    bool wasStopped = false; // by the person
};

// Brings the messages of sources into an account, in batches that are one APPEND each, with what
// has come before left out. A refused batch is sent again message by message, so that only those
// that the server cannot take are skipped. Ended at any moment it leaves whole batches, and the
// next run goes on from there.
class Importer
{
public:
    // All outlive this. `stop` is looked at between messages; any thread may set it.
    Importer(ImportSession &session, ImportProgress &progress, const std::atomic<bool> &stop);

    ImportReport run(const SourceFinder &found);

private:
    bool goesOn() const { return !m_report.failure && !m_report.wasStopped; }
    void importFrom(MailSource &source);
    void take(ImportItem item);
    QString whyNot(const ImportItem &item) const;
    void flush();
    void dropKnown();
    void store(const QList<ImportItem> &items);
    bool prepareMailbox(const MailboxName &name);
    void onRefused(const QList<ImportItem> &items, const ImportSession::Reply &reply);

    ImportSession &m_session;
    ImportProgress &m_progress;
    const std::atomic<bool> &m_stop;
    ImportLimits m_limits;
    ImportReport m_report;
    QList<ImportItem> m_batch; // of one mailbox
    quint64 m_batchBytes = 0;
    QSet<MailboxName> m_prepared;
};

} // namespace Postnook
