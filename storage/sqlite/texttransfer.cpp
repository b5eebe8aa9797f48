#include "storage/sqlite/texttransfer.h"

#include "storage/sqlite/contentstore.h"

#include <QDir>

namespace Postnook::Sqlite
{

namespace
{

Statement rowsOf(Database &database, bool withBytes)
{
    return withBytes
        ? database.statement("SELECT c.id, c.sha256, c.size, c.file, b.bytes FROM content c"
                             " LEFT JOIN content_bytes b ON b.content_id = c.id ORDER BY c.id")
        : database.statement("SELECT id, sha256, size, file, NULL FROM content"
                             " WHERE file IS NOT NULL ORDER BY id");
}

} // namespace

TextTransfer::TextTransfer(Database &database, ContentFiles &files, Parts parts)
    : m_files(files)
    , m_parts(std::move(parts))
    , m_rows(rowsOf(database, m_parts.readsRows))
{
}

Result<bool> TextTransfer::more()
{
    m_lastBytes = 0;
    return m_copy ? goOn() : nextRow();
}

Result<bool> TextTransfer::nextRow()
{
    if (!m_rows.next()) {
        return m_rows.error() ? Result<bool>(*m_rows.error()) : Result<bool>(false);
    }
    m_sha256 = m_rows.bytes(1);
    m_sizeBytes = m_rows.integer(2);
    if (!m_rows.isNull(3)) {
        m_name = QString::fromUtf8(m_rows.view(3));
        return startFile();
    }
    ++m_texts;
    if (m_rows.isNull(4) || Sha256::of(m_rows.view(4)) != m_sha256) {
        return Error{
            ErrorCode::Corrupt,
            QStringLiteral("The text of message content %1 is damaged.").arg(m_rows.integer(0))};
    }
    return true;
}

Result<bool> TextTransfer::startFile()
{
    if (!isContentName(m_name)) {
        return Error{ErrorCode::Corrupt, QStringLiteral("a row names the file \"%1\"").arg(m_name)};
    }
    ++m_fileCount;
    m_fileBytes += m_sizeBytes;
    const auto from = contentPath(m_parts.from, m_name);
    if (m_parts.to.isEmpty()) {
        m_copy = std::make_unique<FileCopy>(m_files, from, QString(), m_sha256);
        return true;
    }
    const auto to = contentPath(m_parts.to, m_name);
    const auto size = m_files.size(to);
    m_isKnown = size.has_value();
    m_isReadingKnown = m_parts.readsKnown && size && *size == m_sizeBytes;
    if (size && *size == m_sizeBytes && !m_isReadingKnown) {
        m_lastBytes = m_sizeBytes;
        return true;
    }
    if (m_isReadingKnown) {
        m_copy = std::make_unique<FileCopy>(m_files, to, QString(), m_sha256);
        return true;
    }
    m_copy = std::make_unique<FileCopy>(m_files, from, to, m_sha256);
    return m_parts.makeFolder(m_name).transform([] { return true; });
}

Result<bool> TextTransfer::goOn()
{
    const auto more = m_copy->copyMore();
    m_lastBytes = m_copy->lastBytes();
    if (!more && m_isReadingKnown && more.error().code == ErrorCode::Corrupt) {
        // What an earlier backup brought there has rotted: here it is anew.
        m_isReadingKnown = false;
        m_copy = std::make_unique<FileCopy>(
            m_files, contentPath(m_parts.from, m_name), contentPath(m_parts.to, m_name), m_sha256);
        return true;
    }
    if (!more || *more) {
        return more;
    }
    ++m_texts;
    if (!m_isReadingKnown && !m_parts.to.isEmpty()) {
        ++m_copiedFiles;
        m_copiedBytes += m_sizeBytes;
        if (!m_isKnown) {
            m_newFiles.append(contentPath(m_parts.to, m_name));
        }
    }
    m_isReadingKnown = false;
    m_copy.reset();
    return true;
}

} // namespace Postnook::Sqlite
