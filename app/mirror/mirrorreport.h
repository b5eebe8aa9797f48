#pragma once

#include "storage/result.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace Postnook
{

// What a run has done to one mailbox, or would do.
struct MailboxReport {
    QString remote; // names, for people
    QString local;
    qint64 fetched = 0;
    qint64 found = 0; // were here already, and are known again
    qint64 flagged = 0; // got other flags
    qint64 deleted = 0;
    qint64 kept = 0; // gone there, and kept here
    bool isMade = false; // the mailbox here is new
    bool isAnew = false; // the server has numbered its messages anew
    bool isGone = false; // the mailbox is no longer there
    bool isDeleted = false; // and its copy neither
    QStringList skipped; // messages that could not be taken, and why
    std::optional<Error> failure; // of this mailbox alone

    bool isUnchanged() const
    {
        return fetched + found + flagged + deleted + kept == 0 && skipped.isEmpty() && !isMade
            && !isDeleted && !failure;
    }
};

struct MirrorReport {
    QList<MailboxReport> mailboxes;
    std::optional<Error> failure; // what ended the run before its end
    bool wasStopped = false; // by the person
};

} // namespace Postnook
