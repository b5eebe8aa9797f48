#include "tests/storage/faultrig.h"

#include "storage/sqlite/verification.h"

#include <algorithm>

namespace Postnook::Test
{

namespace
{

constexpr qsizetype SmallBytes = 300;
constexpr qsizetype LargeBytes = 100'000; // a file of its own

QByteArray labelOf(const QByteArray &text)
{
    const auto label = text.left(text.indexOf('\n'));
    return text == textOf(label) ? label : QByteArray("damaged");
}

Result<QByteArray> readContent(ReadTxn &txn, ContentId id)
{
    const auto reader = txn.content(id);
    return reader ? readAll(**reader) : Result<QByteArray>(reader.error());
}

QByteArray compareCounters(const MailboxInfo &info, const QList<MessageRow> &rows)
{
    quint32 messages = 0;
    quint32 unseen = 0;
    quint32 deleted = 0;
    quint64 size = 0;
    for (const auto &row : rows) {
        if (row.uid >= info.uidNext || row.modSeq > info.highestModSeq) {
            return "UIDNEXT or HIGHESTMODSEQ is behind UID " + QByteArray::number(row.uid.value);
        }
        if (!row.expunged) {
            ++messages;
            unseen += row.flags.system.testFlag(SystemFlag::Seen) ? 0U : 1U;
            deleted += row.flags.system.testFlag(SystemFlag::Deleted) ? 1U : 0U;
            size += row.sizeBytes;
        }
    }
    const bool same = messages == info.messages && unseen == info.unseen && deleted == info.deleted
        && size == info.sizeBytes;
    return same ? QByteArray() : QByteArray("counters differ from a recount");
}

QByteArray compareChanges(const ChangeSet &changes, const QList<MessageRow> &rows)
{
    qsizetype changed = 0;
    qsizetype expunged = 0;
    for (const auto &row : rows) {
        if (row.expunged) {
            const bool same = expunged < changes.expunged.size()
                && changes.expunged.at(expunged).uid == row.uid
                && changes.expunged.at(expunged).modSeq == row.modSeq;
            expunged += same ? 1 : rows.size();
        } else {
            const bool same = changed < changes.changed.size()
                && changes.changed.at(changed).uid == row.uid
                && changes.changed.at(changed).flags == row.flags;
            changed += same ? 1 : rows.size();
        }
    }
    const bool same = changed == changes.changed.size() && expunged == changes.expunged.size();
    return same ? QByteArray() : QByteArray("the change feed differs from the messages");
}

Result<MailSnapshot> read(ReadTxn &txn)
{
    MailSnapshot snapshot;
    const auto listed = txn.mailboxes();
    if (!listed) {
        return listed.error();
    }
    for (const auto &[info, subscribed] : *listed) {
        auto &mailbox = snapshot.mailboxes[info.name.utf8];
        mailbox.info = info;
        const auto rows = readRows(txn, info.id, true);
        const auto changes = txn.changesSince(info.id, ModSeq(0));
        if (!rows || !changes) {
            return rows ? changes.error() : rows.error();
        }
        for (const auto &row : *rows) {
            const auto text = readContent(txn, row.content);
            if (!text) {
                return text.error();
            }
            mailbox.messages.append({row.uid, row.modSeq, row.flags, labelOf(*text), row.expunged});
            if (mailbox.messages.last().label == "damaged") {
                snapshot.damages.append(info.name.utf8 + ": damaged text");
            }
        }
        for (const auto &damage : {compareCounters(info, *rows), compareChanges(*changes, *rows)}) {
            if (!damage.isEmpty()) {
                snapshot.damages.append(info.name.utf8 + ": " + damage);
            }
        }
    }
    const auto subscriptions = txn.subscriptions();
    if (!subscriptions) {
        return subscriptions.error();
    }
    for (const auto &name : *subscriptions) {
        snapshot.subscriptions.append(name.utf8);
    }
    return snapshot;
}

// The rows of a pragma's answer that are not "ok".
bool hasTable(sqlite3 *database, const char *name)
{
    return sqlite3_table_column_metadata(
               database, nullptr, name, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr)
        == SQLITE_OK;
}

QByteArrayList faultsOfMail(const QByteArray &path, const QByteArray &vfsName)
{
    const auto database =
        Sqlite::Database::open(QString::fromUtf8(path), Sqlite::Database::Mode::Reader, vfsName);
    const auto found = database ? Sqlite::findFaults(**database, [] {}) : database.error();
    if (!found) {
        return {path + ": " + found.error().text.toUtf8()};
    }
    QByteArrayList faults;
    for (const QString &fault : *found) {
        faults.append(path + ": " + fault.toUtf8());
    }
    return faults;
}

void runCheck(sqlite3 *database, const char *pragma, const QByteArray &path, QByteArrayList *faults)
{
    sqlite3_stmt *statement = nullptr;
    int code = sqlite3_prepare_v2(database, pragma, -1, &statement, nullptr);
    if (code == SQLITE_OK) {
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
            const auto *text = reinterpret_cast<const char *>(sqlite3_column_text(statement, 0));
            if (qstrcmp(text, "ok") != 0) {
                faults->append(path + ": " + pragma + ": " + text);
            }
        }
    }
    if (code != SQLITE_DONE) {
        faults->append(path + ": " + pragma + ": " + sqlite3_errmsg(database));
    }
    sqlite3_finalize(statement);
}

} // namespace

