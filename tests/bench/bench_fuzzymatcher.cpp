// How fast a fuzzy search goes over folded text, in millions of characters a second (the best of
// several runs; in memory a character has two octets): usual text in several scripts with words
// that are not in it, are in it and nearly are, and hostile text at growing sizes, where the rate
// must not fall.
//
//   bench_fuzzymatcher [--json FILE]

#include "benchreport.h"
#include "core/search/fuzzymatcher.h"

#include <QRandomGenerator>

using namespace Postnook;

namespace
{

using namespace Qt::StringLiterals;

constexpr qsizetype UsualSize = 4'000'000;

const QString English = u"the quick brown fox jumps over the lazy dog, and goes on to do so until "
                        "the minutes of the meeting on monday have been sent to everybody. "_s;
const QString German = u"die übernächste sitzung findet am dienstag in münchen statt; grösse und "
                       "weitere angaben stehen im anhang, mit freundlichen grüssen jörg. "_s;
const QString Russian = u"уважаемые коллеги, напоминаем вам о собрании в понедельник в десять "
                        "часов утра; повестка дня прилагается к этому письму. "_s;
const QString Japanese =
    u"会議は月曜日の午前十時から始まります。議事録は添付ファイルをご覧ください。"_s;

QString grown(const QString &text, qsizetype size)
{
    return text.repeated(size / text.size() + 1).first(size);
}

// The words in no fixed order, so that the processor cannot learn them by heart.
QString shuffled(const QString &text, qsizetype size)
{
    const QStringList words = text.split(u' ');
    QRandomGenerator random(1);
    QString all;
    while (all.size() < size) {
        all += words.at(random.bounded(static_cast<int>(words.size()))) + u' ';
    }
    return all.first(size);
}

// Letters without an end, as of a file in base64.
QString endless(qsizetype size)
{
    QRandomGenerator random(1);
    QString text(size, Qt::Uninitialized);
    for (QChar &c : text) {
        c = QChar(u'a' + random.bounded(26));
    }
    return text;
}

void addTo(Bench::Report &report, const QString &name, const QString &typed, const QString &text)
{
    report.add(name, text.size(), [matcher = FuzzyMatcher(typed), &text] {
        FuzzyMatcher::Match match;
        matcher.look(text, 100, match);
    });
}

void addUsual(Bench::Report &report)
{
    const std::pair<const char *, QString> texts[] = {
        {"English", English}, {"German", German}, {"Russian", Russian}, {"Japanese", Japanese}};
    for (const auto &[language, text] : texts) {
        const auto name = u"usual: "_s + QString::fromLatin1(language);
        const auto whole = shuffled(text, UsualSize);
        addTo(report, name + u", one word"_s, u"kettenfahrzeug"_s, whole);
        addTo(report, name + u", three words"_s, u"invoice hotel reservation"_s, whole);
    }
    const auto english = shuffled(English, UsualSize);
    addTo(report, u"usual: a word of four letters"_s, u"bill"_s, english);
    addTo(report, u"usual: misspelt in each line"_s, u"mintues"_s, english);
    addTo(report, u"usual: a part of a word"_s, u"body"_s, english);
    addTo(report, u"usual: there, another one not"_s, u"meeting xylophone"_s, english);
}

void addHostile(Bench::Report &report)
{
    for (const qsizetype size : {250'000, 1'000'000, 4'000'000}) {
        addTo(report, u"hostile: letters without an end"_s, u"kettenfahrzeug"_s, endless(size));
        addTo(report,
              u"hostile: nearly the word"_s,
              u"abababababab"_s,
              grown(u"abbaabababba "_s, size));
        addTo(report, u"hostile: one letter"_s, u"aaaaaaaab"_s, grown(u"a"_s, size));
    }
}

} // namespace

int main(int argc, char **argv)
{
    Bench::Report report(u"characters"_s);
    addUsual(report);
    addHostile(report);
    return report.finish(argc, argv);
}
