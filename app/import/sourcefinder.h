#pragma once

#include "app/import/mailboxnaming.h"
#include "app/import/mailsource.h"

#include <QFileInfo>
#include <QList>
#include <QSet>
#include <QStringList>

#include <functional>
#include <memory>

namespace Postnook
{

// A mailbox file or folder that holds mail.
struct FoundSource {
    qint64 sizeBytes = 0; // about what there is to read, for the progress
    std::function<std::unique_ptr<MailSource>(const ImportLimits &limits)> open;
};

// Looks through what the person named for mail of any known format. Opens files only to see what
// they are. Symbolic links are followed, each folder is seen once.
class SourceFinder
{
public:
    // A folder on the way, and the levels of the mailbox name that it stands for.
    struct Place {
        QFileInfo folder;
        QStringList levels;
        bool isGiven = false; // the files in question were named by the person
    };

    explicit SourceFinder(const MailboxNaming &naming)
        : m_naming(naming)
    {
    }

    // A file or folder that exists.
    void findIn(const QString &path);
    const QList<FoundSource> &sources() const { return m_sources; }
    const QList<ImportItem> &skipped() const { return m_skipped; }

    // For the formats. A folder of whatever kind, unless it was seen before.
    void visitFolder(const Place &place);
    // A folder that is no format's own: its files by their formats, its folders as levels below.
    void visitPlainFolder(const Place &place);
    void addSource(FoundSource source) { m_sources.append(std::move(source)); }
    // As entriesOf(), of a folder whose mail is looked for. What that leaves out is reported: names
    // that are no text, and all where the folder cannot be read.
    QFileInfoList contentsOf(const QString &folder);
    // Mail, or what may be mail.
    void skip(const QString &path, const QString &reason);
    void skipUnreadable(const QFileInfo &entry); // for which whyUnreadable() says something
    void passOver(const QString &path, const QString &reason); // what is no mail
    // Nothing when no mailbox can have such a name; that was reported then.
    std::optional<MailboxName> mailboxFor(const QString &path, const QStringList &levels);
    // The same for the folders of mail programs (MailboxNaming::usualNameFor).
    std::optional<MailboxName> usualMailboxFor(const QString &path, const QStringList &levels);
    const MailboxNaming &naming() const { return m_naming; }

private:
    void visitFile(const QFileInfo &file);
    std::optional<MailboxName> checked(const QString &path, const Result<MailboxName> &name);

    const MailboxNaming &m_naming;
    QSet<QString> m_seenFolders; // canonical paths
    QList<FoundSource> m_sources;
    QList<ImportItem> m_skipped;
};

// Everything in a folder but "." and "..", by name: hidden and odd things too.
QFileInfoList entriesOf(const QString &folder);
// The folders alone, which is quick also beside a hundred thousand files.
QFileInfoList foldersIn(const QString &folder);
// Why nothing can be read here; empty for a file that can be opened, or a folder.
QString whyUnreadable(const QFileInfo &file);

} // namespace Postnook
