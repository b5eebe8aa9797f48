#include "core/search/fuzzymatcher.h"

#include "core/search/editdistance.h"
#include "core/search/fuzzyalphabet.h"

#include <algorithm>
#include <bit>

namespace Postnook
{

namespace
{

using Alphabet = FuzzyAlphabet;

// What a word is worth by how it was found. The worst word of several counts most, so that no
// number of words that are right makes up for one that is misspelt.
constexpr int ExactPoints = 86;
constexpr int AccentPoints = 72;
constexpr int BeginningPoints = 52;
constexpr int InsidePoints = 42;
constexpr int OneEditPoints = 30;
constexpr int TwoEditsPoints = 12;
constexpr int NearestPoints = 8; // less than what lies between two of the above

// No word that people write is longer, and hostile ones go by piece by piece.
constexpr qsizetype MaxLetters = 64;
constexpr qsizetype PieceLetters = 2 * MaxLetters;
constexpr qsizetype MinInnerLetters = 3; // "is" inside of "this" is no hit
static_assert(MaxLetters + 2 <= MaxEditLetters);

quint32 bitOf(char16_t letter)
{
    return 1U << (letter % 32U);
}

// More than two letters that the other has not: no misspelling makes up for that.
bool isMoreThanTwo(quint32 letters)
{
    letters &= letters - 1;
    return (letters & (letters - 1)) != 0;
}

int editsAllowed(qsizetype typed, qsizetype found)
{
    const auto longer = std::max(typed, found);
    return longer >= 8 ? 2 : longer >= 5 ? 1 : 0;
}

// Of words with this many characters from the first to the last, where `typed` would do.
int nearnessOf(qsizetype span, qsizetype typed)
{
    int points = NearestPoints;
    for (qsizetype near = typed + 16; points > 0 && span > near; near *= 4) {
        points -= 2;
    }
    return points;
}

int weighed(int points, int weight)
{
    return std::max(points * weight / 100, 1);
}

// Calls spelt(letters, mask, begin, end, isWhole) for the words of a text until it says false; of a
// word that is too long, for pieces that overlap.
template <typename Spelt>
void forEachWord(QStringView text, Spelt spelt)
{
    const Alphabet &alphabet = Alphabet::instance();
    std::array<char16_t, PieceLetters> letters; // NOLINT(*-member-init): filled as it is read
    qsizetype count = 0;
    quint32 mask = 0;
    qsizetype begin = 0;
    bool isWhole = true;

    const char16_t *const characters = text.utf16();
    const qsizetype size = text.size();
    const auto add = [&](char16_t letter) {
        letters[static_cast<size_t>(count++)] = letter;
        mask |= bitOf(letter);
    };
    for (qsizetype i = 0;; ++i) {
        const char16_t letter = i < size ? alphabet[characters[i]] : Alphabet::Break;
        if (letter >= Alphabet::FirstLetter) {
            if (letter < Alphabet::FirstExpansion) {
                add(letter);
            } else {
                for (const QChar part : alphabet.expansion(letter)) {
                    add(part.unicode());
                }
            }
            if (count > PieceLetters - Alphabet::MaxExpansion) {
                isWhole = false;
                if (!spelt(QStringView(letters.data(), count), mask, begin, i + 1, false)) {
                    return;
                }
                std::copy(letters.begin() + (count - MaxLetters),
                          letters.begin() + count,
                          letters.begin());
                count = MaxLetters;
            }
        } else if (letter != Alphabet::Skip) {
            if (count > 0) {
                if (!spelt(QStringView(letters.data(), count), mask, begin, i, isWhole)) {
                    return;
                }
                count = 0;
                mask = 0;
                isWhole = true;
            }
            if (i >= size) {
                return;
            }
            begin = i + 1;
        }
    }
}

} // namespace

FuzzyMatcher::FuzzyMatcher(const QString &folded)
    : m_typed(folded.trimmed())
{
    const Alphabet &alphabet = Alphabet::instance();
    // Runs of one kind: letters, characters of scripts without spaces, or neither.
    for (qsizetype at = 0; at < m_typed.size();) {
        QString letters;
        const qsizetype begin = at;
        const bool isSpaceless = alphabet[m_typed[at].unicode()] == Alphabet::Spaceless;
        for (; at < m_typed.size(); ++at) {
            const char16_t letter = alphabet[m_typed[at].unicode()];
            const bool isOtherKind =
                letter != Alphabet::Skip && (letter == Alphabet::Spaceless) != isSpaceless;
            if (isOtherKind || letter == Alphabet::Break) {
                break;
            }
            if (letter >= Alphabet::FirstExpansion) {
                letters += alphabet.expansion(letter);
            } else if (letter >= Alphabet::FirstLetter) {
                letters += QChar(letter);
            }
        }
        if (isSpaceless || !letters.isEmpty()) {
            addWord(m_typed.sliced(begin, at - begin), letters);
        } else if (at == begin) {
            ++at;
        }
    }
    if (m_words.isEmpty()) {
        addWord(m_typed, {}); // "->" is all there is to look for
    }
}

void FuzzyMatcher::addWord(const QString &typed, const QString &letters)
{
    const bool isKnown = std::any_of(
        m_words.begin(), m_words.end(), [&](const Word &word) { return word.typed == typed; });
    if (isKnown || m_words.size() == MaxWords) {
        return;
    }
    Word word{.typed = typed, .letters = letters.size() <= MaxLetters ? letters : QString()};
    for (const QChar letter : std::as_const(word.letters)) {
        word.mask |= bitOf(letter.unicode());
        word.hasDigit = word.hasDigit || letter.isDigit();
    }
    m_hasShortWord =
        m_hasShortWord || (!word.letters.isEmpty() && word.letters.size() < MinInnerLetters);
    m_words.append(word);
}

// One text, and what is found in it.
class FuzzyMatcher::Scan
{
public:
    Scan(const FuzzyMatcher &matcher, QStringView text)
        : m_matcher(matcher)
        , m_text(text)
        , m_words(matcher.m_words.constData())
        , m_count(static_cast<size_t>(matcher.m_words.size()))
    {
        std::fill_n(m_places.begin(), m_count, qsizetype(-1));
        std::fill_n(m_points.begin(), m_count, 0);
    }

