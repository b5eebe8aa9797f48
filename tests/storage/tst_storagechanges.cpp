#include "tests/storage/gate.h"
#include "tests/storage/mailmodel.h"
#include "tests/storage/storagetest.h"

#include <QRandomGenerator>

#include <array>
#include <variant>

using namespace Postnook;
using namespace Postnook::Test;

namespace
{

// One step of a random job, with what it takes. A value, so that the job can be repeated.
struct Step {
    enum Kind { Append, Store, Copy, Move, Expunge, Create, Rename, Delete };
    Kind kind = Append;
    QByteArray name;
    QByteArray target;
    UidRanges uids;
    MessageFlags flags;
    FlagChange change = FlagChange::Add;
    std::optional<ModSeq> unchangedSince;
    NewMessage message;
    int text = 0;
};

using Pairs = QList<std::pair<Uid, Uid>>;
using StepResult = std::variant<std::monostate, Uid, QList<Uid>, Pairs>;

Result<StepResult> take(WriteTxn &txn, const Step &step)
{
    const MailboxName name(step.name);
    const MailboxName target(step.target);
    const auto nothing = [](const auto &result) {
        return result ? Result<StepResult>(StepResult()) : result.error();
    };
    switch (step.kind) {
    case Step::Create:
        return nothing(txn.createMailbox(name, SpecialUse::None));
    case Step::Delete:
        return nothing(txn.deleteMailbox(name));
    case Step::Rename:
        return nothing(txn.renameMailbox(name, target));
    default:
        break;
    }
    const auto from = txn.mailbox(name);
    if (!from) {
        return from.error();
    }
    const auto to = txn.mailbox(step.target.isEmpty() ? name : target);
    if (!to) {
        return to.error();
    }
    switch (step.kind) {
    case Step::Append:
        return txn.append(from->id, step.message).transform([](const AppendResult &result) {
            return StepResult(result.uid);
        });
    case Step::Store:
        return txn.storeFlags(from->id, step.uids, step.change, step.flags, step.unchangedSince)
            .transform([](const StoreResult &r) { return StepResult(r.unchangedSince); });
    case Step::Copy:
        return txn.copy(from->id, step.uids, to->id).transform([](const CopyResult &result) {
            return StepResult(result.uids);
        });
    case Step::Move:
        return txn.move(from->id, step.uids, to->id).transform([](const CopyResult &result) {
            return StepResult(result.uids);
        });
    case Step::Expunge:
        return txn.expunge(from->id, step.uids).transform([](const QList<Uid> &result) {
            return StepResult(result);
        });
    default:
        return StepResult();
    }
}

// The same in the model. Nothing: the step is an error.
std::optional<StepResult> take(MailModel &model, const Step &step)
{
    const auto known = [&](const QByteArray &name) { return model.mailboxes.contains(name); };
    if (step.kind == Step::Create) {
        return model.create(step.name) ? std::make_optional(StepResult()) : std::nullopt;
    }
    if (!known(step.name)) {
        return {};
    }
    switch (step.kind) {
    case Step::Delete:
        model.remove(step.name);
        return StepResult();
    case Step::Rename:
        if (!model.canRename(step.name, step.target)) {
            return {};
        }
        model.rename(step.name, step.target);
        return StepResult();
    case Step::Append:
        return model.append(step.name, {step.text, step.flags, step.message.internalDate, {}});
    case Step::Store:
        return model.storeFlags(step.name, step.uids, step.change, step.flags, step.unchangedSince);
    case Step::Expunge:
        return model.expunge(step.name, step.uids);
    default:
        break;
    }
    if (!known(step.target)) {
        return {};
    }
    return step.kind == Step::Copy ? model.copy(step.name, step.uids, step.target)
                                   : model.move(step.name, step.uids, step.target);
}

} // namespace

// The contract of store.h: changesSince() is complete. Random jobs against a simple model.
class TestStorageChanges : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void nothingAboveTheHighest();
    void appearsInOrder();
    void expungedOnlyOnce();
    void rolledBackJobsLeaveNothing();
    void snapshotIsOneMoment();
    void randomJobsAgainstTheModel_data();
    void randomJobsAgainstTheModel();

private:
    const Mail &mail() const { return m_fixture->mail(); }
    int rnd(int bound) { return int(m_random.bounded(bound)); }
    QByteArray randomName();
    UidRanges randomUids(const QByteArray &name);
    MessageFlags randomFlags();
    Step randomStep();
    void stageTexts();
    void runJob();
    void settle(MailModel after);
    void verifyMailbox(const QByteArray &name);
    void verifyFlags(const QByteArray &name);
    void verifyAll();

    std::unique_ptr<StorageFixture> m_fixture;
    QRandomGenerator m_random;
    MailModel m_model;
    UidValidity m_highestValidity;
    QList<StagedContent> m_texts;
};

