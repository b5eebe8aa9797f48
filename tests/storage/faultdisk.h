#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>
#include <QFlags>
#include <QRandomGenerator>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace Postnook::Test
{

enum class DiskCall : quint16 {
    Open = 0x01,
    Read = 0x02,
    Write = 0x04,
    Sync = 0x08,
    Truncate = 0x10,
    Remove = 0x20,
    SyncFolder = 0x40,
    MakeFolder = 0x80,
    MapShared = 0x100,
    Rename = 0x200,
};
Q_DECLARE_FLAGS(DiskCalls, DiskCall)
Q_DECLARE_OPERATORS_FOR_FLAGS(DiskCalls)

constexpr auto AllCalls = DiskCalls(0x3ff);
// The calls that change the disk: those that a full disk refuses, those worth a power cut.
constexpr auto ChangingCalls = DiskCalls(DiskCall::Write) | DiskCall::Sync | DiskCall::Truncate
    | DiskCall::Remove | DiskCall::SyncFolder | DiskCall::MakeFolder | DiskCall::Rename;

enum class DiskStatus { Ok, NotThere, Full, IoError };

// What happens at the nth call of the chosen kinds.
struct DiskFault {
    enum Kind {
        FullDisk, // the call fails as on a full disk, half of a write is done
        IoError, // the same as an I/O error; a failed sync forgets what it should have synced
        PowerOff, // this call and all that follow fail until powerOn()
    };
    Kind kind = IoError;
    DiskCalls calls = AllCalls;
    int atCall = 1; // from 1, counted since arm()
    bool forGood = false;
};

// What a power cut leaves of that which no sync covered.
enum class DiskLoss {
    Nothing, // only the process died
    Everything, // all of it is lost
    Torn, // of each file a random subset in pieces of 512 bytes, of each folder a random
          // beginning of its changes
};

// A disk in memory that tells what was written from what is safe, fails on demand, and loses power.
// Knows nothing of SQLite; FaultVfs and FaultContentFiles put it under the engine. A file's bytes
// are safe after a sync of the file; that a file exists or is gone, after a sync of its folder.
// All functions may be called from any thread.
class FaultDisk
{
public:
    struct Node;
    using NodePtr = std::shared_ptr<Node>;
    using Image = std::map<QByteArray, QByteArray>; // path -> bytes; folders end in '/'

    FaultDisk();
    ~FaultDisk();
    FaultDisk(const FaultDisk &) = delete;
    FaultDisk &operator=(const FaultDisk &) = delete;

    // The bytes of all files as programs see them; put() makes them the safe state of a disk
    // whose open files are all dead.
    Image image() const;
    void put(const Image &image);

    // Counts from zero again; with a fault, from here.
    void arm(std::optional<DiskFault> fault);
    int calls(DiskCalls kinds) const; // since arm()
    bool isOff() const; // a PowerOff has happened
    // So many bytes fit on it, all files together; a write beyond is that of a full disk.
    void setRoom(std::optional<qint64> bytes);
    std::optional<qint64> room() const;
    qint64 freeBytes() const; // of the room
    // All open files are dead from here on; the fault is gone.
    void powerOn(DiskLoss loss, quint32 seed);

    // File calls. A path is any unique byte string, its folder what stands before the last '/'.
    DiskStatus open(const QByteArray &path, bool create, bool exclusive, NodePtr *node);
    NodePtr anonymous(); // a file without a name, gone with its last user
    DiskStatus read(const NodePtr &node, quint64 offset, qsizetype maxBytes, QByteArray *bytes);
    DiskStatus write(const NodePtr &node, quint64 offset, QByteArrayView bytes);
    DiskStatus truncate(const NodePtr &node, quint64 sizeBytes);
    // withEntry: the first sync of a new file syncs its folder as well, as SQLite's own layer does
    // for the log and file systems with a journal for all files.
    DiskStatus sync(const NodePtr &node, bool withEntry);
    DiskStatus size(const NodePtr &node, quint64 *sizeBytes);
    DiskStatus remove(const QByteArray &path);
    // In one folder; what has the new name is replaced. Never lost halfway.
    DiskStatus rename(const QByteArray &from, const QByteArray &to);
    // Only folders made here can be lost; all others are taken as always there.
    DiskStatus makeFolder(const QByteArray &folder, bool *made);
    DiskStatus syncFolder(const QByteArray &folder);
    DiskStatus mapShared(const NodePtr &node);
    // What the layer above keeps per file; made at the first call.
    std::shared_ptr<void> attached(const NodePtr &node,
                                   const std::function<std::shared_ptr<void>()> &make);
    bool exists(const QByteArray &path) const;
    QByteArrayList paths(const QByteArray &prefix) const; // of files, ascending

private:
    struct Change { // of a file's bytes: a write, or a new size when there are none
        quint64 offset = 0;
        QByteArray bytes;
    };
    struct EntryChange { // a file was made (node) or removed (no node)
        QByteArray path;
        NodePtr node;
    };

    static void apply(const Change &change, QByteArray *bytes);
    static void applyTorn(const Change &change, QRandomGenerator *random, QByteArray *bytes);
    static void apply(const EntryChange &change, std::map<QByteArray, NodePtr> *entries);
    void dropOrphans(std::map<QByteArray, NodePtr> *entries) const;
    DiskStatus enter(DiskCall call, const Node *node);
    qint64 usedBytes() const;
    void commitEntries(const QByteArray &folder);

    mutable std::mutex m_mutex;
    std::map<QByteArray, NodePtr> m_entries;
    std::map<QByteArray, NodePtr> m_safeEntries;
    std::vector<EntryChange> m_unsafeEntries;
    std::set<QByteArray> m_madeFolders;
    std::optional<DiskFault> m_fault;
    std::optional<qint64> m_room;
    std::map<DiskCall, int> m_calls;
    int m_faultCalls = 0; // calls that match the fault
    bool m_off = false;
    QRandomGenerator m_random{1};
};

struct FaultDisk::Node {
    QByteArray bytes; // as programs see them
    QByteArray safe; // as they are after a power cut
    std::vector<Change> changes; // from safe to bytes
    bool dead = false; // opened before a power cut
    std::shared_ptr<void> attached;
};

} // namespace Postnook::Test
