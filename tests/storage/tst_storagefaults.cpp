#include "tests/storage/faultrig.h"

#include <QLoggingCategory>
#include <QSet>

#include <algorithm>
#include <functional>

using namespace Postnook;
using namespace Postnook::Test;

namespace
{

enum class Effect { Absent, Whole, Half };

Effect effectOf(std::initializer_list<bool> parts)
{
    const auto done = std::count(parts.begin(), parts.end(), true);
    if (done == 0) {
        return Effect::Absent;
    }
    return done == std::ssize(parts) ? Effect::Whole : Effect::Half;
}

// One write of the scenario and how to see in a snapshot whether it happened. Each works on mail
// of its own, so that any set of them may have happened.
struct Job {
    const char *name;
    std::function<QFuture<Result<void>>(const Mail &)> start;
    std::function<Effect(const MailSnapshot &)> look;
};

QFuture<Result<void>> ready(const Error &error)
{
    return QtFuture::makeReadyFuture(Result<void>(error));
}

template <typename F>
QFuture<Result<void>> write(const Mail &mail, F fn)
{
    return mail.store().write([fn](WriteTxn &txn) -> Result<void> {
        const auto result = fn(txn);
        return result ? Result<void>() : result.error();
    });
}

MailboxId idOf(WriteTxn &txn, const char *name)
{
    const auto info = txn.mailbox(MailboxName(name));
    return info ? info->id : MailboxId();
}

// UIDs by label, in INBOX, as the base state has them.
enum BaseUid : quint32 { Copy1 = 1, Copy2, Move1, Move2, Store1, Store2, Gone1, Gone2, Keep };

Job appendJob(const char *name, const QByteArray &label)
{
    return {name,
            [label](const Mail &mail) {
                const auto message = newMessage(mail.store(), textOf(label));
                if (!message) {
                    return ready(message.error());
                }
                return write(mail, [given = *message](WriteTxn &txn) {
                    return txn.append(idOf(txn, "INBOX"), given);
                });
            },
            [label](const MailSnapshot &now) { return effectOf({now.holds("INBOX", label)}); }};
}

// Appends and then fails: nothing of it may ever be seen.
Job failingJob(const QByteArray &label)
{
    return {"a job that fails",
            [label](const Mail &mail) {
                const auto message = newMessage(mail.store(), textOf(label));
                if (!message) {
                    return ready(message.error());
                }
                return write(mail, [given = *message](WriteTxn &txn) -> Result<void> {
                    const auto appended = txn.append(idOf(txn, "INBOX"), given);
                    return appended ? Error{ErrorCode::Limit, {}} : appended.error();
                });
            },
            [label](const MailSnapshot &now) {
                return now.knows(label) ? Effect::Half : Effect::Absent;
            }};
}

Job storeJob(quint32 uid, const QByteArray &label)
{
    return {"STORE",
            [uid](const Mail &mail) {
                return write(mail, [uid](WriteTxn &txn) {
                    return txn.storeFlags(idOf(txn, "INBOX"),
                                          only({uid}),
                                          FlagChange::Add,
                                          flagsOf(SystemFlag::Flagged, {"kw"}),
                                          {});
                });
            },
            [label](const MailSnapshot &now) {
                const auto *message = now.find("INBOX", label);
                return message == nullptr
                    ? Effect::Half
                    : effectOf({message->flags.system.testFlag(SystemFlag::Flagged),
                                message->flags.keywords.contains("kw")});
            }};
}

Job copyJob()
{
    return {"COPY",
            [](const Mail &mail) {
                return write(mail, [](WriteTxn &txn) {
                    return txn.copy(idOf(txn, "INBOX"), only({Copy1, Copy2}), idOf(txn, "Target"));
                });
            },
            [](const MailSnapshot &now) {
                return effectOf({now.holds("Target", "copy-1"), now.holds("Target", "Lcopy-2")});
            }};
}

Job moveJob()
{
    return {"MOVE",
            [](const Mail &mail) {
                return write(mail, [](WriteTxn &txn) {
                    return txn.move(idOf(txn, "INBOX"), only({Move1, Move2}), idOf(txn, "Target"));
                });
            },
            [](const MailSnapshot &now) {
                return effectOf({now.holds("Target", "move-1"),
                                 now.holds("Target", "Lmove-2"),
                                 !now.holds("INBOX", "move-1"),
                                 !now.holds("INBOX", "Lmove-2")});
            }};
}

Job expungeJob()
{
    return {"EXPUNGE",
            [](const Mail &mail) {
                return write(
                    mail, [](WriteTxn &txn) { return txn.expunge(idOf(txn, "INBOX"), AllUids); });
            },
            [](const MailSnapshot &now) {
                return effectOf({!now.holds("INBOX", "gone-1"), !now.holds("INBOX", "Lgone-2")});
            }};
}

Job renameJob()
{
    return {"RENAME",
            [](const Mail &mail) {
                return write(mail, [](WriteTxn &txn) {
                    return txn.renameMailbox(MailboxName("Old"), MailboxName("New/Name"));
                });
            },
            [](const MailSnapshot &now) {
                return effectOf({now.holds("New/Name", "old-1"),
                                 now.holds("New/Name/child", "child-1"),
                                 now.exists("New"),
                                 !now.exists("Old"),
                                 !now.exists("Old/child")});
            }};
}

Job deleteJob()
{
    return {"DELETE",
            [](const Mail &mail) {
                return write(
                    mail, [](WriteTxn &txn) { return txn.deleteMailbox(MailboxName("Doomed")); });
            },
            [](const MailSnapshot &now) { return effectOf({!now.exists("Doomed")}); }};
}

Job createJob()
{
    return {"CREATE",
            [](const Mail &mail) {
                return write(mail, [](WriteTxn &txn) {
                    return txn.createMailbox(MailboxName("Made/Deep"), SpecialUse::None);
                });
            },
            [](const MailSnapshot &now) {
                return effectOf({now.exists("Made"), now.exists("Made/Deep")});
            }};
}

Job subscribeJob()
{
    return {"SUBSCRIBE",
            [](const Mail &mail) {
                return write(mail, [](WriteTxn &txn) {
                    return txn.setSubscribed(MailboxName("Elsewhere"), true);
                });
            },
            [](const MailSnapshot &now) {
                return effectOf({now.subscriptions.contains("Elsewhere")});
            }};
}

// Jobs of one list are queued together: they share a commit where they can.
using Scenario = QList<QList<Job>>;

Scenario wholeScenario()
{
    return {
        {appendJob("APPEND of a small message", "append-1")},
        {appendJob("APPEND of a large message", "Lappend-2")},
        {appendJob("APPEND, first of a group", "group-1"),
         appendJob("APPEND, large, of a group", "Lgroup-2"),
         failingJob("never"),
         storeJob(Store2, "store-2"),
         appendJob("APPEND, last of a group", "group-3")},
        {copyJob()},
        {moveJob()},
        {storeJob(Store1, "store-1")},
        {expungeJob()},
        {renameJob()},
        {deleteJob()},
        {createJob()},
        {subscribeJob()},
    };
}

enum class Outcome { Acknowledged, Refused };

struct Promise {
    Job job;
    Outcome outcome;
};

constexpr int CheckpointJobs = 9;
constexpr int CheckpointMessages = 40;

// A number of rounds that keeps an ordinary run short; POSTNOOK_FAULT_ROUNDS multiplies it.
int rounds(int ordinary)
{
    return ordinary * std::max(1, qEnvironmentVariableIntValue("POSTNOOK_FAULT_ROUNDS"));
}

} // namespace

