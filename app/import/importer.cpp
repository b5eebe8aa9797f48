#include "app/import/importer.h"

#include "app/import/messagefile.h"

#include <algorithm>
#include <utility>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

// What one commit takes anyway (storage/store.h): more would only be more to do again.
constexpr qsizetype MaxBatchMessages = 100;
constexpr quint64 MaxBatchBytes = 8'388'608;
// What waits in the batches of all mailboxes: of Takeout each message goes to others.
constexpr quint64 MaxHeldBytes = 4 * MaxBatchBytes;

// Refusals that are about the messages sent; all others are about the server.
bool isAboutMessages(const ImportSession::Reply &reply)
{
    static const QByteArrayList codes{"", "CANNOT", "TOOBIG", "LIMIT"};
    return codes.contains(reply.code);
}

Error failureOf(const ImportSession::Reply &reply)
{
    const bool isFull = reply.code == "OVERQUOTA";
    return {isFull ? ErrorCode::OverQuota : ErrorCode::Unavailable,
            u"the server takes no more: %1"_s.arg(reply.text)};
}

} // namespace

Importer::Importer(ImportSession &session,
                   MailProgress &progress,
                   const std::atomic<bool> &stop,
                   ImportMode mode)
    : m_session(session)
    , m_progress(progress)
    , m_stop(stop)
    , m_mode(mode)
    , m_limits{session.maxRequestBytes()}
{
}

ImportReport Importer::run(const SourceFinder &found)
{
    m_report.skipped = found.skipped();
    qint64 totalBytes = 0;
    for (const FoundSource &source : found.sources()) {
        totalBytes += source.sizeBytes;
    }
    m_progress.begin(totalBytes);
    for (const FoundSource &source : found.sources()) {
        if (goesOn()) {
            importFrom(*source.open(m_limits));
            m_progress.endSource(source.sizeBytes);
        }
    }
    while (!m_batches.isEmpty()) {
        flush(m_batches.firstKey());
    }
    m_progress.end();
    return m_report;
}

void Importer::importFrom(MailSource &source)
{
    while (goesOn()) {
        auto item = source.next();
        if (!item) {
            break;
        }
        if (m_stop) {
            // What is in the batches goes in still.
            m_report.wasStopped = true;
            break;
        }
        take(std::move(*item));
        m_progress.show(source.bytesRead(), m_report.imported + m_report.known + m_heldMessages);
    }
}

void Importer::take(ImportItem item)
{
    if (item.skipReason.isEmpty()) {
        item.skipReason = whyNot(item);
        item.isMail = !item.bytes.isEmpty();
    }
    if (!item.skipReason.isEmpty()) {
        item.bytes.clear();
        m_report.skipped.append(std::move(item));
        return;
    }
    const MailboxName mailbox = item.mailbox;
    const auto size = static_cast<quint64>(item.bytes.size());
    const Batch &waiting = m_batches[mailbox];
    const bool fits = waiting.items.size() < MaxBatchMessages
        && waiting.sizeBytes + size <= std::min(MaxBatchBytes, m_limits.messageBytes);
    if (!fits) {
        flush(mailbox);
    }
    Batch &batch = m_batches[mailbox];
    batch.sizeBytes += size;
    batch.items.append(std::move(item));
    m_heldBytes += size;
    ++m_heldMessages;
    if (m_heldBytes > MaxHeldBytes) {
        flushLargest();
    }
}

// What no server takes by a plain APPEND.
QString Importer::whyNot(const ImportItem &item) const
{
    if (item.bytes.isEmpty()) {
        return u"it is empty"_s;
    }
    if (static_cast<quint64>(item.bytes.size()) > m_limits.messageBytes) {
        return tooLargeReason(m_limits);
    }
    return {};
}

void Importer::flush(const MailboxName &mailbox)
{
    Batch batch = m_batches.take(mailbox);
    m_heldBytes -= batch.sizeBytes;
    m_heldMessages -= batch.items.size();
    if (!m_report.failure) {
        dropKnown(&batch.items);
    }
    if (m_report.failure || batch.items.isEmpty()) {
        return;
    }
    if (m_mode == ImportMode::DryRun) {
        count(batch.items);
    } else {
        store(batch.items);
    }
}

void Importer::flushLargest()
{
    const auto largest =
        std::max_element(m_batches.begin(), m_batches.end(), [](const Batch &a, const Batch &b) {
            return a.sizeBytes < b.sizeBytes;
        });
    flush(MailboxName(largest.key()));
}

void Importer::dropKnown(QList<ImportItem> *items)
{
    if (items->isEmpty()) {
        return;
    }
    QByteArrayList keys;
    for (const ImportItem &item : std::as_const(*items)) {
        keys.append(item.key);
    }
    const auto known = m_session.knownKeys(keys);
    if (!known) {
        m_report.failure = known.error();
        return;
    }
    const QSet<QByteArray> set(known->begin(), known->end());
    m_report.known +=
        items->removeIf([&set](const ImportItem &item) { return set.contains(item.key); });
}

// What store() would do.
void Importer::count(const QList<ImportItem> &items)
{
    for (const ImportItem &item : items) {
        if (m_counted.contains(item.key)) {
            ++m_report.known;
            continue;
        }
        m_counted.insert(item.key);
        ++m_report.imported;
        auto &mailbox = m_report.mailboxes[item.mailbox];
        ++mailbox.messages;
        mailbox.sizeBytes += item.bytes.size();
    }
}

void Importer::store(const QList<ImportItem> &items)
{
    const MailboxName mailbox = items.first().mailbox;
    if (!m_prepared.contains(mailbox) && !prepareMailbox(mailbox)) {
        return;
    }
    auto reply = m_session.append(items);
    if (reply && reply->code == "TRYCREATE" && prepareMailbox(mailbox)) {
        reply = m_session.append(items); // it was deleted while we were at it
    }
    if (m_report.failure) {
        return;
    }
    if (!reply) {
        m_report.failure = reply.error();
    } else if (reply->isOk) {
        const qint64 stored = appendedCount(reply->code);
        m_report.imported += stored;
        m_report.known += items.size() - stored; // twice in this batch, or another import runs
    } else {
        onRefused(items, *reply);
    }
}

bool Importer::prepareMailbox(const MailboxName &name)
{
    const auto ready = m_session.ensureMailbox(name);
    if (!ready) {
        m_report.failure = ready.error();
        return false;
    }
    if (!ready->isOk) {
        m_report.failure = failureOf(*ready);
        return false;
    }
    m_prepared.insert(name);
    return true;
}

void Importer::onRefused(const QList<ImportItem> &items, const ImportSession::Reply &reply)
{
    if (!isAboutMessages(reply)) {
        m_report.failure = failureOf(reply);
        return;
    }
    if (items.size() == 1) {
        m_report.skipped.append(ImportItem::skipped(
            items.first().origin, u"the server refuses it: %1"_s.arg(reply.text)));
        return;
    }
    for (const ImportItem &item : items) {
        if (!m_report.failure) {
            store({item});
        }
    }
}

} // namespace Postnook
