#include "core/mime/messagetext.h"
#include "core/search/fuzzymatcher.h"
#include "misspelling.h"

#include <QTest>

using namespace Postnook;

namespace
{

using namespace Qt::StringLiterals;

int scoreOf(const QString &typed, const QString &text)
{
    return FuzzyMatcher(Mime::foldForSearch(typed)).score(Mime::foldForSearch(text));
}

// It makes no difference whether letters are kept apart from their accents.
int scoreApart(const QString &typed, const QString &text)
{
    constexpr auto Apart = QString::NormalizationForm_KD;
    return FuzzyMatcher(Mime::foldForSearch(typed).normalized(Apart))
        .score(Mime::foldForSearch(text).normalized(Apart));
}

} // namespace

class TestFuzzyMatcher : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finds_data();
    void finds();
    void findsNot_data();
    void findsNot();
    void ranks_data();
    void ranks();
    void scoresAreOneToHundred();
    void findsWhatIsMisspelt();
    void seldomTakesOneWordForAnother();
    void findsWhatAnExactSearchFinds();
    void severalTexts();
    void longWords();
    void manyWords();
    void anyCharacters();
};

void TestFuzzyMatcher::finds_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("text");

    const auto row = [](const char *name, const QString &typed, const QString &text) {
        QTest::newRow(name) << typed << text;
    };
    row("as it is", u"Minutes"_s, u"the minutes of monday"_s);
    row("no umlaut", u"Muller"_s, u"Herr Müller"_s);
    row("no accent", u"etude"_s, u"une étude, deux"_s);
    row("accent too many", u"Müller"_s, u"Mr Muller"_s);
    row("another accent", u"cafè"_s, u"Café"_s);
    row("apart", u"e\u0301tude"_s, u"etude"_s);
    row("accent of no letter", u"x\u0304y"_s, u"xy"_s);
    row("ss", u"strasse"_s, u"Straße 5"_s);
    row("sharp s", u"Straße"_s, u"STRASSE"_s);
    row("ae for umlaut", u"Mueller"_s, u"Müller"_s);
    row("ligature", u"oeuvre"_s, u"l'œuvre complète"_s);
    row("ligature typed", u"ﬁnal"_s, u"final"_s);
    row("ash", u"aether"_s, u"Æther"_s);
    row("stroke", u"Lodz"_s, u"do Łodzi i Łódź"_s);
    row("o with stroke", u"Soren"_s, u"Søren"_s);
    row("thorn", u"Thor"_s, u"Þór"_s);
    row("dotless", u"Isik"_s, u"ışık"_s);
    row("dotted", u"istanbul"_s, u"İSTANBUL"_s);
    row("Vietnamese", u"Nguyen"_s, u"Nguyễn"_s);
    row("yo", u"пелена еще"_s, u"ещё одна пелена"_s);
    row("Greek", u"αθηνα"_s, u"Αθήνα"_s);
    row("final sigma", u"ΛΟΓΟΣ"_s, u"λόγος"_s);
    row("Hebrew points", u"שלום"_s, u"שָׁלוֹם"_s);
    row("Arabic vowels", u"كتاب"_s, u"كِتَاب"_s);
    row("Arabic hamza", u"احمد"_s, u"أحمد"_s);
    row("full width", u"ＡＢＣ"_s, u"abc"_s);
    row("digits of a script", u"٢٠٢٦"_s, u"2026"_s);
    row("soft hyphen", u"donaudampfschiff"_s, u"Donau\u00addampf\u00adschiff"_s);
    row("left out", u"mintes"_s, u"minutes"_s);
    row("put in", u"minuttes"_s, u"minutes"_s);
    row("changed", u"minutas"_s, u"minutes"_s);
    row("swapped", u"mintues"_s, u"minutes"_s);
    row("five letters", u"hausx"_s, u"hause"_s);
    row("rfc6203-4", u"Helo"_s, u"Hello there"_s); // the word has five letters
    row("two of eight", u"acomodate"_s, u"accommodate"_s);
    row("two of ten", u"reservaiton"_s, u"reservatino"_s);
    row("first letter", u"ninutes"_s, u"minutes"_s);
    row("misspelt, no accent", u"Mullre"_s, u"Müller"_s);
    row("as many write it", u"recieve seperate definately"_s, u"definitely receive separate"_s);
    row("as many write it, too", u"tommorow calender"_s, u"calendar for tomorrow"_s);
    row("misspelt Cyrillic", u"превет"_s, u"Привет!"_s);
    row("several, any order", u"report annual"_s, u"the annual and final report"_s);
    row("several, one misspelt", u"anual report"_s, u"Annual Report"_s);
    row("beginning", u"Müll"_s, u"Müllers Büro"_s);
    row("half a word, no accent", u"uller"_s, u"Müllers"_s);
    row("inside", u"dampf"_s, u"Donaudampfschiff"_s);
    row("address", u"ann@example.org"_s, u"\"Ann\" <ann@mail.example.org>"_s);
    row("punctuation", u"re: lunch!"_s, u"Re: Lunch"_s);
    row("one letter", u"c"_s, u"plan C"_s);
    row("Chinese", u"會議"_s, u"明天的會議記錄"_s);
    row("Japanese", u"議事録"_s, u"会議の議事録です"_s);
    row("kana with its mark", u"がくせい"_s, u"わたしはがくせいです"_s);
    row("Thai", u"ประชุม"_s, u"การประชุมวันจันทร์"_s);
    row("Korean", u"회의"_s, u"내일 회의가 있습니다"_s);
    row("Devanagari", u"बैठक"_s, u"कल की बैठक"_s);
    row("two scripts", u"東京 report"_s, u"Report: 東京都"_s);
    row("two scripts together", u"東京report"_s, u"report 東京"_s);
    row("beyond 16 bits", u"𠮷野"_s, u"𠮷野家"_s);
    row("emoji", u"😀"_s, u"well 😀 done"_s);
    row("signs alone", u"->"_s, u"a -> b"_s);
    row("number", u"4711"_s, u"Invoice 4711-2026"_s);
    row("part of a number", u"4711"_s, u"ref 004711"_s);
    row("two letters, in it", u"is"_s, u"this"_s); // as without FUZZY
}

