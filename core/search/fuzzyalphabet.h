#pragma once

#include <QString>
#include <QStringList>

#include <array>

namespace Postnook
{

// How a fuzzy search reads a folded text (Mime::foldForSearch): the letters of its words without
// their accents, "é" as "e", "æ" as "ae", digits of any script as 0 to 9. Immutable once made; any
// thread.
class FuzzyAlphabet
{
public:
    static constexpr char16_t Break = 0; // ends a word
    static constexpr char16_t Skip = 1; // an accent or a joiner: no letter, and no end of a word
    static constexpr char16_t Spaceless = 2; // of a script that puts no spaces between words
    static constexpr char16_t FirstLetter = 3; // from here on one letter ...
    static constexpr char16_t FirstExpansion = 0xE000; // ... and from here on several
    static constexpr qsizetype MaxExpansion = 4;

    static const FuzzyAlphabet &instance();

    char16_t operator[](char16_t c) const { return m_letters[c]; }
    QStringView expansion(char16_t letter) const
    {
        return m_expansions.at(letter - FirstExpansion);
    }

private:
    FuzzyAlphabet();
    char16_t letterFor(QChar c);

    std::array<char16_t, 0x10000> m_letters = {}; // one look-up a character, on 128 KiB
    QStringList m_expansions;
};

} // namespace Postnook
