#pragma once

#include "storage/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QStringList>

#include <memory>

namespace Postnook::Sqlite
{

// A content file being written. Closed, not synced, by its destructor.
class NewFile
{
public:
    virtual ~NewFile() = default;
    virtual Result<void> write(QByteArrayView bytes) = 0; // all of them, or OverQuota, Unavailable
    virtual Result<void> sync() = 0; // to the platter; Unavailable, OverQuota
};

// A content file being read.
class OpenFile
{
public:
    virtual ~OpenFile() = default;
    // Up to `maxBytes` from `offset`; shorter only at the end of the file. Unavailable.
    virtual Result<QByteArray> read(quint64 offset, qsizetype maxBytes) = 0;
};

// Every access to files below an account's content/ folder, and to a backup folder, goes through
// this layer, so that tests can put a failing or forgetful one in its place. Paths are absolute.
// Called from pool threads, from several at once.
class ContentFiles
{
public:
    virtual ~ContentFiles() = default;

    // A new file with mode 0600. AlreadyExists, OverQuota, Unavailable.
    virtual Result<std::unique_ptr<NewFile>> create(const QString &path) = 0;
    virtual Result<std::unique_ptr<OpenFile>>
    open(const QString &path) = 0; // NotFound, Unavailable
    // True when the folder was made (mode 0700), false when it was there. The parent exists.
    virtual Result<bool> makeFolder(const QString &path) = 0;
    // Makes the entries of the folder durable: called after files or folders were made in it.
    virtual Result<void> syncFolder(const QString &path) = 0;
    virtual Result<void> remove(const QString &path) = 0; // fine when there is none
    // Within a folder; a file of that name is replaced in one step.
    virtual Result<void> rename(const QString &from, const QString &to) = 0;
    virtual Result<qint64> size(const QString &path) = 0; // NotFound, Unavailable
    virtual Result<QStringList> list(const QString &folder) = 0; // plain file names; none: empty
};

// The files of the operating system.
std::shared_ptr<ContentFiles> diskFiles();

} // namespace Postnook::Sqlite