// The promises of store.h on a disk that fails at any call and loses power at any call. What was
// acknowledged stays; what was not is whole or absent.
class TestStorageFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { m_rig = std::make_unique<FaultRig>(); }
    void cleanup() { m_rig.reset(); }

    void failingCalls_data();
    void failingCalls();
    void powerCuts_data();
    void powerCuts();
    void freshFolder_data();
    void freshFolder();
    void checkpoints_data();
    void checkpoints();

private:
    Result<void> makeBase();
    QList<Promise> runScenario(const Scenario &scenario);
    // What is wrong; empty when all is well.
    QByteArray compare(const QList<Promise> &promises, bool refusedIsAbsent);
    QByteArray roundWithFault(const DiskFault &fault);
    QByteArray roundWithPowerCut(int call, DiskLoss loss, quint32 seed);
    QByteArray verifyAfterRestart(const QList<Promise> &promises, bool refusedIsAbsent);
    QByteArray roundInFreshFolder(const DiskFault &fault, DiskLoss loss);
    QByteArray checkNumbers(const MailSnapshot &now);
    QByteArray checkFiles(const MailSnapshot &now);
    int countCalls(DiskCalls calls);
    int appendUntilCheckpoint();

    std::unique_ptr<FaultRig> m_rig;
    FaultDisk::Image m_base;
    QMap<QByteArray, MailboxInfo> m_seen; // the highest numbers that anybody was told
};

