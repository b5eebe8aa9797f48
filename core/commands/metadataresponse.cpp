#include "core/commands/metadataresponse.h"

#include "core/mailbox/metadata.h"
#include "core/wire/metadatanames.h"
#include "core/wire/responsewriter.h"

#include <QSet>

#include <algorithm>

namespace Postnook
{

namespace
{

class Answerer
{
public:
    Answerer(const QList<MetadataEntry> &stored, const MetadataQuery &query)
        : m_stored(stored)
        , m_query(query)
    {
        m_keys.reserve(stored.size());
        for (const MetadataEntry &entry : stored) {
            m_keys.append(entry.name.toLower());
        }
    }

    MetadataAnswer answer()
    {
        for (const QByteArray &asked : m_query.entries) {
            addMatches(asked);
        }
        return std::move(m_answer);
    }

private:
    qsizetype lowerBound(const QByteArray &key) const
    {
        return std::lower_bound(m_keys.begin(), m_keys.end(), key) - m_keys.begin();
    }
    void addMatches(const QByteArray &asked);
    void add(qsizetype index, const QByteArray &asked);

    const QList<MetadataEntry> &m_stored;
    const MetadataQuery &m_query;
    QByteArrayList m_keys; // names in lower case, ascending
    QSet<qsizetype> m_added;
    MetadataAnswer m_answer;
};

void Answerer::addMatches(const QByteArray &asked)
{
    const QByteArray key = asked.toLower();
    bool exists = false;
    const auto exact = lowerBound(key);
    if (exact < m_keys.size() && m_keys[exact] == key) {
        exists = true;
        add(exact, asked);
    }
    if (m_query.depth != MetadataDepth::Entry) {
        const auto end = lowerBound(key + static_cast<char>('/' + 1));
        for (auto below = lowerBound(key + '/'); below < end; ++below) {
            const bool isChild = m_keys[below].lastIndexOf('/') == key.size();
            if (isChild || m_query.depth == MetadataDepth::All) {
                exists = true;
                add(below, asked);
            }
        }
    }
    if (!exists && isMetadataEntry(asked)) {
        m_answer.entries.append(asked);
    }
}

void Answerer::add(qsizetype index, const QByteArray &asked)
{
    if (m_added.contains(index)) {
        return;
    }
    m_added.insert(index);
    const MetadataEntry &entry = m_stored[index];
    if (m_query.maxSize && entry.sizeBytes > *m_query.maxSize) {
        m_answer.longest = std::max(m_answer.longest, entry.sizeBytes);
    } else {
        m_answer.entries.append(asked + entry.name.sliced(asked.size()));
    }
}

// RFC 5464 5: nstring / literal8. The second is for what the first cannot carry.
void writeValue(ResponseWriter &writer, const std::optional<QByteArray> &value)
{
    if (value && value->contains('\0')) {
        writer.raw("~").literal(*value);
    } else {
        writer.nstring(value.value_or(QByteArray()), !value);
    }
}

} // namespace

MetadataAnswer answerMetadata(const QList<MetadataEntry> &stored, const MetadataQuery &query)
{
    return Answerer(stored, query).answer();
}

Result<qsizetype> writeMetadata(ReadTxn &txn,
                                const MailboxInfo &owner,
                                const QByteArrayList &entries,
                                qsizetype from,
                                NameCoding coding,
                                QByteArray &chunk)
{
    ResponseWriter writer(chunk);
    writer.raw("* METADATA ").mailbox(owner.name, coding).raw(" (");
    auto next = from;
    do {
        const auto value = metadataValue(txn, owner, entries[next]);
        if (!value) {
            return value.error();
        }
        writer.raw(next > from ? " " : "").astring(entries[next]).space();
        writeValue(writer, *value);
        ++next;
    } while (next < entries.size() && chunk.size() < MetadataChunkBytes);
    writer.raw(")").crlf();
    return next;
}

} // namespace Postnook
