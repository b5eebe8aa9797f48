#include "core/mailbox/resync.h"

#include "core/commands/qresyncparameter.h"

#include <QElapsedTimer>
#include <QTest>

#include <numeric>

using namespace Postnook;

namespace
{

Error notHere()
{
    return Error{ErrorCode::Internal, QStringLiteral("not asked for by a resync")};
}

// A mailbox with a history, and nothing else.
class FakeTxn : public ReadTxn
{
public:
    ChangeSet changes;
    QList<Uid> present;
    mutable ModSeq askedSince;

    Result<ChangeSet> changesSince(MailboxId mailbox, ModSeq since) override
    {
        if (mailbox != MailboxId(7)) {
            return Error{ErrorCode::NotFound, {}};
        }
        askedSince = since;
        return changes;
    }
    Result<QList<Uid>> uids(MailboxId) override { return present; }

    Result<QList<ListedMailbox>> mailboxes() override { return notHere(); }
    Result<MailboxInfo> mailbox(const MailboxName &) override { return notHere(); }
    Result<MailboxInfo> mailbox(MailboxId) override { return notHere(); }
    Result<QList<MailboxName>> subscriptions() override { return notHere(); }
    Result<QByteArrayList> keywords(MailboxId) override { return notHere(); }
    Result<std::optional<Uid>> firstUnseen(MailboxId) override { return notHere(); }
    Result<void> forEachMessage(MailboxId,
                                const UidRanges &,
                                MessageColumns,
                                bool,
                                const std::function<bool(const MessageRow &)> &) override
    {
        return notHere();
    }
    Result<QList<Uid>> uidsOfText(MailboxId, const QByteArray &, const InternalDate &) override
    {
        return notHere();
    }
    Result<QList<Uid>> uidsInThread(MailboxId, ThreadId) override { return notHere(); }
    Result<std::unique_ptr<ContentReader>> content(ContentId) override { return notHere(); }
    Result<QList<ContentId>> contentsDescribedBefore(quint16, ContentId, int) override
    {
        return notHere();
    }
    Result<QList<RemovedMessage>> removedMessages(const RemovedQuery &) override
    {
        return notHere();
    }
    Result<QStringList> faults() override { return notHere(); }
    Result<QList<StoredContent>> contents(ContentId, int) override { return notHere(); }
    Result<QList<MessagePlace>> placesOf(ContentId) override { return notHere(); }
    Result<QByteArrayList> knownImportKeys(const QByteArrayList &) override { return notHere(); }
    Result<QList<MetadataEntry>> metadataEntries(MailboxId) override { return notHere(); }
    Result<std::optional<QByteArray>> metadata(MailboxId, const QByteArray &) override
    {
        return notHere();
    }
    Result<QList<Uid>> uidsWithFlags(MailboxId, SystemFlags, SystemFlags) override
    {
        return notHere();
    }
    Result<QList<Uid>> uidsWithKeyword(MailboxId, const QByteArray &, bool) override
    {
        return notHere();
    }
    Result<IndexedContents> contentsWithText(const QByteArray &) override { return notHere(); }
    Result<std::optional<QByteArray>> searchText(ContentId, TextPart) override { return notHere(); }
    Result<SearchIndexState> searchIndexState() override { return notHere(); }
    Result<bool> verifySearchIndex() override { return notHere(); }
    Result<std::optional<QByteArray>> keptKeys(MailboxId, int) override { return notHere(); }
    void keepKeys(MailboxId, int, const QByteArray &) override { }
    Result<QList<Uid>> uidsOfContents(MailboxId, const QList<ContentId> &, ContentId) override
    {
        return notHere();
    }
    bool isCancelled() const override { return false; }
    void letOthersRun() override { }
};

QList<Uid> uidsOf(const QList<quint32> &numbers)
{
    QList<Uid> uids;
    for (const quint32 number : numbers) {
        uids.append(Uid(number));
    }
    return uids;
}

// "1:3,7" of what need not be joined: "1:3,4" stays two ranges.
UidRanges rangesOf(const QByteArray &text)
{
    UidRanges ranges;
    const auto parts = text.isEmpty() ? QByteArrayList() : text.split(',');
    for (const QByteArray &part : parts) {
        const auto ends = part.split(':');
        ranges.append({Uid(ends.first().toUInt()), Uid(ends.last().toUInt())});
    }
    return ranges;
}

QResyncParameter parse(const QByteArray &text)
{
    TokenCursor cursor(text);
    const auto parameter = parseQResyncParameter(cursor);
    cursor.expectEnd();
    if (cursor.hasFailed()) {
        qFatal("no QRESYNC parameter: %s", text.constData());
    }
    return parameter;
}

using Numbers = QList<quint32>;

} // namespace