void TestFuzzyMatcher::finds()
{
    QFETCH(const QString, typed);
    QFETCH(const QString, text);

    QVERIFY(scoreOf(typed, text) > 0);
    QVERIFY(scoreApart(typed, text) > 0);
}

void TestFuzzyMatcher::findsNot_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("text");

    const auto row = [](const char *name, const QString &typed, const QString &text) {
        QTest::newRow(name) << typed << text;
    };
    row("nothing there", u"minutes"_s, QString());
    row("another word", u"minutes"_s, u"seconds and hours"_s);
    row("four letters, changed", u"mail"_s, u"maul rail main"_s);
    row("four letters, swapped", u"form"_s, u"from"_s);
    row("four letters, left out", u"date"_s, u"dat ate"_s);
    row("three letters", u"cat"_s, u"car hat at ca"_s);
    row("two letters inside another", u"is report"_s, u"report of this"_s);
    row("one letter inside another", u"plan c"_s, u"abc plan"_s);
    row("two of seven", u"metting"_s, u"matter mutton"_s);
    row("two of seven letters", u"monday"_s, u"sunday"_s);
    row("three of nine", u"important"_s, u"imparted portent"_s);
    row("longer by two", u"house"_s, u"horseman"_s);
    row("letters in another order", u"listen"_s, u"silent tinsel"_s);
    row("one is missing", u"annual report"_s, u"annual meeting"_s);
    row("one is missing, short", u"plan b1"_s, u"plan b2"_s);
    row("half of two words", u"reportfinal"_s, u"report final"_s);
    row("number", u"20261"_s, u"20262 2026"_s);
    row("number, swapped", u"123456789"_s, u"123456798"_s);
    row("with a digit", u"invoice2025"_s, u"invoice2026"_s);
    row("Chinese", u"會議"_s, u"會計 議會"_s);
    row("kana without its mark", u"かくせい"_s, u"がくせい"_s);
    row("kana with a mark too many", u"がくせい"_s, u"かくせい"_s);
    row("Devanagari vowels", u"की"_s, u"का के"_s);
    row("Thai", u"ประชุม"_s, u"ประชา"_s);
    row("emoji", u"😀"_s, u"😁"_s);
    row("signs alone", u"->"_s, u"a - > b"_s);
    row("accents alone", u"\u0301"_s, u"etude"_s);
    row("address of another", u"ann@example.org"_s, u"bob@example.org"_s);
    row("random letters", u"invoice"_s, u"inqvzoixce vnoicei ioicenvn"_s);
}

