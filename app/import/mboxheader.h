#pragma once

#include "storage/types.h"

#include <QByteArray>
#include <QByteArrayView>

namespace Postnook
{

// What mail programs note in the header of a message in an mbox.
struct MboxNotes {
    MessageFlags flags; // Status, X-Status, X-Keywords, X-Mozilla-Status
    bool isDeleted = false; // gone for the person, and only not yet cut out of the file
    bool isInternal = false; // no mail: a program's own notes about the file
};

MboxNotes readMboxNotes(QByteArrayView message);

// contentIdentity() of the message without the fields that programs change when a message is read,
// flagged or moved within the file, so that it stays the same message.
QByteArray mboxContentIdentity(QByteArrayView message);

} // namespace Postnook
