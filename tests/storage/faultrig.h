#pragma once

#include "storage/sqlite/sqlitestorage.h"
#include "tests/storage/faultcontentfiles.h"
#include "tests/storage/faultvfs.h"
#include "tests/storage/storagetest.h"

#include <QMap>

namespace Postnook::Test
{

// A message text that can be told again from its label: damage shows.
QByteArray textOf(const QByteArray &label); // 100,000 bytes when the label begins with 'L'

// All mail of an account as of one moment, checked against itself.
struct MailSnapshot {
    struct Message {
        Uid uid;
        ModSeq modSeq;
        MessageFlags flags;
        QByteArray label;
        bool expunged = false;
    };
    struct Mailbox {
        MailboxInfo info;
        QList<Message> messages;
    };
    QMap<QByteArray, Mailbox> mailboxes;
    QByteArrayList subscriptions;
    QByteArrayList damages; // in words; empty when all is well

    bool exists(const QByteArray &name) const { return mailboxes.contains(name); }
    bool holds(const QByteArray &name, const QByteArray &label) const;
    const Message *find(const QByteArray &name, const QByteArray &label) const;
    bool knows(const QByteArray &label) const; // anywhere, expunged or not
};

Result<MailSnapshot> snapshotOf(const Mail &mail);

// The SQLite engine on a disk that fails and loses power. The account is "anna".
class FaultRig
{
public:
    FaultRig();
    ~FaultRig();

    FaultDisk &disk() { return m_disk; }
    StorageOptions &options() { return m_options; } // from the next open() on
    Result<void> open(); // with the account's mail, added when it is not there
    const Mail &mail() const { return m_mail; }
    bool isOpen() const { return m_storage != nullptr; }
    void close();
    Result<void> clean();
    Sqlite::SqliteStorage &storage() const { return *m_storage; }
    QString path() const { return m_folder.path(); } // of the data folder
    const std::shared_ptr<FaultContentFiles> &contentFiles() const { return m_files; }

    // While closed: what SQLite's own checks of every database say against it.
    QByteArrayList integrityFaults();
    int messageFiles() const; // on the disk

private:
    QTemporaryDir m_folder; // for what the engine makes beside SQLite and the message files
    FaultDisk m_disk;
    FaultVfs m_vfs;
    StorageOptions m_options;
    std::shared_ptr<FaultContentFiles> m_files;
    std::unique_ptr<Sqlite::SqliteStorage> m_storage;
    AccountId m_account;
    Mail m_mail;
};

} // namespace Postnook::Test
