#pragma once

#include "app/export/exportfile.h"
#include "app/export/mailboxwriter.h"
#include "app/import/messagenotes.h"

#include <QString>

namespace Postnook
{

// A folder with a file for each message: its octets, named by its UID, with the internal date as
// the file's time; and the notes (messagenotes.h), which hold flags and zone.
class EmlWriter : public MailboxWriter
{
public:
    explicit EmlWriter(QString folder); // that is there, and empty

    Result<void> begin(const ExportedMessage &message) override;
    Result<void> add(QByteArrayView bytes) override;
    Result<MessageEnd> end() override;
    Result<void> discard() override;
    Result<void> finish() override;

protected:
    struct FileName {
        QString path; // below the folder
        QByteArray noted; // the name in the notes
    };
    virtual FileName nameFor(const ExportedMessage &message);
    const QString &folder() const { return m_folder; }

private:
    Result<void> openNotes();

    const QString m_folder;
    ExportFile m_notes;
    bool m_hasNotes = false;
    ExportFile m_file;
    FileName m_name;
    ExportedMessage m_message;
    quint64 m_writtenBytes = 0;
};

} // namespace Postnook
