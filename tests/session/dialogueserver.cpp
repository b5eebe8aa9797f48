#include "dialogueserver.h"

#include "core/auth/scram.h"
#include "storage/sqlite/sqlitestorage.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QEvent>
#include <QTest>
#include <QTimer>

namespace Postnook
{

namespace
{

constexpr int PatienceMs = 60'000; // a loaded machine with a slow disk is no failure
constexpr int TickMs = 10;

} // namespace

DialogueServer::DialogueServer()
    : DialogueServer(Setup())
{
}

DialogueServer::DialogueServer(Setup setup)
    : m_setup(std::move(setup))
{
    if (m_setup.workers == 0) {
        const int fromEnvironment = qEnvironmentVariableIntValue("POSTNOOK_TEST_WORKERS");
        m_setup.workers = fromEnvironment > 0 ? fromEnvironment : 2;
    }
    m_setup.imap.allowPlaintextAuth = true;
    m_setup.imap.scramIterations = Auth::MinIterations;
    if (!m_setup.imap.after) { // else the test says when a window ends
        m_setup.imap.mergeWindowMs = qEnvironmentVariableIntValue("POSTNOOK_TEST_MERGE_WINDOW");
    }
    m_setup.imap.nowUtc = [this] { return m_nowUtc; };
    m_setup.imap.monotonicMs = [this] { return m_monotonicMs; };
    m_setup.lmtp.hostName = "mail.example.org";
    m_setup.lmtp.nowUtc = m_setup.imap.nowUtc;
    m_setup.lmtp.monotonicMs = m_setup.imap.monotonicMs;
    m_setup.imap.randomBytes = [](int count) { return QByteArray(count, 'r'); };
    open();
    const auto credentials = Auth::deriveCredentials(
        QStringLiteral("secret"), QByteArray(Auth::SaltBytes, 's'), Auth::MinIterations);
    const auto added = await(m_storage->addAccount(QStringLiteral("test"), *credentials));
    if (!added) {
        qFatal("no account: %s", qPrintable(added.error().text));
    }
    m_account = *added;
}

DialogueServer::~DialogueServer()
{
    shut();
}

void DialogueServer::open()
{
    StorageOptions options;
    options.workers = m_setup.workers;
    options.nowUtc = [this] { return m_nowUtc; };
    options.undeleteRetentionSeconds = m_setup.undeleteRetentionSeconds;
    options.syncHistorySeconds = m_setup.syncHistorySeconds;
    auto storage = Storage::open(m_dir.path(), options);
    if (!storage) {
        qFatal("no storage: %s", qPrintable(storage.error().text));
    }
    m_storage = std::move(*storage);
    m_service = std::make_unique<ImapService>(*m_storage, m_setup.imap);
    m_lmtp = std::make_unique<LmtpService>(*m_storage, m_setup.lmtp);
}

void DialogueServer::shut()
{
    // Sessions whose client has just hung up are about to go; they must not outlive the service.
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    m_lmtp.reset();
    m_service.reset();
    m_storage->close();
}

void DialogueServer::restart()
{
    shut();
    m_storage.reset();
    open();
}

Result<void> DialogueServer::cleanNow()
{
    // There is one engine; the hour it waits by itself is no matter of the contract.
    return await(static_cast<Sqlite::SqliteStorage &>(*m_storage).cleanNow(m_account.id));
}

QPointer<MemoryTransport> DialogueServer::connectClient(MemoryTransport::Peer peer)
{
    auto transport = std::make_unique<MemoryTransport>(peer);
    QPointer<MemoryTransport> client = transport.get();
    m_service->addConnection(std::move(transport));
    return client;
}

QPointer<MemoryTransport> DialogueServer::connectPreauthenticated()
{
    auto transport = std::make_unique<MemoryTransport>(MemoryTransport::Peer());
    QPointer<MemoryTransport> client = transport.get();
    m_service->addPreauthenticated(std::move(transport), m_account);
    return client;
}

QPointer<MemoryTransport> DialogueServer::connectLmtp()
{
    auto transport = std::make_unique<MemoryTransport>(MemoryTransport::Peer());
    QPointer<MemoryTransport> client = transport.get();
    m_lmtp->addConnection(std::move(transport));
    return client;
}

bool DialogueServer::waitFor(const std::function<bool()> &isDone)
{
    return QTest::qWaitFor(isDone, PatienceMs);
}

bool DialogueServer::runUntil(const std::function<bool()> &isDone)
{
    // The timer is for what comes without an event.
    QTimer timer;
    timer.start(TickMs);
    const QDeadlineTimer deadline(PatienceMs);
    while (!isDone()) {
        if (deadline.hasExpired()) {
            return false;
        }
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
    return true;
}

QByteArray command(const QPointer<MemoryTransport> &client, const QByteArray &line)
{
    QByteArray output;
    client->clientSends("a " + line + "\r\n");
    DialogueServer::runUntil([&] {
        output += client->takeOutput();
        return output.startsWith("a ") || output.contains("\r\na ");
    });
    return output;
}

} // namespace Postnook