void TestStorageChanges::init()
{
    m_fixture = std::make_unique<StorageFixture>();
    VERIFY_OK(m_fixture->open());
}

void TestStorageChanges::cleanup()
{
    m_texts.clear();
    m_fixture.reset();
}

void TestStorageChanges::nothingAboveTheHighest()
{
    VERIFY_OK(mail().append("INBOX", "text"));
    const auto info = mail().info("INBOX");
    for (const quint64 above : {quint64(0), quint64(1), quint64(1) << 62}) {
        const auto changes = mail().changes("INBOX", ModSeq(info->highestModSeq.value + above));
        VERIFY_OK(changes);
        QVERIFY(changes->changed.isEmpty());
        QVERIFY(changes->expunged.isEmpty());
        QVERIFY(changes->complete);
        QVERIFY(changes->mailbox == *info);
    }
}

void TestStorageChanges::appearsInOrder()
{
    for (int i = 0; i < 6; ++i) {
        VERIFY_OK(mail().append("INBOX", QByteArray::number(i)));
    }
    const auto since = mail().info("INBOX")->highestModSeq;
    for (const quint32 uid : {6U, 2U, 4U}) { // changed in another order than their UIDs
        const auto flagged = flagsOf(SystemFlag::Flagged | SystemFlag::Deleted);
        VERIFY_OK(mail().storeFlags("INBOX", only({uid}), FlagChange::Add, flagged));
    }
    auto changes = mail().changes("INBOX", since);
    VERIFY_OK(changes);
    QCOMPARE(changes->changed.size(), 3);
    QCOMPARE(changes->changed.at(0).uid, Uid(2));
    QCOMPARE(changes->changed.at(1).uid, Uid(4));
    QCOMPARE(changes->changed.at(2).uid, Uid(6));
    VERIFY_OK(mail().expunge("INBOX", only({6})));
    VERIFY_OK(mail().expunge("INBOX", only({2})));
    changes = mail().changes("INBOX", since);
    VERIFY_OK(changes);
    QCOMPARE(changes->expunged.size(), 2);
    QCOMPARE(changes->expunged.at(0).uid, Uid(2));
    QCOMPARE(changes->expunged.at(1).uid, Uid(6));
    QCOMPARE(changes->changed.size(), 1);
}

// A message is either there or gone, never both in one set.
void TestStorageChanges::expungedOnlyOnce()
{
    VERIFY_OK(mail().append("INBOX", "text", flagsOf(SystemFlag::Deleted)));
    VERIFY_OK(mail().expunge("INBOX"));
    const auto changes = mail().changes("INBOX", ModSeq(0));
    VERIFY_OK(changes);
    QVERIFY(changes->changed.isEmpty());
    QCOMPARE(changes->expunged.size(), 1);
    QCOMPARE(changes->expunged.first().modSeq, changes->mailbox.highestModSeq);
}

void TestStorageChanges::rolledBackJobsLeaveNothing()
{
    VERIFY_OK(mail().append("INBOX", "text"));
    const auto before = mail().info("INBOX");
    const auto message = newMessage(mail().store(), "never", flagsOf({}, {"never"}));
    const auto failed = await(mail().store().write([given = *message](WriteTxn &txn) {
        const auto inbox = txn.mailbox(MailboxName("INBOX"))->id;
        const auto deleted = flagsOf(SystemFlag::Deleted);
        const auto appended = txn.append(inbox, given);
        const auto stored = txn.storeFlags(inbox, AllUids, FlagChange::Add, deleted, {});
        const auto gone = txn.expunge(inbox, AllUids);
        const auto made = txn.createMailbox(MailboxName("Never"), SpecialUse::None);
        const bool all = appended && stored && gone && made;
        return Result<void>(Error{all ? ErrorCode::Limit : ErrorCode::Internal, {}});
    }));
    VERIFY_ERROR(failed, ErrorCode::Limit);
    QVERIFY(*mail().info("INBOX") == *before);
    const auto changes = mail().changes("INBOX", before->highestModSeq);
    QVERIFY(changes->changed.isEmpty() && changes->expunged.isEmpty());
    QVERIFY(mail().keywords("INBOX")->isEmpty());
    VERIFY_ERROR(mail().info("Never"), ErrorCode::NotFound);
}