void TestStorageFaults::initTestCase()
{
    // The engine says what went wrong at every fault; here that is what should happen.
    QLoggingCategory::setFilterRules(QStringLiteral("postnook.*=false"));
}

Result<void> TestStorageFaults::makeBase()
{
    if (auto opened = m_rig->open(); !opened) {
        return opened;
    }
    const auto &mail = m_rig->mail();
    const auto deleted = flagsOf(SystemFlag::Deleted);
    for (const char *label : {"copy-1",
                              "Lcopy-2",
                              "move-1",
                              "Lmove-2",
                              "store-1",
                              "store-2",
                              "gone-1",
                              "Lgone-2",
                              "keep"}) {
        const auto isDoomed = QByteArrayView(label).indexOf("gone") >= 0;
        const auto appended =
            mail.append("INBOX", textOf(label), isDoomed ? deleted : MessageFlags());
        if (!appended) {
            return appended.error();
        }
    }
    const std::pair<const char *, const char *> mailboxes[] = {
        {"Target", ""}, {"Old", "old-1"}, {"Old/child", "child-1"}, {"Doomed", "doomed-1"}};
    for (const auto &[name, label] : mailboxes) {
        const auto created = mail.create(name);
        const auto appended = qstrlen(label) > 0 ? mail.append(name, textOf(label))
                                                 : Result<AppendResult>(AppendResult());
        if (!created || !appended) {
            return created ? appended.error() : created.error();
        }
    }
    m_rig->close();
    m_base = m_rig->disk().image();
    return {};
}

QList<Promise> TestStorageFaults::runScenario(const Scenario &scenario)
{
    QList<Promise> promises;
    for (const auto &group : scenario) {
        QList<QFuture<Result<void>>> futures;
        for (const auto &job : group) {
            futures.append(job.start(m_rig->mail()));
        }
        for (qsizetype i = 0; i < group.size(); ++i) {
            const bool done = bool(await(futures.at(i)));
            promises.append({group.at(i), done ? Outcome::Acknowledged : Outcome::Refused});
        }
    }
    return promises;
}

QByteArray TestStorageFaults::compare(const QList<Promise> &promises, bool refusedIsAbsent)
{
    const auto now = snapshotOf(m_rig->mail());
    if (!now) {
        return "cannot read: " + describe(now.error());
    }
    if (!now->damages.isEmpty()) {
        return now->damages.join("; ");
    }
    for (const auto &[job, outcome] : promises) {
        const auto effect = job.look(*now);
        if (effect == Effect::Half) {
            return QByteArray(job.name) + " is half done";
        }
        if (outcome == Outcome::Acknowledged && effect != Effect::Whole) {
            return QByteArray(job.name) + " was acknowledged and is lost";
        }
        if (outcome == Outcome::Refused && refusedIsAbsent && effect != Effect::Absent) {
            return QByteArray(job.name) + " was refused and is there";
        }
    }
    for (const auto &[name, label] :
         {std::pair("INBOX", "keep"), {"INBOX", "copy-1"}, {"INBOX", "Lcopy-2"}}) {
        if (!now->holds(name, label)) {
            return QByteArray(label) + " is lost";
        }
    }
    return checkNumbers(*now);
}

QByteArray TestStorageFaults::checkNumbers(const MailSnapshot &now)
{
    for (auto it = now.mailboxes.begin(); it != now.mailboxes.end(); ++it) {
        auto &seen = m_seen[it.key()];
        if (seen.id == it->info.id
            && (it->info.uidValidity != seen.uidValidity || it->info.uidNext < seen.uidNext
                || it->info.highestModSeq < seen.highestModSeq)) {
            return it.key() + ": UIDVALIDITY, UIDNEXT or HIGHESTMODSEQ went back";
        }
        seen = it->info;
    }
    return {};
}

// After the cleaner: each large text that is kept has its file, and no other file is left.
QByteArray TestStorageFaults::checkFiles(const MailSnapshot &now)
{
    QSet<QByteArray> large;
    for (const auto &mailbox : now.mailboxes) {
        for (const auto &message : mailbox.messages) {
            if (message.label.startsWith('L')) {
                large.insert(message.label);
            }
        }
    }
    const auto files = m_rig->messageFiles();
    return files == large.size()
        ? QByteArray()
        : QByteArray::number(files) + " files for " + QByteArray::number(large.size()) + " texts";
}