QByteArray textOf(const QByteArray &label)
{
    constexpr qsizetype BlockBytes = 5000; // no multiple of a sector: a shifted piece shows
    const auto size = label.startsWith('L') ? LargeBytes : SmallBytes;
    auto block = label + '\n';
    while (block.size() < std::min(size, BlockBytes)) {
        block += label + QByteArray::number(block.size()) + '\n';
    }
    return block.repeated(size / block.size() + 1).left(size);
}

bool MailSnapshot::holds(const QByteArray &name, const QByteArray &label) const
{
    return find(name, label) != nullptr;
}

const MailSnapshot::Message *MailSnapshot::find(const QByteArray &name,
                                                const QByteArray &label) const
{
    const auto mailbox = mailboxes.constFind(name);
    if (mailbox == mailboxes.constEnd()) {
        return nullptr;
    }
    for (const auto &message : mailbox->messages) {
        if (message.label == label && !message.expunged) {
            return &message;
        }
    }
    return nullptr;
}

bool MailSnapshot::knows(const QByteArray &label) const
{
    for (const auto &mailbox : mailboxes) {
        for (const auto &message : mailbox.messages) {
            if (message.label == label) {
                return true;
            }
        }
    }
    return false;
}

Result<MailSnapshot> snapshotOf(const Mail &mail)
{
    return await(mail.store().read([](ReadTxn &txn) { return read(txn); }));
}

FaultRig::FaultRig()
    : m_vfs("postnook-fault", &m_disk)
    , m_files(std::make_shared<FaultContentFiles>(&m_disk))
{
    m_options.workers = std::min(2, StorageFixture::workers());
}

FaultRig::~FaultRig()
{
    close();
}

Result<void> FaultRig::open()
{
    auto opened = Sqlite::SqliteStorage::openWith(
        m_folder.path(),
        m_options,
        {m_vfs.name(), m_files, [this] {
             return DiskSpace{m_disk.freeBytes(), m_disk.room().value_or(0)};
         }});
    if (!opened) {
        return opened.error();
    }
    m_storage = *std::move(opened);
    const auto name = QStringLiteral("anna");
    auto record = await(m_storage->account(name));
    if (!record && record.error().code == ErrorCode::NotFound) {
        record = await(m_storage->addAccount(name, credentials()));
    }
    if (!record) {
        return record.error();
    }
    m_account = record->id;
    const auto store = await(m_storage->mailStore(record->id));
    if (!store) {
        return store.error();
    }
    m_mail = Mail(*store);
    return {};
}

void FaultRig::close()
{
    m_mail.reset();
    if (m_storage != nullptr) {
        m_storage->close();
        m_storage.reset();
    }
}

Result<void> FaultRig::clean()
{
    return await(m_storage->cleanNow(m_account));
}

QByteArrayList FaultRig::integrityFaults()
{
    QByteArrayList faults;
    for (const auto &path : m_disk.paths(m_folder.path().toUtf8())) {
        if (!path.endsWith(".db")) {
            continue;
        }
        sqlite3 *database = nullptr;
        sqlite3_open_v2(
            path.constData(), &database, SQLITE_OPEN_READWRITE, m_vfs.name().constData());
        runCheck(database, "PRAGMA integrity_check", path, &faults);
        runCheck(database, "PRAGMA foreign_key_check", path, &faults);
        const bool isMail = hasTable(database, "uid_block");
        sqlite3_close(database);
        if (isMail) {
            faults += faultsOfMail(path, m_vfs.name());
        }
    }
    return faults;
}

int FaultRig::messageFiles() const
{
    const auto paths = m_disk.paths(m_folder.path().toUtf8());
    return int(std::count_if(paths.begin(), paths.end(), [](const QByteArray &path) {
        return path.contains("/content/");
    }));
}

} // namespace Postnook::Test