void TestFuzzyMatcher::findsNot()
{
    QFETCH(const QString, typed);
    QFETCH(const QString, text);

    QCOMPARE(scoreOf(typed, text), 0);
    QCOMPARE(scoreApart(typed, text), 0);
}

void TestFuzzyMatcher::ranks_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("better");
    QTest::addColumn<QString>("worse");

    const auto row =
        [](const char *name, const QString &typed, const QString &better, const QString &worse) {
            QTest::newRow(name) << typed << better << worse;
        };
    const auto typed = u"annual report 2026"_s;
    const auto phrase = u"the annual report 2026 is there"_s;
    const auto words = u"report of 2026, the annual one"_s;
    row("phrase over words", typed, phrase, words);
    row("near over far",
        typed,
        words,
        u"report of 2026 "_s + u"and so on "_s.repeated(40) + u"annual"_s);
    row("words over accents",
        u"etude cafe"_s,
        u"cafe "_s + u"so "_s.repeated(900) + u"etude"_s,
        u"étude café"_s);
    row("one accent over two", u"etude cafe"_s, u"etude café"_s, u"étude café"_s);
    row("accents over a beginning", u"muller"_s, u"müller"_s, u"mullerstrasse"_s);
    row("accents over misspelt", u"muller"_s, u"müller"_s, u"miller"_s);
    row("beginning over inside", u"dampf"_s, u"dampfer"_s, u"wasserdampf"_s);
    row("inside over misspelt", u"dampf"_s, u"wasserdampf"_s, u"damof"_s);
    row("one letter over two", u"reservation"_s, u"reservatin"_s, u"reservatn"_s);
    row("all accents over one misspelt",
        u"muller cafe etude uber"_s,
        u"müller café étude über"_s,
        u"miller cafe etude uber"_s);
    row("best of all counts", u"minutes"_s, u"minutas, the minutes"_s, u"minutas, the minuten"_s);
    row("signs count as typed", u"c++"_s, u"c++ and c"_s, u"c and a"_s);
    row("Chinese together",
        u"會議 東京"_s,
        u"東京的會議"_s,
        u"東京"_s + u"的"_s.repeated(100) + u"會議"_s);
}

void TestFuzzyMatcher::ranks()
{
    QFETCH(const QString, typed);
    QFETCH(const QString, better);
    QFETCH(const QString, worse);

    const int worst = scoreOf(typed, worse);
    QVERIFY(worst > 0);
    QVERIFY(scoreOf(typed, better) > worst);
}

void TestFuzzyMatcher::scoresAreOneToHundred()
{
    QCOMPARE(scoreOf(u"minutes"_s, u"minutes"_s), 100);
    QCOMPARE(scoreOf(u"the minutes"_s, u"all the minutes"_s), 100);
    const FuzzyMatcher matcher(u"reservation"_s);
    FuzzyMatcher::Match match;
    matcher.look(u"reservatn", 1, match);
    QCOMPARE(matcher.score(match), 1);
}

// A wrong letter in words from 5 letters on, two in every other one from 8 on, half of them typed
// without accents.
void TestFuzzyMatcher::findsWhatIsMisspelt()
{
    constexpr int Count = 500;
    Misspeller misspeller(6203);
    int found = 0;
    QStringList missed;
    for (int i = 0; i < Count; ++i) {
        const auto language = misspeller.anyLanguage();
        const auto mail = misspeller.mail(language);
        const auto word = misspeller.longWordOf(mail);
        const auto typed = misspeller.misspelt(word);
        if (scoreOf(typed, mail) > 0) {
            ++found;
        } else {
            missed.append(typed + u" for "_s + word);
        }
    }
    qInfo("%d of %d misspellings found%s",
          found,
          Count,
          missed.isEmpty() ? "" : qPrintable(u"; not "_s + missed.join(u", "_s)));
    QVERIFY(found * 100 >= Count * 95);
}

// Each word of a language, looked for among all of its other words.
void TestFuzzyMatcher::seldomTakesOneWordForAnother()
{
    int pairs = 0;
    QStringList mistaken;
    for (const QStringList &words : Misspeller::languages()) {
        for (const QString &typed : words) {
            const FuzzyMatcher matcher(Mime::foldForSearch(typed));
            for (const QString &other : words) {
                ++pairs;
                if (other != typed && !other.contains(typed)
                    && matcher.score(Mime::foldForSearch(other)) > 0) {
                    mistaken.append(typed + u'/' + other);
                }
            }
        }
    }
    qInfo("%lld of %d pairs of words taken for each other: %s",
          static_cast<long long>(mistaken.size()),
          pairs,
          qPrintable(mistaken.join(u' ')));
    QVERIFY(mistaken.size() * 1000 <= pairs);
}

