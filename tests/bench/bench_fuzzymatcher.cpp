// How fast a fuzzy search goes over folded text, in millions of characters a second (the best of
// several runs; in memory a character has two octets): usual text in several scripts with words
// that are not in it, are in it and nearly are, and hostile text at growing sizes, where the rate
// must not fall.
//
//   bench_fuzzymatcher [--json FILE]

#include "core/search/fuzzymatcher.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTextStream>

#include <algorithm>
#include <limits>

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

double bestRate(const FuzzyMatcher &matcher, const QString &text)
{
    constexpr qint64 EnoughNs = 400'000'000;
    qint64 best = std::numeric_limits<qint64>::max();
    qint64 total = 0;
    for (int run = 0; run < 2 || total < EnoughNs; ++run) {
        QElapsedTimer timer;
        timer.start();
        FuzzyMatcher::Match match;
        matcher.look(text, 100, match);
        const auto taken = std::max<qint64>(timer.nsecsElapsed(), 1);
        best = std::min(best, taken);
        total += taken;
    }
    return static_cast<double>(text.size()) * 1000.0 / static_cast<double>(best);
}

class Report
{
public:
    void add(const QString &name, const QString &typed, const QString &text)
    {
        const auto rate = bestRate(FuzzyMatcher(typed), text);
        QTextStream(stdout) << name.leftJustified(36)
                            << QString::number(text.size()).rightJustified(10) << " characters "
                            << QString::number(rate, 'f', 1).rightJustified(9) << " million/s\n";
        m_rows.append(QJsonObject{
            {u"name"_s, name}, {u"characters"_s, text.size()}, {u"millionPerSecond"_s, rate}});
    }

    bool write(const QString &path) const
    {
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(QJsonDocument(m_rows).toJson()) > 0;
    }

private:
    QJsonArray m_rows;
};

void addUsual(Report &report)
{
    const std::pair<const char *, QString> texts[] = {
        {"English", English}, {"German", German}, {"Russian", Russian}, {"Japanese", Japanese}};
    for (const auto &[language, text] : texts) {
        const auto name = u"usual: "_s + QString::fromLatin1(language);
        const auto whole = shuffled(text, UsualSize);
        report.add(name + u", one word"_s, u"kettenfahrzeug"_s, whole);
        report.add(name + u", three words"_s, u"invoice hotel reservation"_s, whole);
    }
    const auto english = shuffled(English, UsualSize);
    report.add(u"usual: a word of four letters"_s, u"bill"_s, english);
    report.add(u"usual: misspelt in each line"_s, u"mintues"_s, english);
    report.add(u"usual: a part of a word"_s, u"body"_s, english);
    report.add(u"usual: there, another one not"_s, u"meeting xylophone"_s, english);
}

void addHostile(Report &report)
{
    for (const qsizetype size : {250'000, 1'000'000, 4'000'000}) {
        report.add(u"hostile: letters without an end"_s, u"kettenfahrzeug"_s, endless(size));
        report.add(
            u"hostile: nearly the word"_s, u"abababababab"_s, grown(u"abbaabababba "_s, size));
        report.add(u"hostile: one letter"_s, u"aaaaaaaab"_s, grown(u"a"_s, size));
    }
}

} // namespace

int main(int argc, char **argv)
{
    Report report;
    addUsual(report);
    addHostile(report);
    const bool isJson = argc > 2 && QByteArrayView(argv[1]) == "--json";
    return !isJson || report.write(QString::fromLocal8Bit(argv[2])) ? 0 : 1;
}
