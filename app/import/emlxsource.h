#pragma once

#include "app/import/mailsource.h"
#include "app/import/sourcefinder.h"

#include <QStringList>

namespace Postnook
{

// Messages that Apple Mail keeps in a file each, with its flags and dates.
class EmlxSource : public MailSource
{
public:
    // `paths`: below the folder, which is the mailbox.
    EmlxSource(QString folder, QStringList paths, MailboxName mailbox, const ImportLimits &limits);

    std::optional<ImportItem> next() override;
    qint64 bytesRead() const override { return m_bytesRead; }

private:
    Result<ImportItem> read(const QString &path);

    const QString m_folder;
    const QString m_canonical;
    const QStringList m_paths;
    const MailboxName m_mailbox;
    const ImportLimits m_limits;
    qsizetype m_index = 0;
    qint64 m_bytesRead = 0;
};

// In the order in which Mail has numbered them, wherever below the folder they are.
void sortByNumber(QStringList *emlxPaths);

// A row of sourceFormats(): files of their own that are named *.emlx. All go to the folder's
// mailbox.
bool isEmlx(const QFileInfo &file, bool isGiven);
void findEmlxs(SourceFinder &finder, const SourceFinder::Place &place, const QStringList &names);

} // namespace Postnook
