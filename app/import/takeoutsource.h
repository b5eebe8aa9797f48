#pragma once

#include "app/import/mailboxnaming.h"
#include "app/import/mboxsource.h"
#include "app/import/sourcefinder.h"

#include <QList>

namespace Postnook
{

// The messages of an mbox that Google Takeout wrote, once for each mailbox that their labels stand
// for. The same message in another file of Takeout's is the same one.
class TakeoutSource : public MailSource
{
public:
    TakeoutSource(QString path, MailboxNaming naming, const ImportLimits &limits);

    std::optional<ImportItem> next() override;
    qint64 bytesRead() const override { return m_mbox.bytesRead(); }

private:
    void place(const ImportItem &message);

    const MailboxNaming m_naming;
    MboxSource m_mbox;
    QHash<quint64, int> m_occurrences; // as in MboxSource
    QList<ImportItem> m_waiting; // of the message read last
};

// A row of sourceFormats(): begins as Takeout's files do, whatever it is called.
bool isTakeout(const QFileInfo &file, bool isGiven);
void findTakeouts(SourceFinder &finder, const SourceFinder::Place &place, const QStringList &names);

} // namespace Postnook
