#pragma once

#include "storage/sqlite/searchindex.h"

namespace Postnook::Sqlite
{

// What a read transaction asks of the search index, at one moment of it from the first question to
// end(). Where the index cannot be read nothing is known, which is no error; Cancelled is one.
// Belongs to a connection of the reader pool.
class SearchReader
{
public:
    explicit SearchReader(SearchIndex &index)
        : m_index(index)
    {
    }

    Result<IndexedContents> contentsWithText(const QByteArray &part);
    Result<std::optional<QByteArray>> text(ContentId id, TextPart part);
    Result<std::optional<QByteArray>> keptKeys(MailboxId mailbox, int number);
    void keepKeys(MailboxId mailbox, int number, const QByteArray &keys)
    {
        m_index.keepKeys(mailbox, number, keys);
    }
    Result<SearchIndexState> state(); // without `waiting`
    // False: it is made anew. `pause` is called now and then.
    Result<bool> isSound(const std::function<void()> &pause);
    Result<ContentId> upTo(); // 0: nothing is known

    void setCancelToken(const CancelToken &token) { m_cancel = token; }
    void end();

private:
    bool begin();
    template <typename T>
    Result<T> unknown(const Error &error);
    Result<void> findBlock(ContentId id);
    Result<void> loadPart(TextPart part);

    SearchIndex &m_index;
    SearchIndex::Connection m_connection;
    CancelToken m_cancel;
    bool m_isReading = false;
    bool m_isBroken = false; // nothing more is asked in this transaction
    TextDecompressor m_decompressor;
    TextBlock m_block; // that was read last: neighbours are asked for one after the other
    ContentId m_blockEnd; // no content from here on is in it
    ContentId m_blockStart; // nor any before this one
};

} // namespace Postnook::Sqlite
