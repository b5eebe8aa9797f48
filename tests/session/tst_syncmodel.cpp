#include "syncplayer.h"

#include <QElapsedTimer>
#include <QLoggingCategory>
#include <QTest>

using namespace Postnook;

namespace
{

constexpr int Rounds = 100; // about ten seconds; POSTNOOK_RANDOM_ROUNDS for more
constexpr qint64 ShrinkMs = 120'000;
constexpr int Attempts = 3; // what threads do is not in the seed

} // namespace

// Clients with caches of their own do things at random to the same mailboxes, hang up, come back
// and synchronise by the means they have (RFC 7162): none of them may ever be wrong. A history is
// fixed by its seed; how the server's threads run while it is played is not, so that a rare fault
// may take some tries to be seen again.
class TestSyncModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("postnook.*=false")); }
    void agree_data();
    void agree();
    void parser_data();
    void parser();
};

void TestSyncModel::agree_data()
{
    QTest::addColumn<quint32>("first");
    QTest::addColumn<quint32>("last");
    const auto rounds =
        static_cast<quint32>(qMax(Rounds, qEnvironmentVariableIntValue("POSTNOOK_RANDOM_ROUNDS")));
    const auto first =
        static_cast<quint32>(qMax(1, qEnvironmentVariableIntValue("POSTNOOK_RANDOM_FIRST")));
    constexpr quint32 PerRow = 50;
    for (quint32 seed = first; seed < first + rounds; seed += PerRow) {
        QTest::addRow("seeds from %u", seed) << seed << qMin(seed + PerRow - 1, first + rounds - 1);
    }
}

void TestSyncModel::agree()
{
    QFETCH(const quint32, first);
    QFETCH(const quint32, last);
    for (quint32 seed = first; seed <= last; ++seed) {
        const SyncHistory history = randomSyncHistory(seed);
        SyncPlayer player(history);
        QByteArray fault = player.play();
        if (fault.isEmpty()) {
            continue;
        }
        QByteArray transcript = player.transcript();
        QElapsedTimer timer;
        timer.start();
        const SyncHistory shrunk = shrinkSyncHistory(history, [&](const SyncHistory &shorter) {
            for (int i = 0; i < Attempts && timer.elapsed() < ShrinkMs; ++i) {
                SyncPlayer again(shorter);
                if (const QByteArray found = again.play(); !found.isEmpty()) {
                    fault = found;
                    transcript = again.transcript();
                    return true;
                }
            }
            return false;
        });
        QFAIL(("seed " + QByteArray::number(seed) + ", " + QByteArray::number(shrunk.steps.size())
               + " of " + QByteArray::number(history.steps.size()) + " steps:\n" + fault + "\n"
               + transcript)
                  .constData());
    }
}

void TestSyncModel::parser_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("isGood");

    QTest::newRow("EXISTS") << QByteArray("* 3 EXISTS") << true;
    QTest::newRow("EXISTS with a rest") << QByteArray("* 3 EXISTS 4") << false;
    QTest::newRow("FETCH") << QByteArray("* 3 FETCH (UID 4 FLAGS (\\Seen x) MODSEQ (7))") << true;
    QTest::newRow("FETCH twice UID") << QByteArray("* 3 FETCH (UID 4 UID 4)") << false;
    QTest::newRow("FETCH MODSEQ 0") << QByteArray("* 3 FETCH (MODSEQ (0))") << false;
    QTest::newRow("FETCH bare MODSEQ") << QByteArray("* 3 FETCH (MODSEQ 7)") << false;
    QTest::newRow("FETCH nothing") << QByteArray("* 3 FETCH ()") << false;
    QTest::newRow("FETCH two spaces") << QByteArray("* 3 FETCH (UID 4  FLAGS ())") << false;
    QTest::newRow("FETCH space at the end") << QByteArray("* 3 FETCH (UID 4 )") << false;
    QTest::newRow("VANISHED") << QByteArray("* VANISHED 3:5,7") << true;
    QTest::newRow("VANISHED EARLIER") << QByteArray("* VANISHED (EARLIER) 3") << true;
    QTest::newRow("VANISHED nothing") << QByteArray("* VANISHED ") << false;
    QTest::newRow("VANISHED star") << QByteArray("* VANISHED 3:*") << false;
    QTest::newRow("VANISHED backwards") << QByteArray("* VANISHED 5:3") << false;
    QTest::newRow("SEARCH none") << QByteArray("* SEARCH") << true;
    QTest::newRow("SEARCH MODSEQ") << QByteArray("* SEARCH 1 2 (MODSEQ 5)") << true;
    QTest::newRow("HIGHESTMODSEQ") << QByteArray("* OK [HIGHESTMODSEQ 5] x") << true;
    QTest::newRow("HIGHESTMODSEQ of nothing") << QByteArray("a OK [HIGHESTMODSEQ] x") << false;
    QTest::newRow("MODIFIED") << QByteArray("a OK [MODIFIED 3,5] x") << true;
    QTest::newRow("MODIFIED nothing") << QByteArray("a OK [MODIFIED ] x") << false;
    QTest::newRow("no text") << QByteArray("a OK") << false;
}

void TestSyncModel::parser()
{
    QFETCH(const QByteArray, line);
    QFETCH(const bool, isGood);
    QCOMPARE(parseSyncResponse(line).has_value(), isGood);
}

QTEST_GUILESS_MAIN(TestSyncModel)
#include "tst_syncmodel.moc"
