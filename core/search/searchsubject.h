#pragma once

#include "core/search/fuzzyplaces.h"
#include "core/search/searchplan.h"
#include "core/search/searchtext.h"
#include "storage/store.h"

#include <memory>
#include <optional>

namespace Postnook
{

// The message that is being looked at: answers single keys. Its text comes from the search index;
// of a message that is not there it is read and decoded, only when a key asks and only once. One
// object serves all messages of a search, one after the other. Pool thread.
class SearchSubject
{
public:
    SearchSubject(ReadTxn &txn, const SearchPlan &plan, const SearchScope &scope);

    // The row must outlive the look at it; null where the plan needs none.
    void setMessage(Uid uid, quint32 number, const MessageRow *row);
    // Whether the search index has the text of the message, so that no content has to be opened.
    bool isIndexed();
    // Unknown when the answer costs more than `limit`.
    SearchTruth test(const SearchStep &step, SearchCost limit);
    // Of a fuzzy text, how well it is met (1 to 100; 0: not at all), for what may be looked at.
    int fuzzyScore(const SearchStep &step, SearchCost limit);

    // What went wrong with the store. Missing or damaged bytes are no error: a message that cannot
    // be read has no text to match, and must not spoil the search of all others.
    const std::optional<Error> &error() const { return m_error; }

private:
    bool testRow(const SearchStep &step) const;
    SearchTruth testSent(const SearchKey &key, SearchCost limit);
    SearchTruth testText(const SearchStep &step, SearchCost limit);
    bool isInField(const SearchStep &step);
    SearchTruth testFuzzy(const SearchStep &step, SearchCost limit);

    const QByteArray &rawHeader();
    const QByteArray &header();
    const QByteArray &addresses();
    const QByteArray &partHeaders();
    const QByteArray &body();
    bool hasIndexedHead();
    bool hasIndexedBody();
    std::optional<QByteArray> indexedText(TextPart part);
    QByteArray sectionOfParts(QByteArray (*make)(const MessageMeta &, const Mime::ReadBytes &));
    QByteArray read(quint64 offset, quint64 size);
    const MessageMeta *meta();
    bool openContent();
    void noteError(const Error &error);

    ReadTxn &m_txn;
    const SearchPlan &m_plan;
    const SearchScope &m_scope;

    Uid m_uid;
    quint32 m_number = 0;
    const MessageRow *m_row = nullptr;
    std::unique_ptr<ContentReader> m_content;
    std::optional<MessageMeta> m_meta; // where an older scanner has described the message
    // Looked for; found. The first three sections are views of the head then.
    std::optional<std::optional<QByteArray>> m_indexedHead;
    std::optional<bool> m_hasIndexedBody;
    std::optional<QByteArray> m_rawHeader;
    std::optional<std::optional<qint64>> m_sentDay; // looked for; found
    std::optional<QByteArray> m_header; // sections of a SearchText
    std::optional<QByteArray> m_addresses;
    std::optional<QByteArray> m_partHeaders;
    std::optional<QByteArray> m_body;
    QList<FuzzyFinding> m_fuzzy; // by SearchStep::matcher
    std::optional<Error> m_error;
};

} // namespace Postnook
