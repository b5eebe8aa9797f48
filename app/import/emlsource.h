#pragma once

#include "app/import/mailsource.h"
#include "app/import/messagenotes.h"
#include "app/import/sourcefinder.h"

#include <QStringList>

namespace Postnook
{

// Files that are one message each: .eml, as mail programs save them. Beside those of our own export
// lies what they were marked with.
class EmlSource : public MailSource
{
public:
    EmlSource(QString folder, QStringList names, MailboxName mailbox, const ImportLimits &limits);

    std::optional<ImportItem> next() override;
    qint64 bytesRead() const override { return m_bytesRead; }

private:
    const QString m_folder;
    const QStringList m_names;
    const MailboxName m_mailbox;
    const ImportLimits m_limits;
    const MessageNotes m_notes;
    qsizetype m_index = 0;
    qint64 m_bytesRead = 0;
};

// A row of sourceFormats(): in a folder the files that are named *.eml, and any file given that
// begins as a message does. All go to the folder's mailbox.
bool isEml(const QFileInfo &file, bool isGiven);
void findEmls(SourceFinder &finder, const SourceFinder::Place &place, const QStringList &names);

} // namespace Postnook
