#include "core/commands/metadataresponse.h"

#include "core/wire/metadatanames.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>

using namespace Postnook;

namespace
{

bool isLess(const MetadataEntry &a, const MetadataEntry &b)
{
    return a.name.toLower() < b.name.toLower();
}

// RFC 5464 4.2.1, 4.2.2 word by word, by looking at everything.
MetadataAnswer plainAnswer(const QList<MetadataEntry> &stored, const MetadataQuery &query)
{
    MetadataAnswer answer;
    QSet<QByteArray> seen;
    for (const QByteArray &asked : query.entries) {
        bool exists = false;
        for (const MetadataEntry &entry : stored) {
            const QByteArray name = entry.name.toLower();
            const bool isBelow = name.startsWith(asked.toLower() + '/');
            const auto levels = name.count('/') - asked.count('/');
            const bool isMeant = name == asked.toLower()
                || (isBelow && query.depth == MetadataDepth::Children && levels == 1)
                || (isBelow && query.depth == MetadataDepth::All);
            exists = exists || isMeant;
            if (!isMeant || seen.contains(name)) {
                continue;
            }
            seen.insert(name);
            if (query.maxSize && entry.sizeBytes > *query.maxSize) {
                answer.longest = std::max(answer.longest, entry.sizeBytes);
            } else {
                answer.entries.append(asked + entry.name.mid(asked.size()));
            }
        }
        if (!exists && isMetadataEntry(asked)) {
            answer.entries.append(asked);
        }
    }
    return answer;
}

QByteArray randomName(QRandomGenerator &random, bool mayBeBranch)
{
    static const QByteArrayList words{"a", "B", "a-b", "ab", "A b", "0", "~"};
    QByteArray name = random.bounded(2) == 0 ? "/private" : "/Shared";
    const int components = random.bounded(mayBeBranch ? 0 : 1, 5);
    for (int i = 0; i < components; ++i) {
        name += '/' + words[random.bounded(int(words.size()))];
    }
    return random.bounded(2) == 0 ? name : name.toLower();
}

} // namespace

class TestMetadataResponse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsThePlainAnswer();
    void manyEntriesTakeNoTime();
};

void TestMetadataResponse::equalsThePlainAnswer()
{
    int left = 0;
    for (quint32 seed = 1; seed <= 2000; ++seed) {
        QRandomGenerator random(seed);
        QList<MetadataEntry> stored;
        QSet<QByteArray> names;
        for (int i = random.bounded(20); i > 0; --i) {
            const auto name = randomName(random, false);
            if (!names.contains(name.toLower())) {
                names.insert(name.toLower());
                stored.append({name, random.bounded(20U)});
            }
        }
        std::sort(stored.begin(), stored.end(), isLess);
        MetadataQuery query;
        query.depth = MetadataDepth(random.bounded(3));
        if (random.bounded(2) == 0) {
            query.maxSize = random.bounded(20U);
        }
        QSet<QByteArray> askedFor;
        for (int i = random.bounded(1, 6); i > 0; --i) {
            const auto name = randomName(random, query.depth != MetadataDepth::Entry);
            if (!askedFor.contains(name.toLower())) {
                askedFor.insert(name.toLower());
                query.entries.append(name);
            }
        }
        const auto answer = answerMetadata(stored, query);
        const auto expected = plainAnswer(stored, query);
        QVERIFY2(answer.entries == expected.entries, QByteArray::number(seed).constData());
        QCOMPARE(answer.longest, expected.longest);
        left += answer.longest > 0 ? 1 : 0;
    }
    QVERIFY(left > 100); // the histories are not all of one kind
}

// As many entries as there can be, and each asked for with all that is below it.
void TestMetadataResponse::manyEntriesTakeNoTime()
{
    QList<MetadataEntry> stored;
    MetadataQuery query;
    query.depth = MetadataDepth::All;
    QByteArray name = "/private";
    for (int i = 0; i < MaxMetadataEntries; ++i) {
        name += i % 10 == 9 ? "/a" : "";
        stored.append({name + "/b" + QByteArray::number(i), 1});
        query.entries.append(name + "/b" + QByteArray::number(i));
    }
    query.entries.prepend("/private");
    std::sort(stored.begin(), stored.end(), isLess);
    const auto answer = answerMetadata(stored, query);
    QCOMPARE(answer.entries.size(), stored.size());
}

QTEST_GUILESS_MAIN(TestMetadataResponse)
#include "tst_metadataresponse.moc"