// Restarts on a sound disk; what was promised has to be there, and everything has to work.
QByteArray TestStorageFaults::verifyAfterRestart(const QList<Promise> &promises,
                                                 bool refusedIsAbsent)
{
    if (const auto faults = m_rig->integrityFaults(); !faults.isEmpty()) {
        return faults.join("; ");
    }
    if (const auto opened = m_rig->open(); !opened) {
        return "does not open again: " + describe(opened.error());
    }
    if (const auto wrong = compare(promises, refusedIsAbsent); !wrong.isEmpty()) {
        return "after the restart: " + wrong;
    }
    for (const char *label : {"later", "Llater"}) {
        const auto appended = m_rig->mail().append("INBOX", textOf(label));
        if (!appended) {
            return "cannot append after the restart: " + describe(appended.error());
        }
        if (appended->uid < m_seen.value("INBOX").uidNext) {
            return "a UID was used again";
        }
    }
    if (const auto cleaned = m_rig->clean(); !cleaned) {
        return "cannot clean: " + describe(cleaned.error());
    }
    if (const auto wrong = compare(promises, refusedIsAbsent); !wrong.isEmpty()) {
        return "after cleaning: " + wrong;
    }
    const auto now = snapshotOf(m_rig->mail());
    const auto wrong = now ? checkFiles(*now) : describe(now.error());
    m_rig->close();
    const auto faults = m_rig->integrityFaults();
    return faults.isEmpty() ? wrong : faults.join("; ");
}

QByteArray TestStorageFaults::roundWithFault(const DiskFault &fault)
{
    auto &disk = m_rig->disk();
    disk.put(m_base);
    m_seen.clear();
    if (const auto opened = m_rig->open(); !opened) {
        return "the base does not open: " + describe(opened.error());
    }
    disk.arm(fault);
    auto promises = runScenario(wholeScenario());
    const bool onlyWritesFail = (fault.calls & ~ChangingCalls) == DiskCalls();
    if (!onlyWritesFail) {
        disk.arm({});
    }
    if (const auto wrong = compare(promises, true); !wrong.isEmpty()) {
        return "while writes fail: " + wrong;
    }
    disk.arm({});
    const Scenario recovery = {{appendJob("APPEND once the disk works", "again-1"),
                                appendJob("large APPEND once the disk works", "Lagain-2")}};
    const auto later = runScenario(recovery);
    for (const auto &promise : later) {
        if (promise.outcome == Outcome::Refused) {
            return QByteArray(promise.job.name) + " was refused";
        }
    }
    promises += later;
    if (const auto wrong = compare(promises, true); !wrong.isEmpty()) {
        return "when the disk works again: " + wrong;
    }
    m_rig->close();
    return verifyAfterRestart(promises, true);
}

QByteArray TestStorageFaults::roundWithPowerCut(int call, DiskLoss loss, quint32 seed)
{
    auto &disk = m_rig->disk();
    disk.put(m_base);
    m_seen.clear();
    if (const auto opened = m_rig->open(); !opened) {
        return "the base does not open: " + describe(opened.error());
    }
    disk.arm(DiskFault{DiskFault::PowerOff, ChangingCalls, call});
    const auto promises = runScenario(wholeScenario());
    m_rig->close();
    disk.powerOn(loss, seed);
    // Every third time it fails again while it recovers.
    if (seed % 3 == 0) {
        disk.arm(DiskFault{DiskFault::PowerOff, ChangingCalls, 1 + int(seed / 3 % 8)});
        if (const auto opened = m_rig->open()) {
            const auto wrong = compare(promises, false);
            if (!wrong.isEmpty() && !disk.isOff()) {
                return "between two cuts: " + wrong;
            }
        }
        m_rig->close();
        disk.powerOn(loss, seed + 1);
    }
    return verifyAfterRestart(promises, false);
}

// How many calls of these kinds the scenario makes, closing included.
int TestStorageFaults::countCalls(DiskCalls calls)
{
    auto &disk = m_rig->disk();
    disk.put(m_base);
    if (!m_rig->open()) {
        return 0;
    }
    disk.arm({});
    runScenario(wholeScenario());
    m_rig->close();
    return disk.calls(calls);
}