// A long read does not see what is committed meanwhile.
void TestStorageChanges::snapshotIsOneMoment()
{
    if (StorageFixture::workers() == 1) {
        QSKIP("one worker runs one job at a time");
    }
    VERIFY_OK(mail().append("INBOX", "one"));
    Gate gate;
    const auto reading = mail().store().read([&](ReadTxn &txn) -> Result<QList<quint32>> {
        const auto inbox = txn.mailbox(MailboxName("INBOX"));
        gate.pass();
        const auto again = txn.mailbox(MailboxName("INBOX"));
        return QList<quint32>{inbox->messages,
                              again->messages,
                              quint32(txn.uids(inbox->id)->size()),
                              quint32(txn.changesSince(inbox->id, ModSeq(0))->changed.size()),
                              txn.mailbox(MailboxName("New")) ? 1U : 0U};
    });
    gate.waitForArrival();
    const auto appended = mail().append("INBOX", "two");
    const auto created = mail().create("New");
    gate.open();
    const auto seen = await(reading);
    VERIFY_OK(appended);
    VERIFY_OK(created);
    VERIFY_OK(seen);
    QCOMPARE(*seen, QList<quint32>({1, 1, 1, 1, 0}));
    QCOMPARE(mail().info("INBOX")->messages, 2U);
}

QByteArray TestStorageChanges::randomName()
{
    static constexpr std::array<const char *, 7> Names = {
        "INBOX", "INBOX", "A", "A/x", "A/x/y", "B", "C/z"};
    return Names[size_t(rnd(int(Names.size())))];
}

UidRanges TestStorageChanges::randomUids(const QByteArray &name)
{
    const auto next = m_model.mailboxes.value(name).uidNext.value;
    UidRanges ranges;
    quint32 from = 1 + quint32(rnd(int(next)));
    for (int i = rnd(3); i >= 0; --i) {
        const quint32 to = from + quint32(rnd(5));
        ranges.append({Uid(from), Uid(to)});
        from = to + 2 + quint32(rnd(4));
    }
    return rnd(10) == 0 ? AllUids : ranges;
}

MessageFlags TestStorageChanges::randomFlags()
{
    MessageFlags flags;
    flags.system = SystemFlags(rnd(32));
    for (const auto &spellings : {std::array{"$Junk", "$JUNK"},
                                  std::array{"alpha", "Alpha"},
                                  std::array{"Beta", "beta"},
                                  std::array{"gamma", "GAMMA"}}) {
        if (rnd(4) == 0) {
            flags.keywords.append(spellings[size_t(rnd(2))]);
        }
    }
    return flags;
}

