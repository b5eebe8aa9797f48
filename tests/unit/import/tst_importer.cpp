#include "importtest.h"

#include "app/control/ownerlock.h"
#include "app/import/accountmailboxes.h"
#include "app/import/importer.h"
#include "app/server/localservice.h"

#include <QEventLoop>
#include <QLoggingCategory>
#include <QSignalSpy>
#include <QThread>

#include <algorithm>
#include <atomic>
#include <memory>

using namespace Postnook;
using namespace Postnook::Test;
using namespace Qt::StringLiterals;

// Imports of every format over a real control socket: stopped after any message and run again, and
// as a dry run.
class TestImporter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void stoppedAfterEachMessage_data();
    void stoppedAfterEachMessage();
    void dryRun_data();
    void dryRun();

private:
    struct Run {
        QString account;
        QString path;
        int stopAfter = -1; // messages
        ImportMode mode = ImportMode::Store;
    };

    ImportReport import(const Run &run);
    // Names, messages, unseen ones and sizes, as STATUS tells them.
    QByteArrayList mailboxesOf(const QString &account);
    void inThread(const std::function<void()> &work) const;

    QTemporaryDir m_dir;
    std::unique_ptr<LocalService> m_service;
};

namespace
{

constexpr auto TimeoutMs = 60'000;
const QStringList Samples{
    u"apple"_s, u"apple-export"_s, u"thunderbird"_s, u"takeout"_s, u"mboxrd.mbox"_s};

QString accountFor(const QString &purpose, const QString &sample)
{
    return purpose + u'-' + sample;
}

// Sets the flag when one message more is asked for than there should be.
class StoppingSource : public MailSource
{
public:
    StoppingSource(std::unique_ptr<MailSource> source, int *left, std::atomic<bool> *stop)
        : m_source(std::move(source))
        , m_left(left)
        , m_stop(stop)
    {
    }

    std::optional<ImportItem> next() override
    {
        auto item = m_source->next();
        if (item && item->skipReason.isEmpty() && (*m_left)-- == 0) {
            *m_stop = true;
        }
        return item;
    }
    qint64 bytesRead() const override { return m_source->bytesRead(); }

private:
    const std::unique_ptr<MailSource> m_source;
    int *const m_left;
    std::atomic<bool> *const m_stop;
};

} // namespace

void TestImporter::initTestCase()
{
    QLoggingCategory::setFilterRules(u"postnook.*=false"_s);
    const QString dataDir = m_dir.filePath(u"d"_s);
    QVERIFY(QDir().mkpath(dataDir));
    {
        auto storage = Storage::open(dataDir, {});
        QVERIFY(storage);
        int added = 0;
        for (const QString &sample : Samples) {
            for (const QString &purpose : {u"whole"_s, u"stopped"_s, u"dry"_s}) {
                (*storage)
                    ->addAccount(accountFor(purpose, sample), {})
                    .then(this, [&added](const Result<AccountRecord> &account) {
                        added += account ? 1 : 0;
                    });
            }
        }
        QTRY_COMPARE_WITH_TIMEOUT(added, Samples.size() * 3, TimeoutMs);
    }
    auto lock = OwnerLock::acquire(dataDir, u"test"_s);
    QVERIFY(lock);
    Settings settings = defaultSettings();
    settings.dataDir = dataDir;
    auto service = LocalService::open(settings, std::move(*lock));
    QVERIFY2(service, service ? "" : qPrintable(service.error().text));
    m_service = std::move(*service);
}

void TestImporter::cleanupTestCase()
{
    if (m_service) {
        QSignalSpy finished(m_service.get(), &LocalService::finished);
        m_service->stop();
        QVERIFY(!finished.isEmpty() || finished.wait(TimeoutMs));
        m_service.reset();
    }
}

void TestImporter::inThread(const std::function<void()> &work) const
{
    const std::unique_ptr<QThread> thread(QThread::create(work));
    QEventLoop loop;
    connect(thread.get(), &QThread::finished, &loop, &QEventLoop::quit);
    thread->start();
    loop.exec();
    thread->wait();
}

ImportReport TestImporter::import(const Run &run)
{
    ImportReport report;
    inThread([&] {
        ImportSession session;
        const auto opened = session.open(m_service->controlSocket(), run.account);
        if (!opened) {
            report.failure = opened.error();
            return;
        }
        MailboxNaming naming;
        naming.setSpecialMailboxes(readAccountMailboxes(session)->byUse);
        SourceFinder found(naming);
        found.findIn(run.path);
        std::atomic<bool> stop = false;
        int left = run.stopAfter;
        SourceFinder stopping(naming);
        for (const FoundSource &source : found.sources()) {
            stopping.addSource({source.sizeBytes, [&, source](const ImportLimits &limits) {
                                    return std::make_unique<StoppingSource>(
                                        source.open(limits), &left, &stop);
                                }});
        }
        MailProgress progress(false);
        report = Importer(session, progress, stop, run.mode).run(stopping);
        session.close();
    });
    return report;
}

