#pragma once

#include "core/lmtp/lmtpservice.h"
#include "core/session/imapservice.h"
#include "memorytransport.h"
#include "storage/store.h"

#include <QPointer>
#include <QTemporaryDir>

#include <memory>

namespace Postnook
{

// A whole server without sockets: real storage in a temporary folder, the real ImapService, clients
// over MemoryTransport. One account, user "test", password "secret". Clock, random bytes and the
// pool's size are fixed by the test.
class DialogueServer
{
public:
    struct Setup {
        ImapOptions imap;
        LmtpOptions lmtp;
        int workers = 0; // 0: POSTNOOK_TEST_WORKERS, or 2
        // As StorageOptions has them.
        qint64 undeleteRetentionSeconds = StorageOptions().undeleteRetentionSeconds;
        qint64 syncHistorySeconds = StorageOptions().syncHistorySeconds;
    };

    DialogueServer();
    explicit DialogueServer(Setup setup);
    ~DialogueServer();

    // A connection that has not said anything yet. Owned by its session.
    QPointer<MemoryTransport> connectClient(MemoryTransport::Peer peer);
    // The same for a session as the control socket has them, logged in from the start.
    QPointer<MemoryTransport> connectPreauthenticated();
    // A mail server that brings mail.
    QPointer<MemoryTransport> connectLmtp();

    ImapService &service() { return *m_service; }
    LmtpService &lmtp() { return *m_lmtp; }
    Storage &storage() { return *m_storage; }
    AccountRecord account() const { return m_account; }
    QString path() const { return m_dir.path(); } // the data folder
    void advanceMs(qint64 ms) { m_monotonicMs += ms; }
    void advanceUtc(qint64 seconds) { m_nowUtc += seconds; }

    // Closes everything and opens the same folder again.
    void restart();
    // One round of the cleaner, as it comes every hour; the account's mail has to be open.
    Result<void> cleanNow();

    // Runs the event loop until `isDone`, for at most a minute.
    static bool waitFor(const std::function<bool()> &isDone);
    // The same without sleeping for 10 ms between two looks, for tests that wait very often.
    static bool runUntil(const std::function<bool()> &isDone);

private:
    void open();
    void shut();

    QTemporaryDir m_dir;
    Setup m_setup;
    qint64 m_nowUtc = 1'767'225'600; // 2026-01-01T00:00:00Z
    qint64 m_monotonicMs = 0;
    std::unique_ptr<Storage> m_storage;
    std::unique_ptr<ImapService> m_service;
    std::unique_ptr<LmtpService> m_lmtp;
    AccountRecord m_account;
};

// Sends a command with the tag "a" and takes what has come up to the end of its reply.
QByteArray command(const QPointer<MemoryTransport> &client, const QByteArray &line);

// Runs the loop until the future is done and gives its result.
template <typename T>
T await(QFuture<T> future)
{
    DialogueServer::runUntil([&] { return future.isFinished(); });
    return future.result();
}

} // namespace Postnook
