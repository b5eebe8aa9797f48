#include "core/mailbox/metadata.h"

#include "core/mailbox/specialuse.h"

#include <algorithm>

namespace Postnook
{

namespace
{

constexpr auto AdminEntry = "/shared/admin";

bool isServer(const MailboxInfo &owner)
{
    return owner.id == ServerMetadata;
}

bool isSpecialUse(const MailboxInfo &owner, const QByteArray &entry)
{
    return !isServer(owner) && SpecialUseEntry.compare(entry, Qt::CaseInsensitive) == 0;
}

// nullopt: no use that a mailbox here can be given. RFC 6154 4: the attributes with spaces between
// them; a mailbox here has one at most.
std::optional<SpecialUse> readSpecialUse(const std::optional<QByteArray> &value)
{
    if (!value || value->isEmpty()) {
        return SpecialUse::None;
    }
    const auto use = specialUseNamed(*value);
    return use && isAssignable(*use) ? use : std::nullopt;
}

} // namespace

Result<MailboxInfo> metadataOwner(ReadTxn &txn, const MailboxName &name)
{
    if (name.utf8.isEmpty()) {
        MailboxInfo server;
        server.id = ServerMetadata;
        return server;
    }
    return txn.mailbox(name);
}

Result<QList<MetadataEntry>> metadataEntries(ReadTxn &txn, const MailboxInfo &owner)
{
    auto entries = txn.metadataEntries(owner.id);
    if (!entries || isServer(owner) || owner.specialUse == SpecialUse::None) {
        return entries;
    }
    const auto place =
        std::lower_bound(entries->begin(),
                         entries->end(),
                         SpecialUseEntry,
                         [](const MetadataEntry &entry, QByteArrayView name) {
                             return entry.name.compare(name, Qt::CaseInsensitive) < 0;
                         });
    const auto size = specialUseAttribute(owner.specialUse).size();
    entries->insert(place, {SpecialUseEntry.toByteArray(), static_cast<quint64>(size)});
    return entries;
}

Result<std::optional<QByteArray>>
metadataValue(ReadTxn &txn, const MailboxInfo &owner, const QByteArray &entry)
{
    if (!isSpecialUse(owner, entry)) {
        return txn.metadata(owner.id, entry);
    }
    if (owner.specialUse == SpecialUse::None) {
        return std::optional<QByteArray>();
    }
    return std::optional(specialUseAttribute(owner.specialUse));
}

Result<void> setMetadataValue(WriteTxn &txn,
                              const MailboxInfo &owner,
                              const QByteArray &entry,
                              const std::optional<QByteArray> &value)
{
    if (isServer(owner) && entry.compare(AdminEntry, Qt::CaseInsensitive) == 0) {
        return Error{ErrorCode::NotPermitted, QStringLiteral("This entry is read-only")};
    }
    if (!isSpecialUse(owner, entry)) {
        return txn.setMetadata(owner.id, entry, value);
    }
    const auto use = readSpecialUse(value);
    const bool isInbox = owner.name == MailboxName("INBOX"); // it has its use by its name
    if (!use || (isInbox && *use != SpecialUse::None)) {
        return Error{ErrorCode::Invalid, QStringLiteral("The mailbox cannot have that use")};
    }
    return txn.setSpecialUse(owner.id, *use);
}

} // namespace Postnook
