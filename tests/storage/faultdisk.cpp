#include "tests/storage/faultdisk.h"

#include <algorithm>
#include <cstring>

namespace Postnook::Test
{

namespace
{

constexpr qsizetype SectorBytes = 512;

// Without the '/' at its end. A folder's own path has one.
QByteArray folderOf(const QByteArray &path)
{
    return path.left(path.lastIndexOf('/', path.endsWith('/') ? -2 : -1));
}

bool oneIn(QRandomGenerator *random, int n)
{
    return random->bounded(n) == 0;
}

} // namespace

FaultDisk::FaultDisk() = default;
FaultDisk::~FaultDisk() = default;

FaultDisk::Image FaultDisk::image() const
{
    const std::lock_guard lock(m_mutex);
    Image image;
    for (const auto &[path, node] : m_entries) {
        image.emplace(path, node->bytes);
    }
    return image;
}

void FaultDisk::put(const Image &image)
{
    const std::lock_guard lock(m_mutex);
    for (const auto &entry : m_entries) {
        entry.second->dead = true;
    }
    m_entries.clear();
    m_unsafeEntries.clear();
    for (const auto &[path, bytes] : image) {
        if (path.endsWith('/')) {
            m_madeFolders.insert(path);
        }
        auto node = std::make_shared<Node>();
        node->bytes = bytes;
        node->safe = bytes;
        m_entries.emplace(path, std::move(node));
    }
    m_safeEntries = m_entries;
    m_fault.reset();
    m_calls.clear();
    m_off = false;
}

void FaultDisk::arm(std::optional<DiskFault> fault)
{
    const std::lock_guard lock(m_mutex);
    m_fault = fault;
    m_calls.clear();
    m_faultCalls = 0;
}

int FaultDisk::calls(DiskCalls kinds) const
{
    const std::lock_guard lock(m_mutex);
    int sum = 0;
    for (const auto &[call, count] : m_calls) {
        sum += kinds.testFlag(call) ? count : 0;
    }
    return sum;
}

bool FaultDisk::isOff() const
{
    const std::lock_guard lock(m_mutex);
    return m_off;
}

void FaultDisk::setRoom(std::optional<qint64> bytes)
{
    const std::lock_guard lock(m_mutex);
    m_room = bytes;
}

std::optional<qint64> FaultDisk::room() const
{
    const std::lock_guard lock(m_mutex);
    return m_room;
}

qint64 FaultDisk::freeBytes() const
{
    const std::lock_guard lock(m_mutex);
    return std::max<qint64>(m_room.value_or(0) - usedBytes(), 0);
}

void FaultDisk::powerOn(DiskLoss loss, quint32 seed)
{
    const std::lock_guard lock(m_mutex);
    QRandomGenerator random(seed);
    auto entries = loss == DiskLoss::Nothing ? m_entries : m_safeEntries;
    if (loss == DiskLoss::Torn) {
        const auto kept = random.bounded(quint32(m_unsafeEntries.size()) + 1);
        for (size_t i = 0; i < kept; ++i) {
            apply(m_unsafeEntries[i], &entries);
        }
    }
    dropOrphans(&entries);
    for (const auto &entry : m_entries) {
        entry.second->dead = true;
    }
    for (auto &[path, node] : entries) {
        auto survivor = std::make_shared<Node>();
        survivor->bytes = loss == DiskLoss::Nothing ? node->bytes : node->safe;
        if (loss == DiskLoss::Torn) {
            for (const auto &change : node->changes) {
                applyTorn(change, &random, &survivor->bytes);
            }
        }
        survivor->safe = survivor->bytes;
        node->dead = true;
        node = std::move(survivor);
    }
    m_entries = entries;
    m_safeEntries = std::move(entries);
    m_unsafeEntries.clear();
    m_fault.reset();
    m_calls.clear();
    m_off = false;
}

DiskStatus FaultDisk::open(const QByteArray &path, bool create, bool exclusive, NodePtr *node)
{
    const std::lock_guard lock(m_mutex);
    if (const auto status = enter(DiskCall::Open, nullptr); status != DiskStatus::Ok) {
        return status;
    }
    const auto found = m_entries.find(path);
    if (found != m_entries.end()) {
        *node = found->second;
        return create && exclusive ? DiskStatus::IoError : DiskStatus::Ok;
    }
    if (!create) {
        return DiskStatus::NotThere;
    }
    *node = std::make_shared<Node>();
    m_entries.emplace(path, *node);
    m_unsafeEntries.push_back({path, *node});
    return DiskStatus::Ok;
}

FaultDisk::NodePtr FaultDisk::anonymous()
{
    return std::make_shared<Node>();
}

DiskStatus
FaultDisk::read(const NodePtr &node, quint64 offset, qsizetype maxBytes, QByteArray *bytes)
{
    const std::lock_guard lock(m_mutex);
    if (const auto status = enter(DiskCall::Read, node.get()); status != DiskStatus::Ok) {
        return status;
    }
    *bytes = node->bytes.mid(qsizetype(offset), maxBytes);
    return DiskStatus::Ok;
}

DiskStatus FaultDisk::write(const NodePtr &node, quint64 offset, QByteArrayView bytes)
{
    const std::lock_guard lock(m_mutex);
    auto status = enter(DiskCall::Write, node.get());
    const auto growth = qint64(offset) + bytes.size() - node->bytes.size();
    if (status == DiskStatus::Ok && m_room && growth > 0 && growth > *m_room - usedBytes()) {
        status = DiskStatus::Full;
    }
    if (node->dead || bytes.isEmpty()) {
        return status;
    }
    const auto written = status == DiskStatus::Ok ? bytes : bytes.first(bytes.size() / 2);
    if (!written.isEmpty()) {
        node->changes.push_back({offset, written.toByteArray()});
        apply(node->changes.back(), &node->bytes);
    }
    return status;
}

DiskStatus FaultDisk::truncate(const NodePtr &node, quint64 sizeBytes)
{
    const std::lock_guard lock(m_mutex);
    const auto status = enter(DiskCall::Truncate, node.get());
    if (status == DiskStatus::Ok) {
        node->changes.push_back({sizeBytes, {}});
        apply(node->changes.back(), &node->bytes);
    }
    return status;
}

// After a failed sync the system may hold its cache for clean though the bytes never reached the
// disk: some did, and no later sync tries the others again.
DiskStatus FaultDisk::sync(const NodePtr &node, bool withEntry)
{
    const std::lock_guard lock(m_mutex);
    const auto status = enter(DiskCall::Sync, node.get());
    if (m_off || node->dead) {
        return status;
    }
    for (const auto &change : node->changes) {
        if (status == DiskStatus::Ok) {
            apply(change, &node->safe);
        } else {
            applyTorn(change, &m_random, &node->safe);
        }
    }
    node->changes.clear();
    if (status == DiskStatus::Ok && withEntry) {
        const auto made = std::find_if(m_unsafeEntries.begin(),
                                       m_unsafeEntries.end(),
                                       [&](const EntryChange &c) { return c.node == node; });
        if (made != m_unsafeEntries.end()) {
            commitEntries(folderOf(made->path));
        }
    }
    return status;
}

DiskStatus FaultDisk::size(const NodePtr &node, quint64 *sizeBytes)
{
    const std::lock_guard lock(m_mutex);
    *sizeBytes = quint64(node->bytes.size());
    return m_off || node->dead ? DiskStatus::IoError : DiskStatus::Ok;
}

DiskStatus FaultDisk::remove(const QByteArray &path)
{
    const std::lock_guard lock(m_mutex);
    if (const auto status = enter(DiskCall::Remove, nullptr); status != DiskStatus::Ok) {
        return status;
    }
    if (m_entries.erase(path) == 0) {
        return DiskStatus::NotThere;
    }
    m_unsafeEntries.push_back({path, nullptr});
    return DiskStatus::Ok;
}

DiskStatus FaultDisk::rename(const QByteArray &from, const QByteArray &to)
{
    const std::lock_guard lock(m_mutex);
    if (const auto status = enter(DiskCall::Rename, nullptr); status != DiskStatus::Ok) {
        return status;
    }
    const auto found = m_entries.find(from);
    if (found == m_entries.end()) {
        return DiskStatus::NotThere;
    }
    const auto node = found->second;
    m_entries.erase(found);
    m_entries[to] = node;
    m_unsafeEntries.push_back({to, node});
    m_unsafeEntries.push_back({from, nullptr});
    return DiskStatus::Ok;
}

DiskStatus FaultDisk::makeFolder(const QByteArray &folder, bool *made)
{
    const std::lock_guard lock(m_mutex);
    const auto status = enter(DiskCall::MakeFolder, nullptr);
    const auto path = folder + '/';
    *made = status == DiskStatus::Ok && !m_entries.contains(path);
    if (*made) {
        const auto node = std::make_shared<Node>();
        m_entries.emplace(path, node);
        m_unsafeEntries.push_back({path, node});
        m_madeFolders.insert(path);
    }
    return status;
}

DiskStatus FaultDisk::syncFolder(const QByteArray &folder)
{
    const std::lock_guard lock(m_mutex);
    const auto status = enter(DiskCall::SyncFolder, nullptr);
    if (status == DiskStatus::Ok) {
        commitEntries(folder);
    }
    return status;
}

DiskStatus FaultDisk::mapShared(const NodePtr &node)
{
    const std::lock_guard lock(m_mutex);
    return enter(DiskCall::MapShared, node.get());
}

std::shared_ptr<void> FaultDisk::attached(const NodePtr &node,
                                          const std::function<std::shared_ptr<void>()> &make)
{
    const std::lock_guard lock(m_mutex);
    if (node->attached == nullptr) {
        node->attached = make();
    }
    return node->attached;
}

bool FaultDisk::exists(const QByteArray &path) const
{
    const std::lock_guard lock(m_mutex);
    return m_entries.contains(path);
}

QByteArrayList FaultDisk::paths(const QByteArray &prefix) const
{
    const std::lock_guard lock(m_mutex);
    QByteArrayList result;
    for (const auto &entry : m_entries) {
        if (entry.first.startsWith(prefix) && !entry.first.endsWith('/')) {
            result.append(entry.first);
        }
    }
    return result;
}

void FaultDisk::apply(const Change &change, QByteArray *bytes)
{
    const auto offset = qsizetype(change.offset);
    const auto end = offset + change.bytes.size();
    if (bytes->size() < end) {
        bytes->append(end - bytes->size(), '\0');
    }
    if (change.bytes.isEmpty()) {
        bytes->truncate(offset);
        return;
    }
    std::memcpy(bytes->data() + offset, change.bytes.constData(), size_t(change.bytes.size()));
}

void FaultDisk::applyTorn(const Change &change, QRandomGenerator *random, QByteArray *bytes)
{
    if (change.bytes.isEmpty()) {
        if (oneIn(random, 2)) {
            apply(change, bytes);
        }
        return;
    }
    for (qsizetype at = 0; at < change.bytes.size();) {
        const auto inSector = (qsizetype(change.offset) + at) % SectorBytes;
        const auto piece = std::min(SectorBytes - inSector, change.bytes.size() - at);
        if (oneIn(random, 2)) {
            apply({change.offset + quint64(at), change.bytes.mid(at, piece)}, bytes);
        }
        at += piece;
    }
}

void FaultDisk::apply(const EntryChange &change, std::map<QByteArray, NodePtr> *entries)
{
    if (change.node != nullptr) {
        (*entries)[change.path] = change.node;
    } else {
        entries->erase(change.path);
    }
}

qint64 FaultDisk::usedBytes() const
{
    qint64 bytes = 0;
    for (const auto &[path, node] : m_entries) {
        bytes += node->bytes.size();
    }
    return bytes;
}

// What lay in a folder that was lost is lost. Folders come before what is in them.
void FaultDisk::dropOrphans(std::map<QByteArray, NodePtr> *entries) const
{
    std::erase_if(*entries, [&](const auto &entry) {
        const auto folder = folderOf(entry.first) + '/';
        return m_madeFolders.contains(folder) && !entries->contains(folder);
    });
}

// Counts the call and says how it ends.
DiskStatus FaultDisk::enter(DiskCall call, const Node *node)
{
    if (m_off || (node != nullptr && node->dead)) {
        return DiskStatus::IoError;
    }
    ++m_calls[call];
    if (!m_fault || !m_fault->calls.testFlag(call)) {
        return DiskStatus::Ok;
    }
    ++m_faultCalls;
    const bool hit =
        m_fault->forGood ? m_faultCalls >= m_fault->atCall : m_faultCalls == m_fault->atCall;
    if (!hit) {
        return DiskStatus::Ok;
    }
    m_off = m_fault->kind == DiskFault::PowerOff;
    return m_fault->kind == DiskFault::FullDisk ? DiskStatus::Full : DiskStatus::IoError;
}

// Makes safe what happened to the entries of a folder.
void FaultDisk::commitEntries(const QByteArray &folder)
{
    const auto isMeant = [&](const EntryChange &c) { return folderOf(c.path) == folder; };
    for (const auto &change : m_unsafeEntries) {
        if (isMeant(change)) {
            apply(change, &m_safeEntries);
        }
    }
    std::erase_if(m_unsafeEntries, isMeant);
}

} // namespace Postnook::Test
