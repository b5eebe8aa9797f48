#pragma once

#include "app/import/mailsource.h"
#include "app/import/mboxreader.h"
#include "app/import/sourcefinder.h"

#include <QHash>

namespace Postnook
{

// The messages of an mbox file.
class MboxSource : public MailSource
{
public:
    MboxSource(QString path, MailboxName mailbox, const ImportLimits &limits);

    std::optional<ImportItem> next() override;
    qint64 bytesRead() const override { return m_reader.position(); }

private:
    ImportItem exportedItem(const QString &origin, MboxReader::Message message);
    ImportItem foreignItem(const QString &origin, MboxReader::Message message);
    ImportItem itemFor(const QString &origin, QByteArrayView message);
    QString whyNot(const MboxReader::Message &message) const;
    int countOccurrence(const QByteArray &content);

    const QString m_path;
    const QString m_canonical;
    const MailboxName m_mailbox;
    const ImportLimits m_limits;
    MboxReader m_reader;
    int m_number = 0; // of the message, for people
    bool m_hasFailed = false;
    // How often a message came, by the first bytes of its identity: a whole one for each would
    // take much memory, and two that share these only count as one kind.
    QHash<quint64, int> m_occurrences;
};

// A row of sourceFormats(): files that begin with a "From " line, whatever they are called, *.eml
// aside. The mailbox is named after the file, unless the person named file and mailbox.
bool isMbox(const QFileInfo &file, bool isGiven);
void findMboxes(SourceFinder &finder, const SourceFinder::Place &place, const QStringList &names);

} // namespace Postnook