class TestResync : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void vanished_data();
    void vanished();
    void changed_data();
    void changed();
    void asksWhatItIsAsked();
    void noMailbox();
    void sample_data();
    void sample();
    void known_data();
    void known();
    void hugeSets_data();
    void hugeSets();
    void malformed_data();
    void malformed();
};

void TestResync::vanished_data()
{
    QTest::addColumn<bool>("complete");
    QTest::addColumn<QByteArray>("wanted");
    QTest::addColumn<Numbers>("present");
    QTest::addColumn<Numbers>("view");
    QTest::addColumn<Numbers>("expunged"); // by the history; UIDNEXT is 11
    QTest::addColumn<QByteArray>("vanished");

    const Numbers even{2, 4, 6, 8, 10};
    const auto row = [](const char *name,
                        bool complete,
                        const char *wanted,
                        const Numbers &present,
                        const Numbers &view,
                        const Numbers &expunged,
                        const char *vanished) {
        QTest::newRow(name) << complete << QByteArray(wanted) << present << view << expunged
                            << QByteArray(vanished);
    };
    row("history: all wanted", true, "1:10", even, even, {3, 5, 9}, "3,5,9");
    row("history: only what was expunged since", true, "1:10", even, even, {9}, "9");
    row("history: neighbours",
        true,
        "1:10",
        {1, 2, 9, 10},
        {1, 2, 9, 10},
        {3, 4, 5, 7, 8},
        "3:5,7:8");
    row("history: holes in what is wanted", true, "1:3,6:8", even, even, {3, 5, 7, 9}, "3,7");
    row("history: nothing wanted", true, "", even, even, {3}, "");
    row("history: nothing expunged", true, "1:10", even, even, {}, "");
    row("history: beyond UIDNEXT", true, "1:4294967295", even, even, {9, 11, 12}, "9");
    row("history: still in the view", true, "1:10", {2, 4}, even, {6, 7, 10}, "7");
    row("history: empty mailbox", true, "1:10", {}, {}, {1, 2, 3}, "1:3");
    // Where the history does not reach back, all that is not there.
    row("floor: all wanted", false, "1:10", even, even, {9}, "1,3,5,7,9");
    row("floor: neighbours", false, "1:10", {5}, {5}, {}, "1:4,6:10");
    row("floor: holes in what is wanted", false, "1:3,6:8", even, even, {}, "1,3,7");
    row("floor: wanted ranges side by side", false, "1:3,4:7,8:8", {4}, {4}, {}, "1:3,5:7,8");
    row("floor: single UIDs", false, "3,4,5", even, even, {}, "3,5");
    row("floor: all there", false, "4,6,8", even, even, {}, "");
    row("floor: beyond UIDNEXT", false, "7:4294967295", even, even, {}, "7,9");
    row("floor: wholly beyond UIDNEXT", false, "11:20", even, even, {}, "");
    row("floor: still in the view", false, "1:10", {2, 4}, even, {6}, "1,3,5,7,9");
    row("floor: not yet in the view", false, "1:10", even, {2, 4, 6, 8}, {}, "1,3,5,7,9");
    row("floor: empty mailbox", false, "1:10", {}, {}, {}, "1:10");
    row("floor: nothing wanted", false, "", even, even, {}, "");
}

void TestResync::vanished()
{
    QFETCH(const bool, complete);
    QFETCH(const QByteArray, wanted);
    QFETCH(const Numbers, present);
    QFETCH(const Numbers, view);
    QFETCH(const Numbers, expunged);
    QFETCH(const QByteArray, vanished);

    FakeTxn txn;
    txn.changes.complete = complete;
    txn.present = uidsOf(present);
    for (const quint32 uid : expunged) {
        txn.changes.expunged.append({Uid(uid), ModSeq(20)});
    }
    ResyncQuery query{.mailbox = MailboxId(7),
                      .since = ModSeq(5),
                      .vanished = rangesOf(wanted),
                      .viewUids = uidsOf(view),
                      .uidNext = Uid(11)};
    auto resync = resyncSince(txn, query);
    QVERIFY(resync.has_value());
    QCOMPARE(formatUidRanges(resync->vanished), vanished);
    QVERIFY(resync->changed.isEmpty());
    for (const Uid uid : query.viewUids) {
        for (const UidRange &range : resync->vanished) {
            QVERIFY(uid < range.first || uid > range.last);
        }
    }

    query.changed = std::exchange(query.vanished, {});
    resync = resyncSince(txn, query);
    QVERIFY(resync.has_value());
    QVERIFY(resync->vanished.isEmpty());
}