QByteArrayList TestImporter::mailboxesOf(const QString &account)
{
    QByteArrayList lines;
    inThread([&] {
        ImportSession session;
        if (!session.open(m_service->controlSocket(), account)) {
            return;
        }
        const auto reply =
            session.command("LIST (SUBSCRIBED) \"\" * RETURN (STATUS (MESSAGES UNSEEN SIZE))");
        lines = reply ? reply->untagged : QByteArrayList();
        session.close();
    });
    std::sort(lines.begin(), lines.end());
    return lines;
}

void TestImporter::stoppedAfterEachMessage_data()
{
    QTest::addColumn<QString>("sample");
    QTest::addColumn<int>("messages"); // different ones
    QTest::addColumn<QByteArray>("mailbox"); // one of those it makes
    QTest::newRow("apple") << u"apple"_s << 9 << QByteArray("STATUS Work/2024 (MESSAGES 1 ");
    QTest::newRow("apple-export") << u"apple-export"_s << 3
                                  << QByteArray("STATUS Letters (MESSAGES 2 ");
    QTest::newRow("thunderbird") << u"thunderbird"_s << 10
                                 << QByteArray("STATUS Archive/2023 (MESSAGES 1 ");
    QTest::newRow("takeout") << u"takeout"_s << 10
                             << QByteArray("STATUS \"Trips, 2023\" (MESSAGES 1 ");
    QTest::newRow("mbox") << u"mboxrd.mbox"_s << 2 << QByteArray("STATUS mboxrd (MESSAGES 2 ");
}

void TestImporter::stoppedAfterEachMessage()
{
    QFETCH(QString, sample);
    QFETCH(int, messages);
    QFETCH(QByteArray, mailbox);
    const auto whole = import({accountFor(u"whole"_s, sample), dataPath(sample)});
    QVERIFY2(!whole.failure, whole.failure ? qPrintable(whole.failure->text) : "");
    QCOMPARE(whole.imported, messages);

    // Each run stops one message later than the last: every place is one to go on from.
    const QString account = accountFor(u"stopped"_s, sample);
    qint64 imported = 0;
    ImportReport report;
    report.wasStopped = true;
    for (int after = 1; report.wasStopped; ++after) {
        QVERIFY(after < 100);
        report = import({account, dataPath(sample), after});
        QVERIFY(!report.failure);
        imported += report.imported;
    }
    QCOMPARE(imported, messages);
    QCOMPARE(import({account, dataPath(sample)}).imported, 0);
    const auto mailboxes = mailboxesOf(account);
    QCOMPARE(mailboxes, mailboxesOf(accountFor(u"whole"_s, sample)));
    QVERIFY2(std::any_of(mailboxes.begin(),
                         mailboxes.end(),
                         [&mailbox](const QByteArray &line) { return line.startsWith(mailbox); }),
             mailboxes.join('\n').constData());
}

void TestImporter::dryRun_data()
{
    stoppedAfterEachMessage_data();
}

void TestImporter::dryRun()
{
    QFETCH(QString, sample);
    QFETCH(int, messages);
    const QString account = accountFor(u"dry"_s, sample);
    const auto before = mailboxesOf(account);
    QVERIFY(!before.isEmpty());
    const auto dry = import({account, dataPath(sample), -1, ImportMode::DryRun});
    QCOMPARE(dry.imported, messages);
    QCOMPARE(mailboxesOf(account), before);

    const auto real = import({account, dataPath(sample)});
    QCOMPARE(real.imported, dry.imported);
    QCOMPARE(real.known, dry.known);
    QCOMPARE(real.skipped.size(), dry.skipped.size());
    const auto after = mailboxesOf(account);
    for (auto it = dry.mailboxes.begin(); it != dry.mailboxes.end(); ++it) {
        const QByteArray counts = "(MESSAGES " + QByteArray::number(it->messages) + " UNSEEN ";
        const QByteArray size = " SIZE " + QByteArray::number(it->sizeBytes) + ')';
        const bool isThere = std::any_of(after.begin(), after.end(), [&](const QByteArray &line) {
            return line.contains(counts) && line.endsWith(size);
        });
        QVERIFY2(isThere, it.key().utf8.constData());
    }
    const auto again = import({account, dataPath(sample), -1, ImportMode::DryRun});
    QCOMPARE(again.imported, 0);
    QVERIFY(again.mailboxes.isEmpty());
}

QTEST_GUILESS_MAIN(TestImporter)
#include "tst_importer.moc"
