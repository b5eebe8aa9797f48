#pragma once

#include "storage/types.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace Postnook
{

// What mail programs note in the header of a message in an mbox.
struct MboxNotes {
    MessageFlags flags; // Status, X-Status, X-Keywords, X-Mozilla-Status(2), X-Mozilla-Keys
    bool isDeleted = false; // gone for the person, and only not yet cut out of the file
    bool isPartial = false; // the program has only a part of it, and could get the rest
    bool isInternal = false; // no mail: a program's own notes about the file
};

MboxNotes readMboxNotes(QByteArrayView message);
// Why such a message is not imported, for people.
QString deletedReason();
QString partialReason();

// contentIdentity() of the message without the fields that programs change when a message is read,
// flagged or moved within the file, so that it stays the same message.
QByteArray mboxContentIdentity(QByteArrayView message);

} // namespace Postnook
