#include "app/mirror/mirrorstate.h"

#include <QTest>

using namespace Postnook;

class TestMirrorState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrip_data();
    void roundTrip();
    void small();
    void damaged_data();
    void damaged();
    void copies();
};

namespace
{

MessageFlags flags(SystemFlags system, const QByteArrayList &keywords = {})
{
    return {system, keywords};
}

MirrorState someState()
{
    MirrorState state;
    state.remoteValidity = UidValidity(4'294'967'295U);
    state.localValidity = UidValidity(17);
    state.remoteModSeq = ModSeq(9'223'372'036'854'775'807ULL);
    state.isSubscribed = true;
    state.messages.insert(Uid(1), {Uid(5), flags(SystemFlag::Seen)});
    state.messages.insert(Uid(2), {Uid(6), flags({}, {"$Junk", "a\"b"})});
    state.messages.insert(Uid(3), {Uid(0), {}});
    state.messages.insert(Uid(4), {Uid(0), {}});
    state.messages.insert(Uid(5), {Uid(3), flags(SystemFlag::Seen | SystemFlag::Draft, {"$Junk"})});
    state.messages.insert(MaxUid, {MaxUid, {}});
    return state;
}

} // namespace

void TestMirrorState::roundTrip_data()
{
    QTest::addColumn<MirrorState>("state");
    QTest::newRow("empty") << MirrorState();
    QTest::newRow("some of everything") << someState();
    MirrorState sparse;
    for (quint32 uid = 1; uid < 5000; ++uid) {
        sparse.messages.insert(Uid(uid * 3), {Uid(uid * 7), flags(SystemFlags(uid % 32))});
    }
    QTest::newRow("no runs") << sparse;
}

void TestMirrorState::roundTrip()
{
    QFETCH(MirrorState, state);
    const auto bytes = encodeMirrorState(state);
    const auto again = decodeMirrorState(bytes);
    QVERIFY(again);
    QCOMPARE(*again, state);
    for (const char c : bytes) {
        QVERIFY(c > ' ' && c < 0x7f);
    }
}

void TestMirrorState::small()
{
    MirrorState state;
    for (quint32 uid = 1; uid <= 100'000; ++uid) {
        state.messages.insert(
            Uid(uid), {Uid(uid + 10), flags(uid < 90'000 ? SystemFlag::Seen : SystemFlags())});
    }
    QVERIFY(encodeMirrorState(state).size() < 1000);
}

void TestMirrorState::damaged_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto packed = [](const QByteArray &json) { return qCompress(json).toBase64(); };
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("not base64") << QByteArray("{}");
    QTest::newRow("cut") << encodeMirrorState(someState()).chopped(20);
    QTest::newRow("no JSON") << packed("x");
    QTest::newRow("a later version") << packed(R"({"version":2})");
    QTest::newRow("a run without an end") << packed(R"({"version":1,"messages":"1 1\n"})");
    QTest::newRow("a run past the largest UID")
        << packed(R"({"version":1,"messages":"4294967295 1 2\n"})");
    QTest::newRow("more messages than there can be")
        << packed(R"({"version":1,"messages":"1 0 4294967295\n"})");
    QTest::newRow("a set that is none")
        << packed(R"({"version":1,"messages":"1 1 1\n","flags":{"a":"x"}})");
    QTest::newRow("a size that fills the memory")
        << QByteArray("\xff\xff\xff\xff", 4).append(qCompress("{}").mid(4)).toBase64();
}

void TestMirrorState::damaged()
{
    QFETCH(QByteArray, bytes);
    const auto state = decodeMirrorState(bytes);
    QVERIFY(!state);
    QCOMPARE(state.error().code, ErrorCode::Invalid);
}

void TestMirrorState::copies()
{
    QCOMPARE(copiesOf(someState()), (QList<Uid>{Uid(3), Uid(5), Uid(6), MaxUid}));
}

QTEST_GUILESS_MAIN(TestMirrorState)
#include "tst_mirrorstate.moc"