void TestStorageFaults::failingCalls_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("calls");
    QTest::addColumn<bool>("forGood");
    const auto row = [](const char *name, DiskFault::Kind kind, DiskCalls calls) {
        QTest::addRow("%s, once", name) << int(kind) << int(calls) << false;
        QTest::addRow("%s, for good", name) << int(kind) << int(calls) << true;
    };
    const auto spaceCalls = DiskCall::Write | DiskCall::Truncate | DiskCall::MakeFolder;
    row("full disk", DiskFault::FullDisk, spaceCalls);
    row("I/O error at writes", DiskFault::IoError, DiskCall::Write | DiskCall::Truncate);
    row("I/O error at syncs", DiskFault::IoError, DiskCall::Sync | DiskCall::SyncFolder);
    row("I/O error at any change", DiskFault::IoError, ChangingCalls);
    row("I/O error at any call", DiskFault::IoError, AllCalls);
}

void TestStorageFaults::failingCalls()
{
    QFETCH(int, kind);
    QFETCH(int, calls);
    QFETCH(bool, forGood);
    VERIFY_OK(makeBase());
    const DiskCalls kinds(calls);
    const int count = countCalls(kinds);
    QVERIFY(count > 10);
    const int stride = std::max(1, count / rounds(20));
    for (int call = 1; call <= count; call += stride) {
        const auto wrong = roundWithFault({DiskFault::Kind(kind), kinds, call, forGood});
        QVERIFY2(wrong.isEmpty(), "call " + QByteArray::number(call) + ": " + wrong);
    }
}

void TestStorageFaults::powerCuts_data()
{
    QTest::addColumn<int>("loss");
    QTest::addColumn<int>("firstSeed");
    QTest::addRow("the process dies") << int(DiskLoss::Nothing) << 1;
    QTest::addRow("all unsynced is lost") << int(DiskLoss::Everything) << 2;
    QTest::addRow("torn writes, first seeds") << int(DiskLoss::Torn) << 3;
    QTest::addRow("torn writes, other seeds") << int(DiskLoss::Torn) << 1'000'000;
}

void TestStorageFaults::powerCuts()
{
    QFETCH(int, loss);
    QFETCH(int, firstSeed);
    VERIFY_OK(makeBase());
    const int count = countCalls(ChangingCalls);
    QVERIFY(count > 20);
    const int stride = std::max(1, count / rounds(60));
    auto seed = quint32(firstSeed);
    for (int call = 1; call <= count; call += stride, ++seed) {
        const auto wrong = roundWithPowerCut(call, DiskLoss(loss), seed);
        QVERIFY2(wrong.isEmpty(),
                 "call " + QByteArray::number(call) + ", seed " + QByteArray::number(seed) + ": "
                     + wrong);
    }
}

// An empty data folder: what cannot be made now can be made later, and nothing is half made.
QByteArray TestStorageFaults::roundInFreshFolder(const DiskFault &fault, DiskLoss loss)
{
    auto &disk = m_rig->disk();
    disk.put({});
    disk.arm(fault);
    const bool opened = bool(m_rig->open());
    const bool appended = opened && m_rig->mail().append("INBOX", textOf("Lfirst"));
    m_rig->close();
    if (fault.kind == DiskFault::PowerOff) {
        disk.powerOn(loss, quint32(fault.atCall));
    }
    disk.arm({});
    if (const auto again = m_rig->open(); !again) {
        return "does not open again: " + describe(again.error());
    }
    const auto now = snapshotOf(m_rig->mail());
    if (!now) {
        return describe(now.error());
    }
    const bool isThere = now->holds("INBOX", "Lfirst");
    m_rig->close();
    const auto faults = m_rig->integrityFaults();
    if (!faults.isEmpty() || !now->damages.isEmpty()) {
        return (faults + now->damages).join("; ");
    }
    if (now->mailboxes.size() != 6 || now->subscriptions.size() != 6) {
        return "the usual mailboxes are not all there";
    }
    return appended && !isThere ? QByteArray("an acknowledged message is lost") : QByteArray();
}

void TestStorageFaults::freshFolder_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("loss");
    QTest::addRow("full disk") << int(DiskFault::FullDisk) << int(DiskLoss::Nothing);
    QTest::addRow("I/O error") << int(DiskFault::IoError) << int(DiskLoss::Nothing);
    QTest::addRow("power cut") << int(DiskFault::PowerOff) << int(DiskLoss::Everything);
    QTest::addRow("power cut, torn") << int(DiskFault::PowerOff) << int(DiskLoss::Torn);
}

