#pragma once

#include "storage/types.h"

#include <QHash>
#include <QSet>
#include <QString>
#include <QStringList>

namespace Postnook
{

// How names of mailboxes become names of files and folders that every system takes: what Windows
// does not want in them, and as many letters as keep names apart that differ in case alone, are
// written as "%3F". MailboxNaming reads them back.
class ExportNames
{
public:
    enum class Style {
        Folders, // A/B: a folder within a folder
        Maildir, // ".A.B", in modified UTF-7; INBOX is the topmost folder itself
    };
    // `suffix`: of the files that are mailboxes; empty where mailboxes are folders.
    ExportNames(Style style, QString suffix)
        : m_style(style)
        , m_suffix(std::move(suffix))
    {
    }

    struct Path {
        QString path; // with '/', below the topmost folder; empty: that itself
        bool isShortened = false; // the name is too long for a file system, and cannot be read back
    };
    // Another one for each name. The order in which they are asked for counts.
    Path pathFor(const MailboxName &name);

private:
    Path folderPath(const QStringList &levels);
    Path maildirPath(const QStringList &levels);
    bool take(const QString &folder, const QString &name);

    const Style m_style;
    const QString m_suffix;
    QHash<QStringList, Path> m_folders; // by levels
    QSet<QString> m_taken; // as systems see them that disregard case
};

} // namespace Postnook
