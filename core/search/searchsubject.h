#pragma once

#include "core/mime/messagetext.h"
#include "core/search/fuzzyplaces.h"
#include "core/search/searchplan.h"
#include "storage/store.h"

#include <memory>
#include <optional>

namespace Postnook
{

// The message that is being looked at: answers single keys, reads and decodes its text only when a
// key asks and only once. One object serves all messages of a search, one after the other. Pool
// thread.
class SearchSubject
{
public:
    SearchSubject(ReadTxn &txn, const SearchPlan &plan, const SearchScope &scope);

    // The row must outlive the look at it; null where the plan needs none.
    void setMessage(Uid uid, quint32 number, const MessageRow *row);
    // Unknown when the answer costs more than `limit`.
    SearchTruth test(const SearchStep &step, SearchCost limit);
    // Of a fuzzy text, how well it is met (1 to 100; 0: not at all), for what may be looked at.
    int fuzzyScore(const SearchStep &step, SearchCost limit);

    // What went wrong with the store. Missing or damaged bytes are no error: a message that cannot
    // be read has no text to match, and must not spoil the search of all others.
    const std::optional<Error> &error() const { return m_error; }

private:
    bool testRow(const SearchStep &step) const;
    bool testSent(const SearchKey &key);
    bool testHeader(const SearchStep &step);
    bool testAddresses(const SearchStep &step);
    QStringList addresses(const SearchStep &step);
    SearchTruth testText(const SearchKey &key, SearchCost limit);
    SearchTruth testFuzzy(const SearchStep &step, SearchCost limit);

    const QByteArray &header();
    const QStringList &fieldValues(qsizetype field);
    const QString &headerText();
    const QString &bodyText();
    QByteArray read(quint64 offset, quint64 size);
    bool openContent();
    void noteError(const Error &error);

    ReadTxn &m_txn;
    const SearchPlan &m_plan;
    const SearchScope &m_scope;

    Uid m_uid;
    quint32 m_number = 0;
    const MessageRow *m_row = nullptr;
    std::unique_ptr<ContentReader> m_content;
    std::optional<QByteArray> m_header;
    QList<std::optional<QStringList>> m_fieldValues; // folded, by SearchStep::field
    std::optional<std::optional<qint64>> m_sentDay; // looked for; found
    std::optional<QString> m_headerText;
    std::optional<QString> m_bodyText;
    QList<FuzzyFinding> m_fuzzy; // by SearchStep::matcher
    std::optional<Error> m_error;
};

} // namespace Postnook