void TestStorageFaults::freshFolder()
{
    QFETCH(int, kind);
    QFETCH(int, loss);
    auto &disk = m_rig->disk();
    VERIFY_OK(m_rig->open());
    VERIFY_OK(m_rig->mail().append("INBOX", textOf("Lfirst")));
    m_rig->close();
    const auto calls = kind == DiskFault::PowerOff ? ChangingCalls : AllCalls;
    const int count = disk.calls(calls);
    QVERIFY(count > 20);
    const int stride = std::max(1, count / rounds(30));
    for (int call = 1; call <= count; call += stride) {
        for (const bool forGood : {false, true}) {
            const auto wrong =
                roundInFreshFolder({DiskFault::Kind(kind), calls, call, forGood}, DiskLoss(loss));
            QVERIFY2(wrong.isEmpty(), "call " + QByteArray::number(call) + ": " + wrong);
        }
    }
}

void TestStorageFaults::checkpoints_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("loss");
    QTest::addRow("full disk") << int(DiskFault::FullDisk) << int(DiskLoss::Nothing);
    QTest::addRow("I/O error") << int(DiskFault::IoError) << int(DiskLoss::Nothing);
    QTest::addRow("power cut") << int(DiskFault::PowerOff) << int(DiskLoss::Everything);
    QTest::addRow("power cut, torn") << int(DiskFault::PowerOff) << int(DiskLoss::Torn);
}

// Enough mail that the WAL is written back while the engine runs, with a fault in that time.
void TestStorageFaults::checkpoints()
{
    QFETCH(int, kind);
    QFETCH(int, loss);
    VERIFY_OK(makeBase());
    auto &disk = m_rig->disk();
    const auto calls = kind == DiskFault::FullDisk ? DiskCalls(DiskCall::Write) : ChangingCalls;

    // How far the calls go before the checkpoint, and how far it goes: databases are written by
    // nothing else.
    VERIFY_OK(m_rig->open());
    disk.arm({});
    QCOMPARE(appendUntilCheckpoint(), CheckpointJobs);
    const int count = disk.calls(calls);
    m_rig->close();
    const int stride = std::max(1, count / rounds(12));
    for (int call = count / 2; call <= count; call += stride) {
        disk.put(m_base);
        VERIFY_OK(m_rig->open());
        disk.arm(DiskFault{DiskFault::Kind(kind), calls, call, true});
        const int acknowledged = appendUntilCheckpoint();
        if (kind != DiskFault::PowerOff) {
            VERIFY_OK(snapshotOf(m_rig->mail()));
        }
        m_rig->close();
        disk.powerOn(DiskLoss(loss), quint32(call));
        const auto faults = m_rig->integrityFaults();
        QVERIFY2(faults.isEmpty(), faults.join("; ").constData());
        VERIFY_OK(m_rig->open());
        const auto messages = int(m_rig->mail().info("Target")->messages);
        QVERIFY2(
            messages >= acknowledged * CheckpointMessages && messages % CheckpointMessages == 0,
            "call " + QByteArray::number(call) + ": " + QByteArray::number(messages) + " messages");
        m_rig->close();
    }
}

// Jobs of 2.4 MB each, together more than the 16 MiB after which the WAL is written back. How
// many were acknowledged.
int TestStorageFaults::appendUntilCheckpoint()
{
    int acknowledged = 0;
    for (int job = 0; job < CheckpointJobs; ++job) {
        QList<NewMessage> messages;
        for (int i = 0; i < CheckpointMessages; ++i) {
            const auto number = QByteArray::number(job * CheckpointMessages + i) + '\n';
            const auto message = newMessage(m_rig->mail().store(), number.repeated(15'000));
            if (message) {
                messages.append(*message);
            }
        }
        const auto done = await(write(m_rig->mail(), [messages](WriteTxn &txn) -> Result<void> {
            for (const auto &message : messages) {
                if (const auto added = txn.append(idOf(txn, "Target"), message); !added) {
                    return added.error();
                }
            }
            return {};
        }));
        acknowledged += done ? 1 : 0;
    }
    return acknowledged;
}

QTEST_GUILESS_MAIN(TestStorageFaults)
#include "tst_storagefaults.moc"
