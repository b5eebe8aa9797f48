#pragma once

#include "storage/types.h"

#include <QByteArray>
#include <QHash>
#include <QString>

#include <optional>

namespace Postnook
{

// Files that `postnook export` leaves beside the mail. None of them is mail.
constexpr auto MessageNotesName = "postnook-messages.tsv"; // in the folder of a mailbox
constexpr auto ExportMarkerName = "postnook-export.json"; // in the topmost folder
constexpr auto UnfinishedExportName = "postnook-unfinished"; // a folder: the mailbox at hand
bool isExportFile(const QString &name);

// What the form of a message in a file of its own cannot hold.
struct MessageNote {
    quint64 sizeBytes = 0; // a file of another size was changed since
    InternalDate date;
    MessageFlags flags;

    friend bool operator==(const MessageNote &, const MessageNote &) = default;
};

// The notes of a folder: a text file in UTF-8, a line for each message, with tabs between file name
// (of a Maildir: up to the ":2,"), size, internal date (RFC 9051 date-time) and flags. Lines that
// begin with "#" are for people.
class MessageNotes
{
public:
    static QByteArray head(); // what the file begins with
    static QByteArray line(const QByteArray &name, const MessageNote &note);

    // Without notes where there is no such file; lines that cannot be read are passed over.
    static MessageNotes readFrom(const QString &folder);
    std::optional<MessageNote> find(const QString &name) const;

private:
    QHash<QByteArray, MessageNote> m_notes;
};

} // namespace Postnook