void TestResync::changed_data()
{
    QTest::addColumn<QByteArray>("wanted");
    QTest::addColumn<Numbers>("view");
    QTest::addColumn<Numbers>("changed");
    QTest::addColumn<Numbers>("told");

    QTest::newRow("all") << QByteArray("1:10") << Numbers{2, 4, 6} << Numbers{2, 6}
                         << Numbers{2, 6};
    QTest::newRow("holes") << QByteArray("1:2,6") << Numbers{2, 4, 6} << Numbers{2, 4, 6}
                           << Numbers{2, 6};
    QTest::newRow("side by side") << QByteArray("1:2,3:4") << Numbers{2, 4, 6} << Numbers{2, 4, 6}
                                  << Numbers{2, 4};
    QTest::newRow("not yet in the view")
        << QByteArray("1:4294967295") << Numbers{2, 4} << Numbers{4, 6} << Numbers{4};
    QTest::newRow("empty view") << QByteArray("1:10") << Numbers{} << Numbers{4} << Numbers{};
    QTest::newRow("nothing wanted") << QByteArray() << Numbers{4} << Numbers{4} << Numbers{};
}

void TestResync::changed()
{
    QFETCH(const QByteArray, wanted);
    QFETCH(const Numbers, view);
    QFETCH(const Numbers, changed);
    QFETCH(const Numbers, told);

    for (const bool complete : {true, false}) {
        FakeTxn txn;
        txn.changes.complete = complete;
        txn.present = uidsOf(view);
        for (const quint32 uid : changed) {
            txn.changes.changed.append({Uid(uid), ModSeq(20), {}});
        }
        const auto resync = resyncSince(txn,
                                        {.mailbox = MailboxId(7),
                                         .since = ModSeq(5),
                                         .changed = rangesOf(wanted),
                                         .viewUids = uidsOf(view),
                                         .uidNext = Uid(11)});
        QVERIFY(resync.has_value());
        QCOMPARE(resync->changed, uidsOf(told));
    }
}

void TestResync::asksWhatItIsAsked()
{
    FakeTxn txn;
    ResyncQuery query;
    query.mailbox = MailboxId(7);
    query.since = ModSeq(5);
    QVERIFY(resyncSince(txn, query).has_value());
    QCOMPARE(txn.askedSince, ModSeq(5));
}

void TestResync::noMailbox()
{
    FakeTxn txn;
    ResyncQuery query;
    query.mailbox = MailboxId(8);
    const auto resync = resyncSince(txn, query);
    QVERIFY(!resync.has_value());
    QCOMPARE(resync.error().code, ErrorCode::NotFound);
}

void TestResync::sample_data()
{
    QTest::addColumn<QByteArray>("parameter");
    QTest::addColumn<QByteArray>("unknown");

    // The mailbox has 1,2,4,5,7,8,10; 3, 6 and 9 have vanished.
    QTest::newRow("none given") << QByteArray("(1 5)") << QByteArray("3,6,9");
    QTest::newRow("known UIDs only") << QByteArray("(1 5 1:10)") << QByteArray("3,6,9");
    QTest::newRow("all match") << QByteArray("(1 5 1:10 (1,3,5,7 1,4,7,10))") << QByteArray();
    QTest::newRow("all match, ranges") << QByteArray("(1 5 (1:7 1:2,4:5,7:8,10))") << QByteArray();
    QTest::newRow("match up to the middle")
        << QByteArray("(1 5 (1,3,6,9 1,4,9,12))") << QByteArray("6,9");
    QTest::newRow("the last pair is old") << QByteArray("(1 5 (1,5,8 1,7,10))") << QByteArray("9");
    QTest::newRow("the first does not match")
        << QByteArray("(1 5 (2,3 3,4))") << QByteArray("3,6,9");
    QTest::newRow("one that matches later counts for nothing")
        << QByteArray("(1 5 (1,2,3 1,3,4))") << QByteArray("3,6,9");
    QTest::newRow("unordered: no further than the order")
        << QByteArray("(1 5 (5,3,7 7,4,10))") << QByteArray("9");
    QTest::newRow("unordered ranges") << QByteArray("(1 5 (3:1 4,2,1))") << QByteArray("3,6,9");
    QTest::newRow("numbers beyond the mailbox")
        << QByteArray("(1 5 (7,4294967295 10,4294967295))") << QByteArray();
    QTest::newRow("cut inside a range") << QByteArray("(1 5 (1:3 1:2,4))") << QByteArray("6,9");
}