// What was typed is found where it stands, whatever part of the text it is.
void TestFuzzyMatcher::findsWhatAnExactSearchFinds()
{
    Misspeller misspeller(5);
    QRandomGenerator random(5);
    for (int i = 0; i < 2000; ++i) {
        const auto text = Mime::foldForSearch(misspeller.mail(misspeller.anyLanguage()));
        const auto begin = random.bounded(static_cast<int>(text.size()) - 30);
        const auto part = text.sliced(begin, 1 + random.bounded(25));
        if (!part.trimmed().isEmpty()) {
            QVERIFY2(FuzzyMatcher(part).score(text) > 0, qPrintable(part));
        }
    }
}

// The words of one key, some in the subject and some in the body.
void TestFuzzyMatcher::severalTexts()
{
    const FuzzyMatcher matcher(u"annual report"_s);
    FuzzyMatcher::Match match;
    matcher.look(u"report", 100, match);
    QCOMPARE(matcher.score(match), 0);
    matcher.look(u"the anual meeting", 70, match);
    const int misspelt = matcher.score(match);
    QVERIFY(misspelt > 0);
    matcher.look(u"an annual meeting", 70, match);
    const int exact = matcher.score(match);
    QVERIFY(exact > misspelt);
    matcher.look(u"nothing of it", 100, match);
    QCOMPARE(matcher.score(match), exact);
    matcher.look(u"annual report", 70, match);
    QVERIFY(matcher.score(match) > exact);
    matcher.look(u"annual report", 100, match);
    QCOMPARE(matcher.score(match), 100);
}

// RFC 6203 8: very long words are gone through piece by piece, and typed ones compared as they are.
void TestFuzzyMatcher::longWords()
{
    const QString filler = u"xyzzy"_s.repeated(100);
    for (int before = 0; before < 300; ++before) {
        const QString text = filler.first(before) + u"invoice"_s + filler;
        QVERIFY(scoreOf(u"invoice"_s, text) > 0);
        QCOMPARE(scoreOf(u"invoicf"_s, text), 0);
    }
    const QString word = u"abcdefghijklm"_s.repeated(5);
    QVERIFY(scoreOf(word, u"a "_s + word + u" b"_s) > 0);
    QVERIFY(scoreOf(word.first(64), filler + word + filler) > 0);
    QCOMPARE(scoreOf(word, word.chopped(1)), 0);
    const QString ash = u"æ"_s.repeated(500);
    QVERIFY(scoreOf(ash.first(40), ash) > 0);
}

void TestFuzzyMatcher::manyWords()
{
    QStringList words;
    for (int i = 0; i < 3000; ++i) {
        words.append(u"word"_s + QString::number(i));
    }
    const auto all = words.join(u' ');
    QCOMPARE(scoreOf(all, all), 100);
    QCOMPARE(scoreOf(all, words.mid(1).join(u' ')), 0);
    QVERIFY(scoreOf(all, words.first(FuzzyMatcher::MaxWords).join(u' ')) > 0);
    QVERIFY(scoreOf(u"the the the"_s, u"the"_s) > 0);
}

// RFC 6203 8: no text and nothing typed is a fault, halves of characters included.
void TestFuzzyMatcher::anyCharacters()
{
    QRandomGenerator random(8);
    const auto any = [&random](int size) {
        QString text(size, Qt::Uninitialized);
        for (QChar &c : text) {
            c = QChar(static_cast<char16_t>(random.bounded(0x10000)));
        }
        return text;
    };
    for (int i = 0; i < 500; ++i) {
        const auto text = any(200);
        const int score = FuzzyMatcher(text.sliced(random.bounded(180), 12)).score(text);
        QVERIFY(score > 0 && score <= 100);
        const int other = FuzzyMatcher(any(5)).score(text);
        QVERIFY(other >= 0 && other <= 100);
    }
}

QTEST_GUILESS_MAIN(TestFuzzyMatcher)
#include "tst_fuzzymatcher.moc"