    void run();
    int points(size_t word) const { return m_points[word]; }
    int nearness() const { return m_nearness; }
    bool isAllExact() const
    {
        return std::all_of(m_points.begin(), m_points.begin() + m_count, [](int points) {
            return points == ExactPoints;
        });
    }

private:
    void
    compare(size_t at, QStringView letters, quint32 mask, QStringView written, qsizetype begin);
    void compareInside(size_t at, QStringView letters, qsizetype begin);
    void found(size_t at, int points, qsizetype begin);

    const FuzzyMatcher &m_matcher;
    QStringView m_text;
    const Word *m_words;
    size_t m_count;
    std::array<int, MaxWords> m_points; // NOLINT(*-member-init): as many as there are words
    std::array<qsizetype, MaxWords> m_places; // NOLINT(*-member-init): where last; -1: nowhere yet
    int m_nearness = 0;
};

void FuzzyMatcher::Scan::run()
{
    size_t spelt = 0;
    for (size_t i = 0; i < m_count; ++i) {
        if (!m_words[i].letters.isEmpty()) {
            ++spelt;
        } else if (const auto place = m_text.indexOf(m_words[i].typed); place >= 0) {
            found(i, ExactPoints, place);
        }
    }
    if (spelt == 0) {
        return;
    }
    forEachWord(
        m_text,
        [this](QStringView letters, quint32 mask, qsizetype begin, qsizetype end, bool isWhole) {
            for (size_t i = 0; i < m_count; ++i) {
                const Word &word = m_words[i];
                if (letters.size() + 2 < word.letters.size() || isMoreThanTwo(word.mask & ~mask)
                    || word.mask == 0) {
                    continue;
                }
                if (isWhole) {
                    compare(i, letters, mask, m_text.sliced(begin, end - begin), begin);
                } else {
                    compareInside(i, letters, begin);
                }
            }
            return !(m_nearness == NearestPoints && isAllExact()); // it gets no better
        });
}

void FuzzyMatcher::Scan::compare(
    size_t at, QStringView letters, quint32 mask, QStringView written, qsizetype begin)
{
    const Word &word = m_words[at];
    if (letters == word.letters) {
        return found(at, written == word.typed ? ExactPoints : AccentPoints, begin);
    }
    if ((word.mask & ~mask) == 0 && letters.size() > word.letters.size()) {
        compareInside(at, letters, begin);
    }
    const int limit = word.hasDigit ? 0 : editsAllowed(word.letters.size(), letters.size());
    if (limit == 0 || m_points[at] > OneEditPoints
        || std::abs(letters.size() - word.letters.size()) > limit
        || std::popcount(word.mask & ~mask) > limit || std::popcount(mask & ~word.mask) > limit) {
        return;
    }
    const int edits = editDistance(word.letters, letters, limit);
    if (edits <= limit) {
        found(at, edits == 1 ? OneEditPoints : TwoEditsPoints, begin);
    }
}

void FuzzyMatcher::Scan::compareInside(size_t at, QStringView letters, qsizetype begin)
{
    const QString &part = m_words[at].letters;
    if (letters.startsWith(part)) {
        found(at, BeginningPoints, begin);
    } else if (part.size() >= MinInnerLetters && letters.contains(part)) {
        found(at, InsidePoints, begin);
    }
}

void FuzzyMatcher::Scan::found(size_t at, int points, qsizetype begin)
{
    m_points[at] = std::max(m_points[at], points);
    m_places[at] = begin;
    const auto [first, last] = std::minmax_element(m_places.begin(), m_places.begin() + m_count);
    if (*first >= 0) {
        m_nearness = std::max(m_nearness, nearnessOf(*last - *first, m_matcher.m_typed.size()));
    }
}

void FuzzyMatcher::look(QStringView foldedText, int weight, Match &match) const
{
    Scan scan(*this, foldedText);
    scan.run();
    for (size_t i = 0; i < static_cast<size_t>(m_words.size()); ++i) {
        if (scan.points(i) > 0) {
            const auto points = static_cast<quint8>(weighed(scan.points(i), weight));
            match.points[i] = std::max(match.points[i], points);
        }
    }
    match.nearness = std::max(match.nearness, scan.nearness() * weight / 100);
    lookForWhole(foldedText, weight, scan.isAllExact(), match);
}

// All of it as typed: more than its words where they are all there. And what a search that is not
// fuzzy finds, this one finds too: "s is" in "this is".
void FuzzyMatcher::lookForWhole(QStringView text, int weight, bool isAllExact, Match &match) const
{
    if (isAllExact) {
        const bool isWhole = m_words.first().typed == m_typed || text.contains(m_typed);
        match.phrase = std::max(match.phrase, isWhole ? weight : 0);
    } else if (m_hasShortWord && score(match) == 0 && text.contains(m_typed)) {
        for (size_t i = 0; i < static_cast<size_t>(m_words.size()); ++i) {
            match.points[i] =
                std::max(match.points[i], static_cast<quint8>(weighed(InsidePoints, weight)));
        }
    }
}

int FuzzyMatcher::score(const Match &match) const
{
    const auto begin = match.points.begin();
    const auto end = begin + m_words.size();
    const int least = *std::min_element(begin, end);
    if (least == 0) {
        return 0;
    }
    int sum = 0;
    for (auto points = begin; points != end; ++points) {
        sum += *points;
    }
    const int mean = sum / static_cast<int>(m_words.size());
    return std::max((2 * least + mean) / 3 + match.nearness, match.phrase);
}

int FuzzyMatcher::score(QStringView foldedText) const
{
    Match match;
    look(foldedText, 100, match);
    return score(match);
}

} // namespace Postnook
