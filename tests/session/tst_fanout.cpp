#include "core/mailbox/account.h"
#include "core/mailbox/mailboxhub.h"
#include "dialogueserver.h"

#include <QPointer>
#include <QTest>

#include <algorithm>
#include <vector>

using namespace Postnook;

namespace
{

class CountingView : public MailboxWatcher
{
public:
    void applyChanges(const ChangeSet &changes, const std::function<quint64(ModSeq)> &) override
    {
        messages += changes.changed.size();
    }
    bool claimsRecent() const override { return false; }
    void addRecent(const UidRange &) override { }
    void changesApplied() override { ++told; }

    qsizetype messages = 0;
    int told = 0;
};

class CountingWatcher : public FeedWatcher
{
public:
    void feedReported(const FeedReport &report) override
    {
        ++told;
        mailboxes += report.mailboxes.size();
        names += report.names.size();
        last = report;
        if (then) {
            then();
        }
    }
    bool needsSubscriptions() const override { return false; }

    int told = 0;
    qsizetype mailboxes = 0;
    qsizetype names = 0;
    FeedReport last;
    std::function<void()> then;
};

} // namespace

// Many watch: a change is read once for all of them, and a burst is told together.
class TestFanOut : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void aHubReadsOnceForAll();
    void aHubTellsABurstTogether();
    void whatACommandWaitsForIsReadAtOnce();
    void aFeedReadsOnceForAll();
    void aFeedTellsABurstTogether();
    void aFeedWithoutWatchersDoesNothing();
    void watchersMayGoWhileTheyAreTold();
    void idlingSessionsAreToldABurstTogether();
    void theLastHolderMayLetGo();

private:
    static constexpr int Many = 1000;

    Account &account() { return *m_account; }
    std::shared_ptr<MailboxHub> loadedHub();
    void append(const char *mailbox, quint64 origin = 0);
    // Until everything that a change can set going has come to rest.
    void settle();
    void endWindows()
    {
        for (const auto &then : std::exchange(m_windows, {})) {
            then();
        }
    }

    std::vector<std::function<void()>> m_windows;
    std::unique_ptr<DialogueServer> m_server;
    std::unique_ptr<Account> m_account;
    StagedContent m_content;
};

void TestFanOut::init()
{
    m_windows.clear();
    DialogueServer::Setup setup;
    setup.imap.maxSessionsPerAccount = 500;
    // As QTimer::singleShot() does: nothing is called once its object is gone.
    setup.imap.after = [this](int, QObject *object, std::function<void()> then) {
        m_windows.push_back([object = QPointer(object), then = std::move(then)] {
            if (object) {
                then();
            }
        });
    };
    m_server = std::make_unique<DialogueServer>(setup);
    const auto store = await(m_server->storage().mailStore(m_server->account().id));
    QVERIFY(store.has_value());
    m_account = std::make_unique<Account>(m_server->account(),
                                          *store,
                                          std::make_shared<AccountMemory>(),
                                          Pacing{setup.imap.mergeWindowMs, setup.imap.after});
    auto writer = account().store().newContent(0);
    QVERIFY(writer->write("abc").has_value());
    const auto content = writer->finish();
    QVERIFY(content.has_value());
    m_content = *content;
}

void TestFanOut::cleanup()
{
    m_content = {};
    m_account.reset();
    m_server.reset();
}

std::shared_ptr<MailboxHub> TestFanOut::loadedHub()
{
    const auto inbox = await(
        account().store().read([](ReadTxn &txn) { return txn.mailbox(MailboxName("INBOX")); }));
    auto hub = account().hub(inbox->id);
    bool isLoaded = false;
    hub->whenLoaded(this,
                    [&isLoaded](const Result<void> &loaded) { isLoaded = loaded.has_value(); });
    DialogueServer::runUntil([&isLoaded] { return isLoaded; });
    return hub;
}

void TestFanOut::append(const char *mailbox, quint64 origin)
{
    NewMessage message;
    message.content = m_content;
    const auto appended = await(account().store().write(
        [message, name = MailboxName(mailbox)](WriteTxn &txn) {
            return txn.mailbox(name).and_then(
                [&](const MailboxInfo &info) { return txn.append(info.id, message); });
        },
        {origin, 0}));
    QVERIFY(appended.has_value());
}

