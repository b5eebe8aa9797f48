#pragma once

#include "storage/store.h"
#include "tests/storage/await.h"

#include <QTemporaryDir>

#include <atomic>
#include <memory>

namespace Postnook::Test
{

const UidRanges AllUids = {{Uid(1), MaxUid}};

UidRanges only(std::initializer_list<quint32> uids);
UidRanges rangesOf(const QList<Uid> &uids);
MessageFlags flagsOf(SystemFlags system, const QByteArrayList &keywords = {});
ScramCredentials credentials(char fill = 'k');
// `size` bytes that look like nothing else made with another seed.
QByteArray randomBytes(qsizetype size, quint32 seed);
Result<StagedContent> stage(MailStore &store, const QByteArray &bytes, qsizetype chunk = 65536);
Result<QByteArray> readAll(ContentReader &reader, qsizetype chunk = 65536);

// What a job gets to append; made outside of it.
Result<NewMessage> newMessage(MailStore &store,
                              const QByteArray &bytes,
                              const MessageFlags &flags = {},
                              InternalDate date = {});

// One account's mail with blocking calls, one job each. Mailboxes go by name.
class Mail
{
public:
    Mail() = default;
    explicit Mail(std::shared_ptr<MailStore> store)
        : m_store(std::move(store))
    {
    }

    MailStore &store() const { return *m_store; }
    void reset() { m_store.reset(); }

    Result<MailboxInfo> create(const QByteArray &name, SpecialUse use = SpecialUse::None) const;
    Result<void> remove(const QByteArray &name) const;
    Result<void> rename(const QByteArray &from, const QByteArray &to) const;
    Result<void> subscribe(const QByteArray &name, bool subscribed) const;
    Result<MailboxInfo> info(const QByteArray &name) const;
    Result<QByteArrayList> names() const;
    Result<QByteArrayList> subscriptions() const;
    Result<QByteArrayList> keywords(const QByteArray &name) const;

    Result<AppendResult> append(const QByteArray &name,
                                const QByteArray &bytes,
                                const MessageFlags &flags = {},
                                InternalDate date = {}) const;
    Result<StoreResult> storeFlags(const QByteArray &name,
                                   const UidRanges &uids,
                                   FlagChange change,
                                   const MessageFlags &flags,
                                   std::optional<ModSeq> unchangedSince = {}) const;
    Result<CopyResult>
    copy(const QByteArray &from, const UidRanges &uids, const QByteArray &to) const;
    Result<CopyResult>
    move(const QByteArray &from, const UidRanges &uids, const QByteArray &to) const;
    Result<QList<Uid>> expunge(const QByteArray &name, const UidRanges &uids = AllUids) const;

    Result<QList<Uid>> uids(const QByteArray &name) const;
    Result<QList<MessageRow>> rows(const QByteArray &name,
                                   bool includeExpunged = false,
                                   const UidRanges &uids = AllUids,
                                   MessageColumns columns = MessageColumns(0x1ff)) const;
    Result<MessageRow> row(const QByteArray &name, Uid uid, bool includeExpunged = false) const;
    Result<QByteArray> bytes(const QByteArray &name, Uid uid, bool includeExpunged = false) const;
    Result<ChangeSet> changes(const QByteArray &name, ModSeq since = ModSeq(0)) const;

private:
    std::shared_ptr<MailStore> m_store;
};

// Inside a job.
Result<QList<MessageRow>> readRows(ReadTxn &txn,
                                   MailboxId mailbox,
                                   bool includeExpunged,
                                   const UidRanges &uids = AllUids,
                                   MessageColumns columns = MessageColumns(0x1ff));

// The engine under test on a folder of its own, with a clock to set. The number of workers comes
// from POSTNOOK_TEST_WORKERS, as every test has to pass with one as well.
class StorageFixture
{
public:
    StorageFixture();
    ~StorageFixture();

    static int workers();

    QString path() const { return m_folder.path(); }
    StorageOptions &options() { return m_options; }
    void setNow(qint64 secondsUtc) { m_now->store(secondsUtc); }
    qint64 now() const { return m_now->load(); }

    Result<void> open();
    Result<void> openEmpty(); // without an account of its own
    void close();
    Result<void> reopen(); // with the account that mail() has
    Storage &storage() const { return *m_storage; }

    // The mail of an account, added when it is not there.
    Result<Mail> account(const QString &name);
    // The mail of "anna", after open() or reopen().
    const Mail &mail() const { return m_mail; }

    // Files below the folder, all levels, once what was dropped has been removed.
    int fileCount() const;
    // One round of the engine's cleaner for "anna".
    Result<void> clean();

private:
    QTemporaryDir m_folder;
    std::shared_ptr<std::atomic<qint64>> m_now;
    StorageOptions m_options;
    std::unique_ptr<Storage> m_storage;
    Mail m_mail;
};

// Waits until the background jobs that were asked for before have run.
void awaitBackground(Storage &storage);

// Opens storage with the engine named by POSTNOOK_TEST_ENGINE; "sqlite" is the default and, so
// far, the only one.
Result<std::unique_ptr<Storage>> openEngine(const QString &folder, const StorageOptions &options);
Future<Result<void>> cleanEngine(Storage &storage, AccountId account);

} // namespace Postnook::Test
