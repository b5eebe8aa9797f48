#pragma once

#include "app/export/exportformat.h"
#include "storage/result.h"

#include <QList>
#include <QLockFile>
#include <QString>
#include <QStringList>

#include <memory>

namespace Postnook
{

// What an export is of. One that was interrupted goes on as what it began as.
struct ExportIdentity {
    QString account;
    QString format;
    QStringList mailboxes; // as asked for; empty: all

    friend bool operator==(const ExportIdentity &, const ExportIdentity &) = default;
};

struct PlannedMailbox {
    MailboxName name;
    QString path; // below the folder, with '/'; empty: that itself
    bool isShortened = false;

    friend bool operator==(const PlannedMailbox &, const PlannedMailbox &) = default;
};

// The folder that an export fills: a new or empty one, or one whose export has not ended. A file in
// it says what is in there and whether it is whole. Each mailbox is written aside and moved into
// place when it is whole; what was there before is never touched. Blocks.
class ExportFolder
{
public:
    // AlreadyExists when something else is in the folder, a whole export too.
    static Result<std::unique_ptr<ExportFolder>> open(const QString &path,
                                                      const ExportIdentity &identity);

    const QString &path() const { return m_path; }
    // What was planned when the export began; empty: that is now.
    const QList<PlannedMailbox> &plan() const { return m_plan; }
    Result<void> setPlan(const QList<PlannedMailbox> &plan);

    bool isDone(const PlannedMailbox &mailbox) const;
    // An empty folder for the next mailbox.
    Result<QString> makeAside();
    // What is in that folder becomes the mailbox.
    Result<void> putInPlace(const PlannedMailbox &mailbox);
    // All is there.
    Result<void> end();

private:
    ExportFolder(QString path, ExportIdentity identity, const ExportFormat &format);
    Result<void> takeUp(const QByteArray &marker);
    Result<void> writeMarker(bool hasEnded) const;
    QString targetOf(const PlannedMailbox &mailbox) const;
    QString asidePath() const;
    Result<void> moveInto(const QString &target) const;

    const QString m_path;
    const ExportIdentity m_identity;
    const ExportFormat &m_format;
    QLockFile m_lock;
    QList<PlannedMailbox> m_plan;
};

} // namespace Postnook
