#include "core/search/fuzzyalphabet.h"

#include <algorithm>

namespace Postnook
{

namespace
{

struct Spelling {
    char16_t letter;
    const char *plain;
};
// Letters that people type without what Unicode does not take for an accent of theirs.
constexpr std::array Spellings{
    Spelling{u'\u00df', "ss"}, // sharp s
    Spelling{u'\u00e6', "ae"},
    Spelling{u'\u00f0', "d"}, // eth
    Spelling{u'\u00f8', "o"}, // o with stroke
    Spelling{u'\u00fe', "th"}, // thorn
    Spelling{u'\u0111', "d"}, // d with stroke
    Spelling{u'\u0127', "h"}, // h with stroke
    Spelling{u'\u0131', "i"}, // without a dot
    Spelling{u'\u0142', "l"}, // l with stroke
    Spelling{u'\u0153', "oe"},
    Spelling{u'\u0167', "t"}, // t with stroke
};

bool isSpaceless(QChar c)
{
    if (c.isSurrogate()) {
        return true; // more ideographs; emoji as well, each a word of its own
    }
    switch (c.script()) {
    case QChar::Script_Han:
    case QChar::Script_Hiragana:
    case QChar::Script_Katakana:
    case QChar::Script_Bopomofo:
    case QChar::Script_Yi:
    case QChar::Script_Thai:
    case QChar::Script_Lao:
    case QChar::Script_Khmer:
    case QChar::Script_Myanmar:
    case QChar::Script_Tibetan:
        return c.isLetterOrNumber() || c.isMark();
    default:
        return c == QChar(0x30fc) || c == QChar(0xff70); // the kana's long vowel
    }
}

// Marks that may be left out. Others, as the vowel signs of India, are letters to who reads them.
bool isAccent(QChar c)
{
    if (c.category() == QChar::Other_Format || c == QChar(0x0640)) { // and the Arabic stroke
        return true;
    }
    if (c.category() != QChar::Mark_NonSpacing) {
        return false;
    }
    switch (c.script()) {
    case QChar::Script_Inherited:
    case QChar::Script_Latin:
    case QChar::Script_Greek:
    case QChar::Script_Cyrillic:
    case QChar::Script_Hebrew:
    case QChar::Script_Arabic:
    case QChar::Script_Syriac:
        return true;
    default:
        return false;
    }
}

bool isOfWord(QChar c)
{
    return c.isLetterOrNumber() || c.isMark();
}

void addPlain(QString &plain, QChar c)
{
    const auto spelling = std::find_if(Spellings.begin(), Spellings.end(), [c](const Spelling &s) {
        return s.letter == c.unicode();
    });
    if (spelling != Spellings.end()) {
        plain += QLatin1String(spelling->plain);
    } else if (c.isDigit()) {
        plain += QChar(u'0' + c.digitValue());
    } else if (isOfWord(c) && !isAccent(c)) {
        plain += c;
    }
}

QString plainLetters(QChar c)
{
    // Its syllables would fall apart.
    if (c.script() == QChar::Script_Hangul) {
        return c;
    }
    QString plain;
    const QString parts =
        QString(c).toCaseFolded().normalized(QString::NormalizationForm_KD).toCaseFolded();
    for (const QChar part : parts) {
        addPlain(plain, part);
    }
    return plain;
}

} // namespace

const FuzzyAlphabet &FuzzyAlphabet::instance()
{
    static const FuzzyAlphabet alphabet;
    return alphabet;
}

FuzzyAlphabet::FuzzyAlphabet()
{
    for (size_t c = 0; c < m_letters.size(); ++c) {
        m_letters[c] = letterFor(QChar(static_cast<char16_t>(c)));
    }
}

char16_t FuzzyAlphabet::letterFor(QChar c)
{
    if (isAccent(c)) {
        return Skip;
    }
    if (!c.isDigit() && isSpaceless(c)) {
        return Spaceless;
    }
    if (!isOfWord(c)) {
        return Break;
    }
    const QString plain = plainLetters(c);
    if (plain.size() == 1) {
        const char16_t letter = plain.front().unicode();
        return letter < FirstExpansion ? letter : Break;
    }
    if (plain.isEmpty() || plain.size() > MaxExpansion) {
        return Break;
    }
    m_expansions.append(plain);
    return static_cast<char16_t>(FirstExpansion + m_expansions.size() - 1);
}

} // namespace Postnook