void TestFanOut::settle()
{
    // Reads run in the order in which they began, and are answered in it.
    for (int i = 0; i < 2; ++i) {
        (void)await(account().store().read([](ReadTxn &txn) { return txn.mailboxes(); }));
    }
}

void TestFanOut::aHubReadsOnceForAll()
{
    const auto hub = loadedHub();
    std::vector<CountingView> views(Many);
    for (CountingView &view : views) {
        hub->attach(&view);
    }
    append("INBOX");
    DialogueServer::runUntil([&] { return views.back().told > 0; });
    QCOMPARE(hub->readCount(), quint64(1));
    for (const CountingView &view : views) {
        QCOMPARE(view.told, 1);
        QCOMPARE(view.messages, 1);
    }
    endWindows();
    settle();
    QCOMPARE(hub->readCount(), quint64(1));
    QCOMPARE(views.front().told, 1);
    QVERIFY(m_windows.empty());
    for (CountingView &view : views) {
        hub->detach(&view);
    }
}

void TestFanOut::aHubTellsABurstTogether()
{
    const auto hub = loadedHub();
    CountingView view;
    hub->attach(&view);
    for (int i = 0; i < 100; ++i) {
        append("INBOX");
    }
    DialogueServer::runUntil([&] { return view.told > 0; });
    settle();
    // The first one was told at once; the others wait for the end of the window.
    QCOMPARE(view.told, 1);
    QCOMPARE(hub->readCount(), quint64(1));
    endWindows();
    DialogueServer::runUntil([&] { return view.told > 1; });
    QCOMPARE(view.messages, 100);
    QCOMPARE(hub->readCount(), quint64(2));
    endWindows();
    settle();
    QCOMPARE(view.told, 2);
    QVERIFY(m_windows.empty());
    hub->detach(&view);
}

void TestFanOut::whatACommandWaitsForIsReadAtOnce()
{
    const auto hub = loadedHub();
    CountingView view;
    hub->attach(&view);
    append("INBOX");
    DialogueServer::runUntil([&] { return view.told > 0; });
    append("INBOX");
    settle();
    QCOMPARE(view.messages, 1);
    bool isCaughtUp = false;
    hub->whenCaughtUp(this, [&isCaughtUp] { isCaughtUp = true; });
    DialogueServer::runUntil([&isCaughtUp] { return isCaughtUp; });
    QCOMPARE(view.messages, 2);
    QCOMPARE(view.told, 1); // who only idles still waits
    endWindows();
    QCOMPARE(view.told, 2);
    QCOMPARE(hub->readCount(), quint64(2));
    hub->detach(&view);
}

void TestFanOut::aFeedReadsOnceForAll()
{
    AccountFeed &feed = account().feed();
    std::vector<CountingWatcher> watchers(Many);
    for (CountingWatcher &watcher : watchers) {
        feed.attach(&watcher);
    }
    append("INBOX", 7);
    DialogueServer::runUntil([&] { return watchers.back().told > 0; });
    QCOMPARE(feed.readCount(), quint64(1));
    for (const CountingWatcher &watcher : watchers) {
        QCOMPARE(watcher.told, 1);
        QCOMPARE(watcher.mailboxes, 1);
    }
    const auto &mailbox = watchers.front().last.mailboxes.first();
    QCOMPARE(mailbox.info.messages, 1U);
    QCOMPARE(mailbox.changesByOthersThan(8), MailboxChanges(MailboxChange::MessagesAdded));
    QCOMPARE(mailbox.changesByOthersThan(7), MailboxChanges());
    for (CountingWatcher &watcher : watchers) {
        feed.detach(&watcher);
    }
}

