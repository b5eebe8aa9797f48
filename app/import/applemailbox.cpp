#include "app/import/applemailbox.h"

#include "app/import/emlxsource.h"
#include "app/import/maildirsource.h"
#include "app/import/mboxsource.h"

#include <QDir>
#include <QUuid>

#include <algorithm>
#include <array>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr std::array Suffixes{".mbox"_L1, ".imapmbox"_L1};
constexpr auto MboxFile = "mbox"_L1;

bool isNamedAsMailbox(const QFileInfo &entry)
{
    return entry.isDir() && nameOfAppleMailbox(entry.fileName()) != entry.fileName();
}

// Notes and indexes of Mail's, parts of messages, and what the system puts everywhere.
bool isOwnFile(const QFileInfo &file)
{
    static const QStringList names{u"table_of_contents"_s, u"content_index"_s, MboxFile};
    static const QStringList suffixes{u"plist"_s, u"emlxpart"_s, u"skindex"_s};
    return names.contains(file.fileName()) || suffixes.contains(file.suffix().toLower())
        || file.fileName().startsWith(u'.');
}

// Gathers one mailbox, and in passing those below it.
class MailboxFolder
{
public:
    MailboxFolder(SourceFinder &finder, QString folder, QStringList levels)
        : m_finder(finder)
        , m_folder(std::move(folder))
        , m_levels(std::move(levels))
    {
        gather(m_folder);
    }

    QList<MailAccount::Mailbox> mailboxes()
    {
        QList<MailAccount::Mailbox> all;
        if (!m_mbox.isEmpty()) {
            all.append({m_mbox,
                        m_levels,
                        m_mboxBytes,
                        [path = m_mbox](const auto &name, const auto &limits) {
                            return std::make_unique<MboxSource>(path, name, limits);
                        }});
        }
        sortByNumber(&m_messages);
        all.append({m_folder,
                    m_levels,
                    m_messageBytes,
                    [folder = m_folder, paths = m_messages](const auto &name, const auto &limits) {
                        return std::make_unique<EmlxSource>(folder, paths, name, limits);
                    }});
        return all + m_below;
    }

private:
    void gather(const QString &folder)
    {
        for (const QFileInfo &entry : m_finder.contentsOf(folder)) {
            if (!entry.isDir()) {
                take(entry);
            } else if (entry.fileName() == "Attachments"_L1) {
                continue; // of the messages: EmlxSource looks there
            } else if (entry.isSymLink()) {
                m_finder.skip(entry.filePath(), u"it is a link to a folder"_s);
            } else if (isNamedAsMailbox(entry)) {
                m_below +=
                    MailboxFolder(m_finder,
                                  entry.filePath(),
                                  m_levels + QStringList{nameOfAppleMailbox(entry.fileName())})
                        .mailboxes();
            } else {
                gather(entry.filePath());
            }
        }
    }

    void take(const QFileInfo &file)
    {
        if (isEmlx(file, false)) {
            m_messages.append(QDir(m_folder).relativeFilePath(file.filePath()));
            m_messageBytes += file.size();
        } else if (file.fileName() == MboxFile && file.size() > 0) {
            if (isMbox(file, false)) {
                m_mbox = file.filePath();
                m_mboxBytes = file.size();
            } else {
                m_finder.passOver(file.filePath(), u"it is no mail file"_s);
            }
        } else if (!isOwnFile(file)) {
            m_finder.passOver(file.filePath(), u"it is no mail file"_s);
        }
    }

    SourceFinder &m_finder;
    const QString m_folder;
    const QStringList m_levels;
    QString m_mbox;
    qint64 m_mboxBytes = 0;
    QStringList m_messages; // below the folder
    qint64 m_messageBytes = 0;
    QList<MailAccount::Mailbox> m_below;
};

// Other programs have folders of such a name too.
bool looksLikeMail(const QFileInfo &entry)
{
    static const QStringList names{
        u"mbox"_s, u"table_of_contents"_s, u"Info.plist"_s, u"Messages"_s};
    return names.contains(entry.fileName()) || isNamedAsMailbox(entry) || isEmlx(entry, false)
        || (entry.isDir() && !QUuid::fromString(entry.fileName()).isNull());
}

} // namespace

QString nameOfAppleMailbox(const QString &folderName)
{
    for (const QLatin1StringView suffix : Suffixes) {
        if (folderName.size() > suffix.size() && folderName.endsWith(suffix, Qt::CaseInsensitive)) {
            return folderName.chopped(suffix.size());
        }
    }
    return folderName;
}

bool isAppleMailbox(const QFileInfo &folder)
{
    if (!isNamedAsMailbox(folder) || isMaildir(folder)) {
        return false;
    }
    const auto entries = entriesOf(folder.filePath());
    return std::any_of(entries.begin(), entries.end(), looksLikeMail);
}

void findAppleMailbox(SourceFinder &finder, const SourceFinder::Place &place)
{
    QStringList levels = place.levels;
    const QString name = nameOfAppleMailbox(place.folder.fileName());
    if (!place.isGiven) {
        levels.last() = name; // instead of the folder's
    } else if (!finder.naming().hasRoot()) {
        levels.append(name);
    }
    MailAccount account;
    account.mailboxes = MailboxFolder(finder, place.folder.filePath(), levels).mailboxes();
    addAccounts(finder, {}, {account});
}

QList<MailAccount::Mailbox>
appleMailboxesIn(SourceFinder &finder, const QString &folder, const QStringList &levels)
{
    QList<MailAccount::Mailbox> mailboxes;
    for (const QFileInfo &entry : finder.contentsOf(folder)) {
        if (!entry.isDir()) {
            continue; // of Mail's own
        }
        if (entry.isSymLink()) {
            finder.skip(entry.filePath(), u"it is a link to a folder"_s);
            continue;
        }
        const QStringList below = levels + QStringList{nameOfAppleMailbox(entry.fileName())};
        mailboxes += isNamedAsMailbox(entry)
            ? MailboxFolder(finder, entry.filePath(), below).mailboxes()
            : appleMailboxesIn(finder, entry.filePath(), below);
    }
    return mailboxes;
}

} // namespace Postnook
