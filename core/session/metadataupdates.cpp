#include "core/session/metadataupdates.h"

#include "core/mailbox/account.h"
#include "core/wire/responsewriter.h"

#include <utility>

namespace Postnook
{

namespace
{

// At the longest names about a megabyte, which only a client that never asks lets grow.
constexpr qsizetype MaxPending = 1000;

} // namespace

MetadataUpdates::MetadataUpdates(Account &account, quint64 origin, std::function<void()> onChanged)
    : m_origin(origin)
    , m_onChanged(std::move(onChanged))
{
    connect(&account, &Account::committed, this, &MetadataUpdates::note);
}

void MetadataUpdates::note(const CommitNotice &notice)
{
    for (const NameEvent &event : notice.names) {
        noteName(event);
    }
    noteChange(notice.metadata);
}

// What waits goes along with its mailbox, and with those below it.
void MetadataUpdates::noteName(const NameEvent &event)
{
    if (event.kind == NameEvent::Kind::Deleted) {
        m_count -= m_pending.take(event.name).size();
    }
    // INBOX stays when it is renamed, and so do its children (RFC 9051 6.3.6).
    if (event.kind != NameEvent::Kind::Renamed || event.oldName.utf8 == "INBOX") {
        return;
    }
    const QByteArray &old = event.oldName.utf8;
    const auto pending = std::exchange(m_pending, {});
    for (auto it = pending.cbegin(); it != pending.cend(); ++it) {
        const QByteArray &name = it.key().utf8;
        const bool isMoved = name == old || name.startsWith(old + HierarchySeparator);
        m_pending.insert(isMoved ? MailboxName(event.name.utf8 + name.sliced(old.size()))
                                 : it.key(),
                         it.value());
    }
}

void MetadataUpdates::noteChange(const MetadataChange &change)
{
    if (change.entries.isEmpty() || m_isOverflowing || change.origin == m_origin) {
        return;
    }
    QByteArrayList &entries = m_pending[change.mailbox];
    for (const QByteArray &entry : change.entries) {
        if (!entries.contains(entry)) {
            entries.append(entry);
            ++m_count;
        }
    }
    if (m_count > MaxPending) {
        m_isOverflowing = true;
        m_pending.clear();
    }
    m_onChanged();
}

void MetadataUpdates::write(QByteArray &out, NameCoding coding)
{
    m_count = 0;
    const auto pending = std::exchange(m_pending, {});
    for (auto it = pending.cbegin(); it != pending.cend(); ++it) {
        writeChangedEntries(out, it.key(), it.value(), coding);
    }
}

void writeChangedEntries(QByteArray &out,
                         const MailboxName &mailbox,
                         const QByteArrayList &entries,
                         NameCoding coding)
{
    ResponseWriter writer(out);
    writer.raw("* METADATA ").mailbox(mailbox, coding);
    for (const QByteArray &entry : entries) {
        writer.space().astring(entry);
    }
    writer.crlf();
}

} // namespace Postnook