Step TestStorageChanges::randomStep()
{
    static constexpr std::array Kinds = {Step::Append,
                                         Step::Append,
                                         Step::Append,
                                         Step::Append,
                                         Step::Store,
                                         Step::Store,
                                         Step::Store,
                                         Step::Store,
                                         Step::Copy,
                                         Step::Move,
                                         Step::Expunge,
                                         Step::Expunge,
                                         Step::Create,
                                         Step::Create,
                                         Step::Rename,
                                         Step::Delete};
    Step step;
    step.kind = Kinds[size_t(rnd(int(Kinds.size())))];
    step.name = randomName();
    step.uids = randomUids(step.name);
    step.flags = randomFlags();
    step.text = rnd(int(m_texts.size()));
    step.message = {m_texts.at(step.text), {}, step.flags, {rnd(1'000'000) - 500'000, rnd(60)}};
    step.change = FlagChange(rnd(3));
    if (rnd(3) == 0) {
        const auto highest = m_model.mailboxes.value(step.name).highestModSeq.value;
        step.unchangedSince = ModSeq(quint64(rnd(int(highest) + 1)));
    }
    if (step.kind == Step::Copy || step.kind == Step::Move) {
        step.target = randomName();
    }
    if (step.kind == Step::Rename) {
        step.target = randomName();
        // Into itself, or of a name that only has children: other tests.
        if (step.target == "INBOX" || (step.target + '/').startsWith(step.name + '/')
            || !m_model.mailboxes.contains(step.name)) {
            step.kind = Step::Expunge;
            step.target.clear();
            step.target.clear();
        }
    }
    if (step.kind == Step::Delete && (step.name == "INBOX" || rnd(2) == 0)) {
        step.kind = Step::Append;
    }
    return step;
}

void TestStorageChanges::stageTexts()
{
    m_texts.clear();
    for (const int size : {0, 1, 100, 3000, 70000}) {
        const auto staged = stage(mail().store(), randomBytes(size, quint32(size)));
        VERIFY_OK(staged);
        m_texts.append(*staged);
    }
}

// One to four steps in one job; one job in eight fails at its end.
void TestStorageChanges::runJob()
{
    QList<Step> steps;
    for (int i = rnd(4); i >= 0; --i) {
        steps.append(randomStep());
    }
    const bool failAtEnd = rnd(8) == 0;
    const auto results =
        await(mail().store().write([steps, failAtEnd](WriteTxn &txn) -> Result<QList<StepResult>> {
            QList<StepResult> taken;
            for (const auto &step : steps) {
                const auto result = take(txn, step);
                if (!result) {
                    return result.error();
                }
                taken.append(*result);
            }
            return failAtEnd ? Result<QList<StepResult>>(Error{ErrorCode::Limit, {}}) : taken;
        }));

    auto after = m_model;
    QList<StepResult> expected;
    for (const auto &step : steps) {
        const auto result = take(after, step);
        if (!result) {
            break;
        }
        expected.append(*result);
    }
    const bool succeeds = expected.size() == steps.size() && !failAtEnd;
    QVERIFY2(bool(results) == succeeds, results ? "" : describe(results.error()).constData());
    if (succeeds) {
        QVERIFY(*results == expected);
        settle(std::move(after));
    }
}

// Takes over from the engine what the model cannot know: MODSEQs, new UIDVALIDITYs, and in which
// order the keywords of one job arrived. All three are checked by their rules.
void TestStorageChanges::settle(MailModel after)
{
    for (auto it = after.mailboxes.begin(); it != after.mailboxes.end(); ++it) {
        auto &mailbox = *it;
        const auto info = mail().info(it.key());
        VERIFY_OK(info);
        if (mailbox.uidValidity.value == 0) {
            QVERIFY(info->uidValidity.value > 0);
            mailbox.uidValidity = info->uidValidity;
        } else if (mailbox.messagesChanged) {
            QVERIFY(info->highestModSeq > mailbox.highestModSeq);
        } else if (!mailbox.renamed) {
            QCOMPARE(info->highestModSeq, mailbox.highestModSeq);
        }
        mailbox.highestModSeq = info->highestModSeq;
        for (auto *messages : {&mailbox.messages, &mailbox.expunged}) {
            for (auto &message : *messages) {
                if (message.modSeq == MailModel::Pending) {
                    message.modSeq = info->highestModSeq;
                }
            }
        }
        const auto keywords = mail().keywords(it.key());
        VERIFY_OK(keywords);
        auto sorted = *keywords;
        auto expected = mailbox.keywords;
        std::sort(sorted.begin(), sorted.end());
        std::sort(expected.begin(), expected.end());
        QCOMPARE(sorted, expected);
        mailbox.keywords = *keywords;
        mailbox.messagesChanged = false;
        mailbox.renamed = false;
    }
    auto validity = m_highestValidity;
    for (auto it = after.mailboxes.begin(); it != after.mailboxes.end(); ++it) {
        const bool isNew =
            std::none_of(m_model.mailboxes.begin(), m_model.mailboxes.end(), [&](const auto &m) {
                return m.uidValidity == it->uidValidity;
            });
        if (isNew) {
            QVERIFY(it->uidValidity > m_highestValidity);
            validity = std::max(validity, it->uidValidity);
        }
    }
    m_highestValidity = validity;
    m_model = std::move(after);
}

void TestStorageChanges::verifyMailbox(const QByteArray &name)
{
    const auto model = m_model.mailboxes.value(name);
    const ModSeq since(quint64(rnd(int(model.highestModSeq.value) + 2)));
    const auto changes = mail().changes(name, since);
    VERIFY_OK(changes);
    QVERIFY(changes->complete);
    QCOMPARE(changes->keywords, model.keywords);
    QCOMPARE(changes->mailbox.uidValidity, model.uidValidity);
    QCOMPARE(changes->mailbox.uidNext, model.uidNext);
    QCOMPARE(changes->mailbox.highestModSeq, model.highestModSeq);

    quint32 unseen = 0;
    quint32 deleted = 0;
    quint64 size = 0;
    auto changed = changes->changed.begin();
    for (auto it = model.messages.begin(); it != model.messages.end(); ++it) {
        unseen += it->flags.system.testFlag(SystemFlag::Seen) ? 0U : 1U;
        deleted += it->flags.system.testFlag(SystemFlag::Deleted) ? 1U : 0U;
        size += m_texts.at(it->text).sizeBytes();
        if (it->modSeq > since) {
            QVERIFY(changed != changes->changed.end());
            QCOMPARE(changed->uid, it.key());
            QCOMPARE(changed->modSeq, it->modSeq);
            QCOMPARE(changed->flags.system, it->flags.system);
            QCOMPARE(changed->flags.keywords, it->flags.keywords);
            ++changed;
        }
    }
    QVERIFY(changed == changes->changed.end());
    auto expunged = changes->expunged.begin();
    for (auto it = model.expunged.begin(); it != model.expunged.end(); ++it) {
        if (it->modSeq > since) {
            QVERIFY(expunged != changes->expunged.end());
            QCOMPARE(expunged->uid, it.key());
            QCOMPARE(expunged->modSeq, it->modSeq);
            ++expunged;
        }
    }
    QVERIFY(expunged == changes->expunged.end());
    QCOMPARE(changes->mailbox.messages, quint32(model.messages.size()));
    QCOMPARE(changes->mailbox.unseen, unseen);
    QCOMPARE(changes->mailbox.deleted, deleted);
    QCOMPARE(changes->mailbox.sizeBytes, size);
}

// Of any flags that a search may ask for; what is gone but kept still has those it had.
void TestStorageChanges::verifyFlags(const QByteArray &name)
{
    const auto model = m_model.mailboxes.value(name);
    const auto mask = SystemFlags::fromInt(quint8(rnd(32)));
    const auto wanted = mask & SystemFlags::fromInt(quint8(rnd(32)));
    QList<Uid> expected;
    for (const auto *messages : {&model.messages, &model.expunged}) {
        for (auto it = messages->begin(); it != messages->end(); ++it) {
            if ((it->flags.system & mask) == wanted) {
                expected.append(it.key());
            }
        }
    }
    std::sort(expected.begin(), expected.end());
    const auto found = await(mail().store().read([=](ReadTxn &txn) {
        return txn.mailbox(MailboxName(name)).and_then([&](const MailboxInfo &info) {
            return txn.uidsWithFlags(info.id, mask, wanted);
        });
    }));
    VERIFY_OK(found);
    QCOMPARE(*found, expected);
}

void TestStorageChanges::verifyAll()
{
    const auto faults = await(mail().store().read([](ReadTxn &txn) { return txn.faults(); }));
    VERIFY_OK(faults);
    QCOMPARE(*faults, QStringList());
    auto names = mail().names();
    VERIFY_OK(names);
    auto known = m_model.mailboxes.keys();
    std::sort(known.begin(), known.end());
    QCOMPARE(*names, known);
    for (const auto &name : known) {
        const auto model = m_model.mailboxes.value(name);
        verifyMailbox(name);
        verifyFlags(name);
        QCOMPARE(*mail().uids(name), model.messages.keys());
        const auto rows = mail().rows(name, true);
        VERIFY_OK(rows);
        QCOMPARE(rows->size(), model.messages.size() + model.expunged.size());
        for (const auto &row : *rows) {
            const auto &messages = row.expunged ? model.expunged : model.messages;
            QVERIFY(messages.contains(row.uid));
            const auto message = messages.value(row.uid);
            QCOMPARE(row.modSeq, message.modSeq);
            QVERIFY(row.flags == message.flags);
            QVERIFY(row.internalDate == message.date);
            QCOMPARE(row.sizeBytes, m_texts.at(message.text).sizeBytes());
        }
    }
}

void TestStorageChanges::randomJobsAgainstTheModel_data()
{
    QTest::addColumn<int>("seed");
    QTest::addColumn<int>("jobs");
    const int rounds = std::max(1, qEnvironmentVariableIntValue("POSTNOOK_FAULT_ROUNDS"));
    for (int seed = 1; seed <= 3 * rounds; ++seed) {
        QTest::addRow("seed %d", seed) << seed << 400;
    }
}

void TestStorageChanges::randomJobsAgainstTheModel()
{
    QFETCH(int, seed);
    QFETCH(int, jobs);
    m_random.seed(quint32(seed));
    m_model = {};
    m_highestValidity = {};
    stageTexts();
    for (const char *name : {"INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash"}) {
        m_model.mailboxes.insert(name, {});
    }
    settle(m_model);
    for (int job = 1; job <= jobs && !QTest::currentTestFailed(); ++job) {
        runJob();
        verifyMailbox(m_model.mailboxes.keys().at(rnd(int(m_model.mailboxes.size()))));
        if (job % 100 == 0) {
            VERIFY_OK(m_fixture->reopen());
            stageTexts();
            verifyAll();
        }
    }
}

QTEST_GUILESS_MAIN(TestStorageChanges)
#include "tst_storagechanges.moc"
