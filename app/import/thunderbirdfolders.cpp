#include "app/import/thunderbirdfolders.h"

#include "app/import/importkey.h"
#include "app/import/maildirsource.h"
#include "app/import/mboxheader.h"
#include "app/import/mboxsource.h"

#include <QDir>

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr auto ChildrenSuffix = ".sbd"_L1;
constexpr auto NotesSuffix = "msf"_L1;

bool isMaildirFolder(const QFileInfo &folder)
{
    return folder.isDir() && QFileInfo(QDir(folder.filePath()).filePath(u"cur"_s)).isDir();
}

// Indexes, filters, what was fetched by POP, feeds, logs; "nstmp" is what is left of a compaction
// that was cut off, and its messages are in the mailbox still.
bool isOwnFile(const QFileInfo &file)
{
    static const QStringList suffixes{NotesSuffix,
                                      u"dat"_s,
                                      u"html"_s,
                                      u"js"_s,
                                      u"json"_s,
                                      u"lock"_s,
                                      u"log"_s,
                                      u"rdf"_s,
                                      u"snm"_s,
                                      u"sqlite"_s,
                                      u"toc"_s};
    return suffixes.contains(file.suffix().toLower()) || file.fileName().startsWith(u'.');
}

// The messages of a Maildir of Thunderbird's: there the flags stand in the header.
class ThunderbirdMaildirSource : public MailSource
{
public:
    ThunderbirdMaildirSource(const QString &folder,
                             const MailboxName &mailbox,
                             const ImportLimits &limits)
        : m_canonical(QFileInfo(folder).canonicalFilePath())
        , m_maildir(folder, mailbox, limits)
    {
    }

    std::optional<ImportItem> next() override
    {
        auto item = m_maildir.next();
        if (!item || !item->skipReason.isEmpty()) {
            return item;
        }
        const MboxNotes notes = readMboxNotes(item->bytes);
        if (notes.isDeleted) {
            return ImportItem::passedOver(item->origin, deletedReason());
        }
        if (notes.isPartial) {
            return ImportItem::skipped(item->origin, partialReason());
        }
        item->flags = notes.flags;
        item->key = importKey({"thunderbird",
                               m_canonical,
                               QFileInfo(item->origin).fileName().toUtf8(),
                               mboxContentIdentity(item->bytes)});
        return item;
    }
    qint64 bytesRead() const override { return m_maildir.bytesRead(); }

private:
    const QString m_canonical;
    MaildirSource m_maildir;
};

class AccountFolder
{
public:
    AccountFolder(SourceFinder &finder, ThunderbirdNames names)
        : m_finder(finder)
        , m_names(names)
    {
    }

    void gather(const QString &folder, const QStringList &levels)
    {
        for (const QFileInfo &entry : m_finder.contentsOf(folder)) {
            if (entry.isDir()) {
                takeFolder(entry, levels);
            } else {
                takeFile(entry, levels);
            }
        }
    }
    const QList<MailAccount::Mailbox> &mailboxes() const { return m_mailboxes; }
    int ownFiles() const { return m_ownFiles; }

private:
    QStringList below(const QStringList &levels, const QString &name) const
    {
        return levels + QStringList{m_names == ThunderbirdNames::Utf7 ? levelFromUtf7(name) : name};
    }

    void takeFolder(const QFileInfo &folder, const QStringList &levels)
    {
        const QString name = folder.fileName();
        if (folder.isSymLink()) {
            m_finder.skip(folder.filePath(), u"it is a link to a folder"_s);
        } else if (!whyUnreadable(folder).isEmpty()) {
            m_finder.skipUnreadable(folder);
        } else if (name.endsWith(ChildrenSuffix)) {
            gather(folder.filePath(), below(levels, name.chopped(ChildrenSuffix.size())));
        } else if (isMaildirFolder(folder)) {
            takeMaildir(folder, levels);
        } else if (name.endsWith(".mozmsgs"_L1)) {
            ++m_ownFiles; // copies for the desktop's search
        } else {
            m_finder.passOver(folder.filePath(), u"it is no mail folder of Thunderbird's"_s);
        }
    }

    void takeMaildir(const QFileInfo &folder, const QStringList &levels)
    {
        qint64 sizeBytes = 0;
        for (const QString &part : {u"cur"_s, u"new"_s}) {
            const QString path = QDir(folder.filePath()).filePath(part);
            for (const QFileInfo &entry : m_finder.contentsOf(path)) {
                sizeBytes += entry.size();
            }
        }
        m_mailboxes.append({folder.filePath(),
                            below(levels, folder.fileName()),
                            sizeBytes,
                            [path = folder.filePath()](const auto &name, const auto &limits) {
                                return std::make_unique<ThunderbirdMaildirSource>(
                                    path, name, limits);
                            }});
    }

    void takeFile(const QFileInfo &file, const QStringList &levels)
    {
        if (!whyUnreadable(file).isEmpty()) {
            m_finder.skipUnreadable(file);
        } else if (file.fileName() == "nstmp"_L1 || file.size() == 0
                   || (isOwnFile(file) && !isMbox(file, false))) {
            ++m_ownFiles;
        } else if (isMbox(file, false)) {
            m_mailboxes.append({file.filePath(),
                                below(levels, file.fileName()),
                                file.size(),
                                [path = file.filePath()](const auto &name, const auto &limits) {
                                    return std::make_unique<MboxSource>(path, name, limits);
                                }});
        } else {
            m_finder.passOver(file.filePath(), u"it is no mail file"_s);
        }
    }

    SourceFinder &m_finder;
    const ThunderbirdNames m_names;
    QList<MailAccount::Mailbox> m_mailboxes;
    int m_ownFiles = 0;
};

} // namespace

bool isThunderbirdFolder(const QFileInfo &folder)
{
    const QDir dir(folder.filePath());
    const QStringList notes = dir.entryList({u"*."_s + NotesSuffix}, QDir::Files | QDir::Hidden);
    return std::any_of(notes.begin(), notes.end(), [&dir](const QString &name) {
        // Beside the folder of an account stand such notes too.
        const QFileInfo mailbox(dir.filePath(name.chopped(NotesSuffix.size() + 1)));
        return mailbox.isFile() || isMaildirFolder(mailbox)
            || QFileInfo(mailbox.filePath() + ChildrenSuffix).isDir();
    });
}

QList<MailAccount::Mailbox>
thunderbirdMailboxesIn(SourceFinder &finder, const QString &folder, ThunderbirdNames names)
{
    AccountFolder account(finder, names);
    account.gather(folder, {});
    if (account.ownFiles() > 0) {
        finder.passOver(folder,
                        u"Thunderbird's own or empty files in it: %1"_s.arg(account.ownFiles()));
    }
    return account.mailboxes();
}

} // namespace Postnook
