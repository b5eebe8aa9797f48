#pragma once

#include "app/import/mailsource.h"
#include "app/import/sourcefinder.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace Postnook::Test
{

constexpr ImportLimits Limits{1024 * 1024};
const MailboxName Inbox("INBOX");

// Files to import, in a folder of their own.
class Tree
{
public:
    QString path(const QString &name = {}) const { return m_dir.filePath(name); }
    QString write(const QString &name, const QByteArray &bytes) const
    {
        QDir().mkpath(QFileInfo(path(name)).path());
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) {
            qFatal("cannot write %s", qPrintable(name));
        }
        return path(name);
    }
    void setTime(const QString &name, qint64 secondsUtc) const
    {
        QFile file(path(name));
        if (!file.open(QIODevice::ReadWrite)
            || !file.setFileTime(QDateTime::fromSecsSinceEpoch(secondsUtc),
                                 QFileDevice::FileModificationTime)) {
            qFatal("cannot set the time of %s", qPrintable(name));
        }
    }
    void makeFolder(const QString &name) const { QDir().mkpath(path(name)); }

private:
    QTemporaryDir m_dir;
};

inline QList<ImportItem> itemsOf(MailSource &source)
{
    QList<ImportItem> items;
    while (auto item = source.next()) {
        items.append(*item);
    }
    return items;
}

// All that an import of the path would bring.
inline QList<ImportItem> itemsFound(const SourceFinder &finder)
{
    QList<ImportItem> items;
    for (const FoundSource &source : finder.sources()) {
        items += itemsOf(*source.open(Limits));
    }
    return items;
}

inline QByteArrayList bytesOf(const QList<ImportItem> &items)
{
    QByteArrayList bytes;
    for (const ImportItem &item : items) {
        bytes.append(item.bytes);
    }
    return bytes;
}

// "mailbox: subject (flags)", sorted.
inline QStringList summariesOf(const QList<ImportItem> &items)
{
    QStringList summaries;
    for (const ImportItem &item : items) {
        const auto start = item.bytes.indexOf("Subject: ") + 9;
        QByteArray line = item.mailbox.utf8 + ": "
            + item.bytes.mid(start, item.bytes.indexOf('\r', start) - start) + " (";
        for (const auto &[flag, letter] : {std::pair(SystemFlag::Answered, 'A'),
                                           std::pair(SystemFlag::Deleted, 'D'),
                                           std::pair(SystemFlag::Flagged, 'F'),
                                           std::pair(SystemFlag::Seen, 'S'),
                                           std::pair(SystemFlag::Draft, 'T')}) {
            if (item.flags.system.testFlag(flag)) {
                line += letter;
            }
        }
        for (const QByteArray &keyword : item.flags.keywords) {
            line += ' ' + keyword;
        }
        summaries.append(QString::fromUtf8(
            item.skipReason.isEmpty() ? line + ')' : "skipped: " + item.skipReason.toUtf8()));
    }
    summaries.sort();
    return summaries;
}

// What is skipped when it is looked for, "path below the folder: reason", sorted.
inline QStringList skippedBelow(const QString &folder, const SourceFinder &finder)
{
    QStringList lines;
    for (const ImportItem &item : finder.skipped()) {
        lines.append(QDir(folder).relativeFilePath(item.origin) + QStringLiteral(": ")
                     + item.skipReason);
    }
    lines.sort();
    return lines;
}

// As a fresh account calls them.
inline QMap<SpecialUse, MailboxName> usualMailboxes()
{
    return {{SpecialUse::Sent, MailboxName("Sent")},
            {SpecialUse::Drafts, MailboxName("Drafts")},
            {SpecialUse::Junk, MailboxName("Junk")},
            {SpecialUse::Trash, MailboxName("Trash")},
            {SpecialUse::Archive, MailboxName("Archive")}};
}

inline QString dataPath(const QString &name)
{
    return QStringLiteral(TEST_DATA "/import/") + name;
}

inline QByteArrayList keysOf(const QList<ImportItem> &items)
{
    QByteArrayList keys;
    for (const ImportItem &item : items) {
        keys.append(item.key);
    }
    return keys;
}

} // namespace Postnook::Test
