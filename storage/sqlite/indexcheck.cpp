#include "storage/sqlite/indexcheck.h"

#include "storage/sqlite/textblock.h"

#include <QHash>

#include <algorithm>
#include <vector>

namespace Postnook::Sqlite
{

namespace
{

constexpr qint64 RowsBetweenPauses = 4096;

// SQLite's own reading of UTF-8 takes these for U+FFFD.
constexpr char32_t Replacement = 0xfffd;
constexpr bool isReplaced(char32_t c)
{
    return (c >= 0xd800 && c <= 0xdfff) || (c & 0xfffffffe) == 0xfffe;
}

// Three characters as one number, moved along a text. Those with U+FFFD in them are passed over,
// so that nothing depends on how damaged UTF-8 is read.
class TrigramWindow
{
public:
    // Whether the last three characters are one to count.
    bool push(char32_t c)
    {
        m_packed = ((m_packed << CharacterBits) | c) & Mask;
        m_count = c == Replacement || isReplaced(c) ? 0 : m_count + 1;
        return m_count >= 3;
    }
    quint64 packed() const { return m_packed; }

private:
    static constexpr int CharacterBits = 21;
    static constexpr quint64 Mask = (1ULL << (3 * CharacterBits)) - 1;

    quint64 m_packed = 0;
    int m_count = 0;
};

char32_t nextCharacter(QByteArrayView utf8, qsizetype &at)
{
    const auto lead = static_cast<uchar>(utf8[at++]);
    if (lead < 0x80) {
        return lead;
    }
    const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    char32_t c = lead & (0x3fU >> more);
    for (int i = 0; i < more; ++i) {
        if (at >= utf8.size() || (utf8[at] & 0xc0) != 0x80) {
            return Replacement;
        }
        c = (c << 6) | (static_cast<uchar>(utf8[at++]) & 0x3fU);
    }
    return lead < 0xc0 || lead >= 0xf8 ? Replacement : c;
}

// Sums of these tell whether two sets are the same (the finaliser of SplitMix64).
quint64 mixed(quint64 number)
{
    number += 0x9e3779b97f4a7c15;
    number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
    number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
    return number ^ (number >> 31);
}

using Sums = QHash<qint64, quint64>; // by content

Result<Sums> sumsOfIndex(Database &search, const std::function<void()> &pause)
{
    Sums sums;
    QByteArray term;
    quint64 termSum = 0; // without a trigram in it
    auto rows = search.statement("SELECT term, doc FROM temp.trigram_instance");
    for (qint64 row = 1; rows.next(); ++row) {
        if (rows.view(0) != term) {
            term = rows.bytes(0);
            TrigramWindow window;
            termSum = 0;
            for (qsizetype at = 0; at < term.size();) {
                if (window.push(nextCharacter(term, at))) {
                    termSum = mixed(window.packed());
                }
            }
        }
        if (termSum != 0) {
            sums[rows.integer(1)] += termSum;
        }
        if (row % RowsBetweenPauses == 0) {
            pause();
        }
    }
    return rows.error() ? Result<Sums>(*rows.error()) : sums;
}

quint64 sumOfText(const TextBlock &block, ContentId id)
{
    std::vector<quint64> trigrams;
    for (const TextPart part : {TextPart::Head, TextPart::Body}) {
        const auto text = block.text(id, part).value_or(QByteArray());
        TrigramWindow window;
        for (qsizetype at = 0; at < text.size();) {
            if (window.push(nextCharacter(text, at))) {
                trigrams.push_back(window.packed());
            }
        }
    }
    std::sort(trigrams.begin(), trigrams.end());
    quint64 sum = 0;
    std::optional<quint64> last;
    for (const quint64 trigram : trigrams) {
        if (trigram != last) {
            sum += mixed(trigram);
            last = trigram;
        }
    }
    return sum;
}

Result<bool> textsHaveSums(Database &search, const Sums &sums, const std::function<void()> &pause)
{
    auto rows = search.statement("SELECT directory, heads, bodies FROM block ORDER BY id");
    while (rows.next()) {
        const auto block = TextBlock::fromStored(rows.bytes(0), rows.bytes(1), rows.bytes(2));
        if (!block) {
            return block.error();
        }
        for (const TextBlock::Entry &entry : block->entries()) {
            if (sumOfText(*block, entry.id) != sums.value(entry.id.value)) {
                return false;
            }
        }
        pause();
    }
    return rows.error() ? Result<bool>(*rows.error()) : true;
}

} // namespace

Result<bool> trigramsFitTexts(Database &search, const std::function<void()> &pause)
{
    // A view of the index, in memory: nothing is written.
    const auto viewed = search.runScript(
        "PRAGMA query_only = OFF;"
        "CREATE VIRTUAL TABLE temp.trigram_instance USING fts5vocab(main, trigram, instance);"
        "PRAGMA query_only = ON;");
    if (!viewed) {
        return viewed.error();
    }
    const auto sums = sumsOfIndex(search, pause);
    return sums ? textsHaveSums(search, *sums, pause) : sums.error();
}

} // namespace Postnook::Sqlite