void TestFanOut::aFeedTellsABurstTogether()
{
    AccountFeed &feed = account().feed();
    CountingWatcher watcher;
    feed.attach(&watcher);
    append("INBOX");
    DialogueServer::runUntil([&] { return watcher.told > 0; });
    for (int i = 0; i < 30; ++i) {
        append("INBOX");
        append("Sent");
        append("Drafts");
    }
    const auto renamed = await(account().store().write(
        [](WriteTxn &txn) { return txn.renameMailbox(MailboxName("Sent"), MailboxName("Out")); }));
    QVERIFY(renamed.has_value());
    settle();
    QCOMPARE(watcher.told, 1);
    endWindows();
    DialogueServer::runUntil([&] { return watcher.told > 1; });
    QCOMPARE(feed.readCount(), quint64(2));
    QCOMPARE(watcher.last.mailboxes.size(), 3);
    QCOMPARE(watcher.last.names.size(), 2); // Out, and Sent that is not subscribed any more
    QCOMPARE(watcher.last.names.first().name, MailboxName("Out"));
    QCOMPARE(watcher.last.names.first().oldName, MailboxName("Sent"));
    QVERIFY(watcher.last.names.first().isSubscriptionEvent);
    QVERIFY(!watcher.last.names.last().exists);
    feed.detach(&watcher);
}

void TestFanOut::aFeedWithoutWatchersDoesNothing()
{
    append("INBOX");
    settle();
    QCOMPARE(account().feed().readCount(), quint64(0));
    QVERIFY(m_windows.empty());
}

void TestFanOut::watchersMayGoWhileTheyAreTold()
{
    AccountFeed &feed = account().feed();
    std::vector<CountingWatcher> watchers(4);
    for (CountingWatcher &watcher : watchers) {
        feed.attach(&watcher);
    }
    watchers[1].then = [&] {
        feed.detach(&watchers[0]);
        feed.detach(&watchers[1]);
        feed.detach(&watchers[2]);
    };
    append("INBOX");
    DialogueServer::runUntil([&] { return watchers[3].told > 0; });
    QCOMPARE(watchers[2].told, 0);
    endWindows();
    append("INBOX");
    DialogueServer::runUntil([&] { return watchers[3].told > 1; });
    QCOMPARE(watchers[0].told, 1);
    QCOMPARE(watchers[1].told, 1);
    feed.detach(&watchers[3]);
}

void TestFanOut::idlingSessionsAreToldABurstTogether()
{
    constexpr int Sessions = 200;
    QList<QPointer<MemoryTransport>> clients;
    QByteArrayList outputs(Sessions);
    for (int i = 0; i < Sessions; ++i) {
        const auto client = m_server->connectPreauthenticated();
        client->clientSends("a EXAMINE INBOX\r\nb IDLE\r\n");
        clients << client;
    }
    const auto allHave = [&](const QByteArray &text) {
        return DialogueServer::runUntil([&] {
            bool all = true;
            for (int i = 0; i < Sessions; ++i) {
                outputs[i] += clients.at(i)->takeOutput();
                all = all && outputs.at(i).contains(text);
            }
            return all;
        });
    };
    QVERIFY(allHave("+ idling\r\n"));
    endWindows();
    append("INBOX");
    QVERIFY(allHave("* 1 EXISTS\r\n"));
    for (int i = 0; i < 100; ++i) {
        append("INBOX");
    }
    endWindows();
    QVERIFY(allHave("* 101 EXISTS\r\n"));
    endWindows();
    settle();
    for (int i = 0; i < Sessions; ++i) {
        const auto told = outputs.at(i).mid(outputs.at(i).indexOf("+ idling"));
        QCOMPARE(told.count(" EXISTS"), 2);
        QVERIFY(clients.at(i)->takeOutput().isEmpty());
    }
}

// Who waited for the hub logs out at that (UNAUTHENTICATE), and with it the account goes.
void TestFanOut::theLastHolderMayLetGo()
{
    auto hub = loadedHub();
    const std::weak_ptr<MailboxHub> weak = hub;
    bool isTold = false;
    const QMetaObject::Connection connection =
        connect(&account().store(), &MailStore::committed, this, [&] {
            disconnect(connection);
            hub->whenCaughtUp(this, [&] {
                isTold = true;
                hub.reset();
                m_account.reset();
            });
        });
    append("INBOX");
    DialogueServer::runUntil([&isTold] { return isTold; });
    QVERIFY(weak.expired());
    endWindows();
}

QTEST_GUILESS_MAIN(TestFanOut)
#include "tst_fanout.moc"