void TestResync::sample()
{
    QFETCH(const QByteArray, parameter);
    QFETCH(const QByteArray, unknown);

    const auto view = uidsOf({1, 2, 4, 5, 7, 8, 10});
    const auto told = vanishedUnknownTo(parse(parameter), rangesOf("3,6,9"), view);
    QCOMPARE(formatUidRanges(told), unknown);

    // A range that the last match lies in is cut.
    const auto cut = vanishedUnknownTo(parse("(1 5 (1:2 1:2))"), rangesOf("1:3,6"), view);
    QCOMPARE(formatUidRanges(cut), QByteArray("3,6"));
}

void TestResync::known_data()
{
    QTest::addColumn<QByteArray>("parameter");
    QTest::addColumn<quint32>("uidNext");
    QTest::addColumn<QByteArray>("known");

    QTest::newRow("none: all") << QByteArray("(1 5)") << 11U << QByteArray("1:10");
    QTest::newRow("none, empty mailbox") << QByteArray("(1 5)") << 1U << QByteArray();
    QTest::newRow("a set") << QByteArray("(1 5 2:3,7)") << 11U << QByteArray("2:3,7");
    QTest::newRow("unordered") << QByteArray("(1 5 7,3:2)") << 11U << QByteArray("2:3,7");
    QTest::newRow("beyond UIDNEXT")
        << QByteArray("(1 5 2:3,9:4294967295)") << 11U << QByteArray("2:3,9:10");
    QTest::newRow("wholly beyond") << QByteArray("(1 5 11:12)") << 11U << QByteArray();
    QTest::newRow("a set, empty mailbox") << QByteArray("(1 5 1:4)") << 1U << QByteArray();
}

void TestResync::known()
{
    QFETCH(const QByteArray, parameter);
    QFETCH(const quint32, uidNext);
    QFETCH(const QByteArray, known);
    QCOMPARE(formatUidRanges(knownUids(parse(parameter), Uid(uidNext))), known);
}

void TestResync::hugeSets_data()
{
    QTest::addColumn<QByteArray>("parameter");
    QTest::newRow("both") << QByteArray("(1 5 1:4294967295 (1:4294967295 1:4294967295))");
    QTest::newRow("backwards") << QByteArray("(1 5 4294967295:1 (4294967295:1 1:4294967295))");
    QTest::newRow("beyond the mailbox")
        << QByteArray("(1 5 (2000000000:4000000000 2000000000:4000000000))");
}

// Whoever sends billions of numbers makes no work: as many steps as there are messages.
void TestResync::hugeSets()
{
    QFETCH(const QByteArray, parameter);
    constexpr qsizetype Messages = 100'000;
    constexpr qint64 PatienceMs = 5'000; // expanding the sets would take many times as long
    QList<Uid> view(Messages);
    for (qsizetype i = 0; i < Messages; ++i) {
        view[i] = Uid(static_cast<quint32>(i) + 1);
    }
    const bool matches = !parameter.contains("(2000000000");
    QElapsedTimer timer;
    timer.start();
    const auto asked = parse(parameter);
    QCOMPARE(knownUids(asked, Uid(Messages + 11)), rangesOf("1:100010"));
    const auto told = vanishedUnknownTo(asked, rangesOf("1:100010"), view);
    QCOMPARE(told, matches ? rangesOf("100001:100010") : rangesOf("1:100010"));
    QVERIFY2(timer.elapsed() < PatienceMs, qPrintable(QString::number(timer.elapsed())));
}

void TestResync::malformed_data()
{
    QTest::addColumn<QByteArray>("parameter");
    for (const char *text : {"()",
                             "(1)",
                             "(1 )",
                             "(0 5)",
                             "(1 5 )",
                             "(1 5 1:*)",
                             "(1 5 $)",
                             "(1 5 ())",
                             "(1 5 (1))",
                             "(1 5 (1 1) 1:5)",
                             "(1 5 (1:2 1))",
                             "(1 5 (1:4294967295 1:4294967294))",
                             "(1 5 (1:* 1:*))",
                             "(1 5 1:3 (1 1)",
                             "(1 9223372036854775808)"}) {
        QTest::newRow(text) << QByteArray(text);
    }
}

void TestResync::malformed()
{
    QFETCH(const QByteArray, parameter);
    TokenCursor cursor(parameter);
    parseQResyncParameter(cursor);
    cursor.expectEnd();
    QVERIFY(cursor.hasFailed());
}

QTEST_GUILESS_MAIN(TestResync)
#include "tst_resync.moc"
