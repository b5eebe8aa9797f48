#include "tests/storage/storagetest.h"

#include "storage/sqlite/sqlitestorage.h"

#include <QDirIterator>
#include <QRandomGenerator>

#include <algorithm>

namespace Postnook::Test
{

namespace
{

constexpr qint64 StartOfTests = 1'700'000'000; // 2023-11-14

struct Engine {
    const char *name;
    Result<std::unique_ptr<Storage>> (*open)(const QString &, StorageOptions);
    Future<Result<void>> (*clean)(Storage &, AccountId);
};

constexpr Engine Engines[] = {
    {"sqlite",
     &Storage::open,
     [](Storage &storage, AccountId account) {
         return static_cast<Sqlite::SqliteStorage &>(storage).cleanNow(account);
     }},
};

const Engine *engineUnderTest()
{
    const auto name = qEnvironmentVariable("POSTNOOK_TEST_ENGINE", QStringLiteral("sqlite"));
    for (const auto &engine : Engines) {
        if (name == QLatin1StringView(engine.name)) {
            return &engine;
        }
    }
    return nullptr;
}

// Runs fn(txn, mailbox id) as one job.
template <typename F>
auto writeTo(MailStore &store, const QByteArray &name, F fn)
{
    using R = std::invoke_result_t<F &, WriteTxn &, MailboxId>;
    return await(store.write([name, fn = std::move(fn)](WriteTxn &txn) -> R {
        const auto info = txn.mailbox(MailboxName(name));
        return info ? fn(txn, info->id) : R(info.error());
    }));
}

template <typename F>
auto readFrom(MailStore &store, const QByteArray &name, F fn)
{
    using R = std::invoke_result_t<F &, ReadTxn &, MailboxId>;
    return await(store.read([name, fn = std::move(fn)](ReadTxn &txn) -> R {
        const auto info = txn.mailbox(MailboxName(name));
        return info ? fn(txn, info->id) : R(info.error());
    }));
}

} // namespace

UidRanges only(std::initializer_list<quint32> uids)
{
    UidRanges ranges;
    for (const auto uid : uids) {
        ranges.append({Uid(uid), Uid(uid)});
    }
    return ranges;
}

UidRanges rangesOf(const QList<Uid> &uids)
{
    UidRanges ranges;
    for (const auto uid : uids) {
        ranges.append({uid, uid});
    }
    return ranges;
}

MessageFlags flagsOf(SystemFlags system, const QByteArrayList &keywords)
{
    return {system, keywords};
}

ScramCredentials credentials(char fill)
{
    return {QByteArray(16, fill), 4096, QByteArray(32, fill), QByteArray(32, char(fill + 1))};
}

QByteArray randomBytes(qsizetype size, quint32 seed)
{
    QRandomGenerator random(seed);
    QByteArray bytes(size, Qt::Uninitialized);
    for (auto &byte : bytes) {
        byte = char(random.bounded(256));
    }
    return bytes;
}

Result<StagedContent> stage(MailStore &store, const QByteArray &bytes, qsizetype chunk)
{
    const auto writer = store.newContent(quint64(bytes.size()));
    for (qsizetype at = 0; at < bytes.size(); at += chunk) {
        const auto size = std::min(chunk, bytes.size() - at);
        const auto written = writer->write(QByteArrayView(bytes).sliced(at, size));
        if (!written) {
            return written.error();
        }
    }
    return writer->finish();
}

Result<QByteArray> readAll(ContentReader &reader, qsizetype chunk)
{
    QByteArray bytes;
    while (quint64(bytes.size()) < reader.sizeBytes()) {
        const auto piece = reader.read(quint64(bytes.size()), chunk);
        if (!piece) {
            return piece.error();
        }
        if (piece->isEmpty()) {
            return Error{ErrorCode::Internal, QStringLiteral("an empty piece before the end")};
        }
        bytes += *piece;
    }
    return bytes;
}

Result<NewMessage>
newMessage(MailStore &store, const QByteArray &bytes, const MessageFlags &flags, InternalDate date)
{
    return stage(store, bytes).transform([&](const StagedContent &content) {
        return NewMessage{content, {}, flags, date};
    });
}

Result<QList<MessageRow>> readRows(ReadTxn &txn,
                                   MailboxId mailbox,
                                   bool includeExpunged,
                                   const UidRanges &uids,
                                   MessageColumns columns)
{
    QList<MessageRow> rows;
    const auto visit = [&rows](const MessageRow &row) {
        rows.append(row);
        return true;
    };
    const auto done = txn.forEachMessage(mailbox, uids, columns, includeExpunged, visit);
    return done ? Result<QList<MessageRow>>(rows) : done.error();
}

Result<MailboxInfo> Mail::create(const QByteArray &name, SpecialUse use) const
{
    return await(m_store->write(
        [name, use](WriteTxn &txn) { return txn.createMailbox(MailboxName(name), use); }));
}

Result<void> Mail::remove(const QByteArray &name) const
{
    return await(
        m_store->write([name](WriteTxn &txn) { return txn.deleteMailbox(MailboxName(name)); }));
}

Result<void> Mail::rename(const QByteArray &from, const QByteArray &to) const
{
    return await(m_store->write([from, to](WriteTxn &txn) {
        return txn.renameMailbox(MailboxName(from), MailboxName(to));
    }));
}

Result<void> Mail::subscribe(const QByteArray &name, bool subscribed) const
{
    return await(m_store->write([name, subscribed](WriteTxn &txn) {
        return txn.setSubscribed(MailboxName(name), subscribed);
    }));
}

Result<MailboxInfo> Mail::info(const QByteArray &name) const
{
    return await(m_store->read([name](ReadTxn &txn) { return txn.mailbox(MailboxName(name)); }));
}

Result<QByteArrayList> Mail::names() const
{
    return await(m_store->read([](ReadTxn &txn) {
        return txn.mailboxes().transform([](const QList<ListedMailbox> &mailboxes) {
            QByteArrayList names;
            for (const auto &listed : mailboxes) {
                names.append(listed.info.name.utf8);
            }
            return names;
        });
    }));
}

Result<QByteArrayList> Mail::subscriptions() const
{
    return await(m_store->read([](ReadTxn &txn) {
        return txn.subscriptions().transform([](const QList<MailboxName> &mailboxes) {
            QByteArrayList names;
            for (const auto &name : mailboxes) {
                names.append(name.utf8);
            }
            return names;
        });
    }));
}

Result<QByteArrayList> Mail::keywords(const QByteArray &name) const
{
    return readFrom(*m_store, name, [](ReadTxn &txn, MailboxId id) { return txn.keywords(id); });
}

Result<AppendResult> Mail::append(const QByteArray &name,
                                  const QByteArray &bytes,
                                  const MessageFlags &flags,
                                  InternalDate date) const
{
    const auto message = newMessage(*m_store, bytes, flags, date);
    if (!message) {
        return message.error();
    }
    return writeTo(*m_store, name, [message = *message](WriteTxn &txn, MailboxId id) {
        return txn.append(id, message);
    });
}

Result<StoreResult> Mail::storeFlags(const QByteArray &name,
                                     const UidRanges &uids,
                                     FlagChange change,
                                     const MessageFlags &flags,
                                     std::optional<ModSeq> unchangedSince) const
{
    return writeTo(*m_store, name, [=](WriteTxn &txn, MailboxId id) {
        return txn.storeFlags(id, uids, change, flags, unchangedSince);
    });
}

Result<CopyResult>
Mail::copy(const QByteArray &from, const UidRanges &uids, const QByteArray &to) const
{
    return writeTo(*m_store, from, [=](WriteTxn &txn, MailboxId id) -> Result<CopyResult> {
        const auto target = txn.mailbox(MailboxName(to));
        return target ? txn.copy(id, uids, target->id) : target.error();
    });
}

Result<CopyResult>
Mail::move(const QByteArray &from, const UidRanges &uids, const QByteArray &to) const
{
    return writeTo(*m_store, from, [=](WriteTxn &txn, MailboxId id) -> Result<CopyResult> {
        const auto target = txn.mailbox(MailboxName(to));
        return target ? txn.move(id, uids, target->id) : target.error();
    });
}

Result<QList<Uid>> Mail::expunge(const QByteArray &name, const UidRanges &uids) const
{
    return writeTo(
        *m_store, name, [uids](WriteTxn &txn, MailboxId id) { return txn.expunge(id, uids); });
}

Result<QList<Uid>> Mail::uids(const QByteArray &name) const
{
    return readFrom(*m_store, name, [](ReadTxn &txn, MailboxId id) { return txn.uids(id); });
}

Result<QList<MessageRow>> Mail::rows(const QByteArray &name,
                                     bool includeExpunged,
                                     const UidRanges &uids,
                                     MessageColumns columns) const
{
    return readFrom(*m_store, name, [=](ReadTxn &txn, MailboxId id) {
        return readRows(txn, id, includeExpunged, uids, columns);
    });
}

Result<MessageRow> Mail::row(const QByteArray &name, Uid uid, bool includeExpunged) const
{
    const auto found = rows(name, includeExpunged, only({uid.value}));
    if (!found) {
        return found.error();
    }
    if (found->size() != 1) {
        return Error{ErrorCode::NotFound, QStringLiteral("no such message")};
    }
    return found->first();
}

Result<QByteArray> Mail::bytes(const QByteArray &name, Uid uid, bool includeExpunged) const
{
    const auto found = row(name, uid, includeExpunged);
    if (!found) {
        return found.error();
    }
    return await(m_store->read([content = found->content](ReadTxn &txn) -> Result<QByteArray> {
        const auto reader = txn.content(content);
        return reader ? readAll(**reader) : Result<QByteArray>(reader.error());
    }));
}

Result<ChangeSet> Mail::changes(const QByteArray &name, ModSeq since) const
{
    return readFrom(*m_store, name, [since](ReadTxn &txn, MailboxId id) {
        return txn.changesSince(id, since);
    });
}

StorageFixture::StorageFixture()
    : m_now(std::make_shared<std::atomic<qint64>>(StartOfTests))
{
    m_options.workers = workers();
    m_options.nowUtc = [now = m_now] { return now->load(); };
}

StorageFixture::~StorageFixture()
{
    close();
}

int StorageFixture::workers()
{
    bool isNumber = false;
    const int workers = qEnvironmentVariableIntValue("POSTNOOK_TEST_WORKERS", &isNumber);
    return isNumber ? workers : 4;
}

Result<void> StorageFixture::openEmpty()
{
    auto opened = openEngine(path(), m_options);
    if (!opened) {
        return opened.error();
    }
    m_storage = *std::move(opened);
    return {};
}

Result<void> StorageFixture::open()
{
    if (auto opened = openEmpty(); !opened) {
        return opened;
    }
    auto mail = account(QStringLiteral("anna"));
    if (!mail) {
        return mail.error();
    }
    m_mail = *mail;
    return {};
}

void StorageFixture::close()
{
    m_mail.reset();
    if (m_storage != nullptr) {
        m_storage->close();
        m_storage.reset();
    }
}

Result<void> StorageFixture::reopen()
{
    close();
    return open();
}

Result<Mail> StorageFixture::account(const QString &name)
{
    auto record = await(m_storage->account(name));
    if (!record) {
        record = await(m_storage->addAccount(name, credentials()));
    }
    if (!record) {
        return record.error();
    }
    return await(m_storage->mailStore(record->id))
        .transform([](const std::shared_ptr<MailStore> &store) { return Mail(store); });
}

Result<void> StorageFixture::clean()
{
    const auto anna = await(m_storage->account(QStringLiteral("anna")));
    return anna ? await(cleanEngine(*m_storage, anna->id)) : Result<void>(anna.error());
}

int StorageFixture::fileCount() const
{
    awaitBackground(*m_storage);
    QDirIterator files(path(), QDir::Files, QDirIterator::Subdirectories);
    int count = 0;
    while (files.hasNext()) {
        files.next();
        ++count;
    }
    return count;
}

void awaitBackground(Storage &storage)
{
    const auto done = await(storage.run(JobClass::Background, [] { return Result<void>(); }));
    QVERIFY2(done.has_value(), "the background class does not get its turn");
}

Result<std::unique_ptr<Storage>> openEngine(const QString &folder, const StorageOptions &options)
{
    const auto *engine = engineUnderTest();
    if (engine == nullptr) {
        return Error{ErrorCode::Invalid, QStringLiteral("POSTNOOK_TEST_ENGINE names no engine")};
    }
    return engine->open(folder, options);
}

Future<Result<void>> cleanEngine(Storage &storage, AccountId account)
{
    return engineUnderTest()->clean(storage, account);
}

} // namespace Postnook::Test
