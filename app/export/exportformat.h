#pragma once

#include "app/export/exportnames.h"
#include "app/export/mailboxwriter.h"

#include <QString>
#include <QStringList>

#include <memory>

namespace Postnook
{

// A form that mail can leave in. Adding one is a MailboxWriter and a row in exportformat.cpp.
struct ExportFormat {
    const char *name; // as it is asked for: "mbox"
    ExportNames::Style naming;
    // Of the file that a mailbox is; empty: it is a folder.
    const char *suffix;
    // What the folder of a mailbox is given last, so that where it is the mailbox is whole.
    const char *lastEntry;
    // Writes into the folder, which is there and empty; a mailbox that is a file, under the name
    // MailboxFileName.
    std::unique_ptr<MailboxWriter> (*makeWriter)(const QString &folder, UidValidity uidValidity);
};
constexpr auto MailboxFileName = "mailbox";

// Null for a name that is none.
const ExportFormat *exportFormat(const QString &name);
QStringList exportFormatNames();

} // namespace Postnook
