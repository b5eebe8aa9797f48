#pragma once

#include "app/export/exportfolder.h"
#include "app/export/exportsession.h"
#include "app/terminal/mailprogress.h"

#include <QList>

#include <atomic>
#include <optional>

namespace Postnook
{

struct ExportReport {
    qint64 messages = 0; // written now
    qint64 mailboxes = 0; // written now
    qint64 earlierMailboxes = 0; // by the same export, before it was interrupted
    QStringList notes; // what a person has to know, a line each
    std::optional<Error> failure; // what ended the export before its end
    bool wasStopped = false; // by the person
};

// Writes the mailboxes of an account into a folder. A large message goes through in pieces; of the
// others, what one commit would take is in memory at most. Ended at any moment it leaves whole
// mailboxes, and the next run goes on from there.
class Exporter
{
public:
    // All outlive this. `stop` is looked at between messages; any thread may set it.
    Exporter(ExportSession &session, MailProgress &progress, const std::atomic<bool> &stop);

    ExportReport run(const QString &path, const ExportIdentity &identity);

private:
    bool goesOn() const { return !m_report.failure && !m_report.wasStopped; }
    template <typename T>
    bool check(const Result<T> &result);
    bool makePlan(const QList<ExportedMailbox> &all, const ExportIdentity &identity);
    bool hasRoom(const QList<ExportedMailbox> &all);
    void exportMailbox(const PlannedMailbox &mailbox);
    void writeMessages(const ExportSession::Opened &opened);
    void writeBatch(const QList<ExportedMessage> &batch);
    void writeSmall(const ExportedMessage &message, const QByteArray &bytes);
    void writeLarge(const ExportedMessage &message);
    Result<MailboxWriter::MessageEnd> pass(const ExportedMessage &message);
    void count(quint64 bytes, qint64 messages);

    ExportSession &m_session;
    MailProgress &m_progress;
    const std::atomic<bool> &m_stop;
    ExportReport m_report;
    std::unique_ptr<ExportFolder> m_folder;
    const ExportFormat *m_format = nullptr;
    std::unique_ptr<MailboxWriter> m_writer;
    qint64 m_bytes = 0;
};

} // namespace Postnook
