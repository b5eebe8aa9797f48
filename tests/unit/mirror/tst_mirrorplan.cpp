#include "app/mirror/mirrorplan.h"

#include <QTest>

using namespace Postnook;

class TestMirrorPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plan_data();
    void plan();
    void oneChangeForMany();
    void remembers();
};

namespace
{

MessageFlags flagsOf(const QByteArray &text)
{
    MessageFlags flags;
    for (const QByteArray &word : text.split(' ')) {
        if (word == "S") {
            flags.system |= SystemFlag::Seen;
        } else if (word == "F") {
            flags.system |= SystemFlag::Flagged;
        } else if (!word.isEmpty()) {
            flags.keywords.append(word);
        }
    }
    return flags;
}

QByteArray shown(const MessageFlags &flags)
{
    QByteArrayList words;
    if (flags.system.testFlag(SystemFlag::Seen)) {
        words.append("S");
    }
    if (flags.system.testFlag(SystemFlag::Flagged)) {
        words.append("F");
    }
    return (words + flags.keywords).join(' ');
}

// "7=107 S a": remote UID, local UID, flags as last seen.
MirrorState stateOf(const QByteArrayList &messages)
{
    MirrorState state;
    for (const QByteArray &message : messages) {
        const auto equals = message.indexOf('=');
        const auto space = message.indexOf(' ');
        const auto local =
            message.mid(equals + 1, (space < 0 ? message.size() : space) - equals - 1);
        state.messages.insert(
            Uid(message.first(equals).toUInt()),
            {Uid(local.toUInt()), space < 0 ? MessageFlags() : flagsOf(message.mid(space + 1))});
    }
    return state;
}

// "7" or "7 S a": there, and its flags where the server tells them; "7 -" for none.
RemoteContents contentsOf(const QByteArrayList &messages)
{
    RemoteContents contents;
    for (const QByteArray &message : messages) {
        const auto space = message.indexOf(' ');
        const Uid uid(message.left(space < 0 ? message.size() : space).toUInt());
        contents.uids.append(uid);
        if (space > 0) {
            const auto text = message.mid(space + 1);
            contents.flags.insert(uid, text == "-" ? MessageFlags() : flagsOf(text));
        }
    }
    return contents;
}

QByteArray uidsOf(const QList<Uid> &uids)
{
    QByteArrayList words;
    for (const Uid uid : uids) {
        words.append(QByteArray::number(uid.value));
    }
    return words.join(' ');
}

} // namespace

void TestMirrorPlan::plan_data()
{
    QTest::addColumn<QByteArrayList>("remembered");
    QTest::addColumn<QByteArrayList>("there");
    QTest::addColumn<QByteArray>("fresh");
    QTest::addColumn<QByteArrayList>("changes"); // "+added -removed @copies"
    QTest::addColumn<QByteArray>("gone");
    using L = QByteArrayList;
    const auto row = [](const char *title,
                        const L &remembered,
                        const L &there,
                        const char *fresh,
                        const L &changes,
                        const char *gone) {
        QTest::newRow(title) << remembered << there << QByteArray(fresh) << changes
                             << QByteArray(gone);
    };
    row("nothing anywhere", {}, {}, "", {}, "");
    row("first time", {}, {"1 -", "5 S"}, "1 5", {}, "");
    row("nothing new", {"1=10"}, {"1"}, "", {}, "");
    row("one new", {"1=10"}, {"1", "2 S"}, "2", {}, "");
    row("new below the highest", {"1=10", "9=11"}, {"1", "4", "9"}, "4", {}, "");
    row("same flags", {"1=10 S"}, {"1 S"}, "", {}, "");
    row("read there", {"1=10"}, {"1 S"}, "", {"+S - @10"}, "");
    row("unread there", {"1=10 S"}, {"1 -"}, "", {"+ -S @10"}, "");
    row("another flag", {"1=10 S a"}, {"1 F b"}, "", {"+F b -S a @10"}, "");
    row("keyword in another case", {"1=10 Junk"}, {"1 JUNK"}, "", {}, "");
    row("flags not told", {"1=10 S"}, {"1"}, "", {}, "");
    row("flags of one without a copy", {"1=0"}, {"1 S"}, "", {}, "");
    row("gone there", {"1=10", "2=11"}, {"2"}, "", {}, "1");
    row("all gone there", {"1=10", "2=11"}, {}, "", {}, "1 2");
    row("gone, and had no copy", {"1=0"}, {}, "", {}, "1");
    row("everything at once",
        {"1=10", "2=11 S", "3=12"},
        {"1 S", "3", "4 -"},
        "4",
        {"+S - @10"},
        "2");
}

void TestMirrorPlan::plan()
{
    QFETCH(QByteArrayList, remembered);
    QFETCH(QByteArrayList, there);
    const MirrorPlan plan = planMirror(stateOf(remembered), contentsOf(there));
    QTEST(uidsOf(plan.fresh), "fresh");
    QTEST(uidsOf(plan.gone), "gone");
    QByteArrayList changes;
    for (const FlagDifference &change : plan.flagChanges) {
        changes.append('+' + shown(change.added) + " -" + shown(change.removed) + " @"
                       + uidsOf(change.copies));
    }
    QTEST(changes, "changes");
}

void TestMirrorPlan::oneChangeForMany()
{
    // Copies in another order than the messages: the set of a STORE ascends.
    const auto plan = planMirror(stateOf({"1=30", "2=20", "3=10", "4=40 S"}),
                                 contentsOf({"1 S", "2 S", "3 S", "4 -"}));
    QCOMPARE(plan.flagChanges.size(), 2);
    QCOMPARE(uidsOf(plan.flagChanges.at(0).copies), QByteArray("10 20 30"));
    QCOMPARE(uidsOf(plan.flagChanges.at(1).copies), QByteArray("40"));
}

void TestMirrorPlan::remembers()
{
    auto state = stateOf({"1=10 S", "2=0", "3=12 F"});
    rememberFlags(contentsOf({"1 F", "2 S", "3", "9 S"}), &state);
    QCOMPARE(shown(state.messages.value(Uid(1)).flags), QByteArray("F"));
    QCOMPARE(shown(state.messages.value(Uid(2)).flags), QByteArray());
    QCOMPARE(shown(state.messages.value(Uid(3)).flags), QByteArray("F"));
    QVERIFY(!state.messages.contains(Uid(9)));
    QCOMPARE(planMirror(state, contentsOf({"1 F", "2 S", "3"})), MirrorPlan());
}

QTEST_GUILESS_MAIN(TestMirrorPlan)
#include "tst_mirrorplan.moc"
