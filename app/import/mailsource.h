#pragma once

#include "storage/types.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace Postnook
{

// One message on its way into the server, or one thing that is none and why.
struct ImportItem {
    QString origin; // for people: the file, and the message's number in it
    QString skipReason; // not empty: nothing to import here, and only `origin` counts
    MailboxName mailbox;
    QByteArray bytes; // as they will be stored
    MessageFlags flags;
    std::optional<InternalDate> date;
    QByteArray key; // what importKey() gives
    bool isMail = true; // what is skipped is mail, as far as is known, and would be missed

    // Mail that cannot be taken or read.
    static ImportItem skipped(const QString &origin, const QString &reason)
    {
        ImportItem item;
        item.origin = origin;
        item.skipReason = reason;
        return item;
    }
    // What is no mail, or none any more.
    static ImportItem passedOver(const QString &origin, const QString &reason)
    {
        ImportItem item = skipped(origin, reason);
        item.isMail = false;
        return item;
    }
};

struct ImportLimits {
    quint64 messageBytes = 0; // larger ones are skipped, and never held in memory
};

// The messages of one mailbox file or folder, one after another. Reads as it goes: no more than one
// message is in memory. Blocks; for the importer's thread.
class MailSource
{
public:
    MailSource() = default;
    virtual ~MailSource() = default;
    Q_DISABLE_COPY_MOVE(MailSource)

    // Nothing at the end. What cannot be read is a skipped item.
    virtual std::optional<ImportItem> next() = 0;
    virtual qint64 bytesRead() const = 0; // so far, for the progress
};

} // namespace Postnook
