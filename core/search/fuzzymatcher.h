#pragma once

#include <QList>
#include <QString>
#include <QStringView>

#include <array>

namespace Postnook
{

// What a person typed, made ready to be looked for in many texts. All of its words must be there,
// in any order; each as typed, without its accents, as a part of a longer word, or misspelt: by one
// letter from words of 5 letters on, by two from 8. Words with a digit are never misspelt. Scripts
// without spaces are compared as they stand. Pure; takes no memory while it looks.
class FuzzyMatcher
{
public:
    // What is typed behind as many words is not looked for.
    static constexpr qsizetype MaxWords = 32;

    explicit FuzzyMatcher(const QString &folded); // by Mime::foldForSearch

    // What was found so far, in one text of a message or in several, one after the other.
    struct Match {
        std::array<quint8, MaxWords> points = {}; // of each word; 0: not found
        int nearness = 0; // how close together
        int phrase = 0; // all of it as typed
    };
    // `weight`: what being found in this text is worth, in percent.
    void look(QStringView foldedText, int weight, Match &match) const;
    int score(const Match &match) const; // 1 to 100; 0: a word is missing
    int score(QStringView foldedText) const;

private:
    struct Word {
        QString typed;
        QString letters; // of FuzzyAlphabet; empty: to be compared as typed
        quint32 mask = 0; // which letters there are, by their last bits
        bool hasDigit = false;
    };
    class Scan;

    void addWord(const QString &typed, const QString &letters);
    void lookForWhole(QStringView text, int weight, bool isAllExact, Match &match) const;

    QString m_typed; // the whole
    QList<Word> m_words; // distinct
    bool m_hasShortWord = false; // that is not found inside of longer ones
};

} // namespace Postnook
