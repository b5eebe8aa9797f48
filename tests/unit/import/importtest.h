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

inline QByteArrayList keysOf(const QList<ImportItem> &items)
{
    QByteArrayList keys;
    for (const ImportItem &item : items) {
        keys.append(item.key);
    }
    return keys;
}

} // namespace Postnook::Test
