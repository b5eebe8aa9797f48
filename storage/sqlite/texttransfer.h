#pragma once

#include "storage/sqlite/database.h"
#include "storage/sqlite/filecopy.h"

#include <functional>

namespace Postnook::Sqlite
{

// Takes the texts that a mail database names from one folder of content files to another, and
// compares each with its SHA-256. In small steps, on pool threads in turn.
class TextTransfer
{
public:
    struct Parts {
        QString from; // folders of content files
        QString to; // empty: only reads
        std::function<Result<void>(const QString &name)> makeFolder; // of a file in `to`
        bool readsRows = false; // also the texts in the database itself
        bool readsKnown = false; // what `to` has already; else its size is enough
    };

    // Both outlive this.
    TextTransfer(Database &database, ContentFiles &files, Parts parts);

    // A little more. False: that was all. Corrupt or NotFound, in words: a text is damaged.
    Result<bool> more();

    qint64 lastBytes() const { return m_lastBytes; } // of files, by the last step
    qint64 texts() const { return m_texts; } // compared
    qint64 files() const { return m_fileCount; }
    qint64 fileBytes() const { return m_fileBytes; }
    qint64 copiedFiles() const { return m_copiedFiles; }
    qint64 copiedBytes() const { return m_copiedBytes; }
    const QStringList &newFiles() const { return m_newFiles; } // paths that were not there before

private:
    Result<bool> nextRow();
    Result<bool> startFile();
    Result<bool> goOn();

    ContentFiles &m_files;
    const Parts m_parts;
    Statement m_rows;
    // The file at hand.
    QString m_name;
    QByteArray m_sha256;
    qint64 m_sizeBytes = 0;
    bool m_isKnown = false; // it was there before, in some form
    bool m_isReadingKnown = false;
    std::unique_ptr<FileCopy> m_copy;

    qint64 m_lastBytes = 0;
    qint64 m_texts = 0;
    qint64 m_fileCount = 0;
    qint64 m_fileBytes = 0;
    qint64 m_copiedFiles = 0;
    qint64 m_copiedBytes = 0;
    QStringList m_newFiles;
};

} // namespace Postnook::Sqlite
