#pragma once

#include "app/export/exportsession.h"
#include "storage/result.h"

#include <QByteArrayView>

namespace Postnook
{

// Writes one mailbox in one format, into a folder of its own that is moved into place afterwards.
// A message comes in pieces, so that it need not be in memory. Blocks; for the exporter's thread.
class MailboxWriter
{
public:
    MailboxWriter() = default;
    virtual ~MailboxWriter() = default;
    Q_DISABLE_COPY_MOVE(MailboxWriter)

    virtual Result<void> begin(const ExportedMessage &message) = 0;
    virtual Result<void> add(QByteArrayView bytes) = 0;
    enum class MessageEnd {
        Written,
        Again, // it has to be written in another way: the same message once more, from begin() on
    };
    virtual Result<MessageEnd> end() = 0;
    // Of the message begun, nothing stays.
    virtual Result<void> discard() = 0;
    // All is written, and open no longer.
    virtual Result<void> finish() = 0;
};

} // namespace Postnook
