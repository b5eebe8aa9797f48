#include "app/mirror/remotemailboxes.h"

#include "core/mailbox/specialuse.h"
#include "core/wire/mailboxnames.h"

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr auto MaxNumbered = 1000; // mailboxes that want the same name

bool isInbox(const QByteArray &wireName)
{
    return wireName.compare("INBOX", Qt::CaseInsensitive) == 0;
}

// "INBOX." of servers that have all mailboxes below INBOX. INBOX itself is no prefix.
QByteArray withoutPrefix(const QByteArray &wireName, const QByteArrayList &prefixes)
{
    for (const QByteArray &prefix : prefixes) {
        if (!prefix.isEmpty() && wireName.size() > prefix.size() && wireName.startsWith(prefix)) {
            return wireName.sliced(prefix.size());
        }
    }
    return wireName;
}

QString decodedLevel(const QByteArray &level)
{
    const auto decoded = decodeModifiedUtf7(level);
    return decoded ? QString::fromUtf8(*decoded) : QString::fromLatin1(level);
}

QStringList levelsOf(const QByteArray &name, char separator)
{
    QStringList levels;
    const auto parts = separator == '\0' ? QByteArrayList{name} : name.split(separator);
    for (const QByteArray &part : parts) {
        levels.append(decodedLevel(part));
    }
    while (levels.size() > 1 && levels.last().isEmpty()) {
        levels.removeLast(); // "a/" is a folder's own name
    }
    if (levels.first().compare("INBOX"_L1, Qt::CaseInsensitive) == 0) {
        levels.first() = u"INBOX"_s;
    }
    return levels;
}

bool isOthers(const ListData &data, const NamespaceData &namespaces)
{
    return std::any_of(
        namespaces.others.begin(), namespaces.others.end(), [&data](const QByteArray &prefix) {
            return !prefix.isEmpty() && data.name.startsWith(prefix);
        });
}

SpecialUse useOf(const ListData &data)
{
    for (const QByteArray &attribute : data.attributes) {
        const auto use = specialUseNamed(attribute);
        if (use && isAssignable(*use)) {
            return *use;
        }
    }
    return SpecialUse::None;
}

bool matchesAny(const QStringList &patterns, const QString &name)
{
    return std::any_of(patterns.begin(), patterns.end(), [&name](const QString &pattern) {
        return matchesListPattern(pattern.toUtf8(), name.toUtf8());
    });
}

} // namespace

bool MailboxChoice::takes(const RemoteMailbox &mailbox) const
{
    const QString name = mailbox.name();
    return (wanted.isEmpty() || matchesAny(wanted, name)) && !matchesAny(unwanted, name);
}

QList<RemoteMailbox> remoteMailboxes(const QList<ListData> &listed,
                                     const QList<ListData> &subscribed,
                                     const NamespaceData &namespaces)
{
    QSet<QByteArray> subscribedNames;
    for (const ListData &data : subscribed) {
        subscribedNames.insert(data.name);
    }
    QSet<QByteArray> seen;
    QList<RemoteMailbox> mailboxes;
    for (const ListData &data : listed) {
        const bool canOpen = !data.has("\\noselect") && !data.has("\\nonexistent");
        if (!canOpen || data.name.isEmpty() || isOthers(data, namespaces)
            || seen.contains(data.name)) {
            continue;
        }
        seen.insert(data.name);
        const QByteArray name = isInbox(data.name) ? QByteArray("INBOX")
                                                   : withoutPrefix(data.name, namespaces.personal);
        mailboxes.append({data.name,
                          levelsOf(name, data.separator),
                          useOf(data),
                          data.has("\\subscribed") || subscribedNames.contains(data.name)});
    }
    std::sort(mailboxes.begin(), mailboxes.end(), [](const auto &a, const auto &b) {
        const bool isFirst = isInbox(a.wireName);
        return isFirst != isInbox(b.wireName) ? isFirst : a.levels < b.levels;
    });
    return mailboxes;
}

CopyNames::CopyNames(const MailboxNaming &naming,
                     const QHash<SpecialUse, MailboxName> &holders,
                     const QList<MailboxName> &taken)
    : m_naming(naming)
    , m_holders(naming.hasRoot() ? QHash<SpecialUse, MailboxName>() : holders)
    , m_taken(taken.begin(), taken.end())
{
}

Result<MailboxName> CopyNames::nameFor(const RemoteMailbox &mailbox)
{
    const auto holder = m_holders.find(mailbox.use);
    if (holder != m_holders.end() && !m_taken.contains(*holder)) {
        m_taken.insert(*holder);
        return *holder;
    }
    auto name = m_naming.nameFor(mailbox.levels);
    for (int number = 2; name && m_taken.contains(*name) && number < MaxNumbered; ++number) {
        QStringList levels = mailbox.levels;
        levels.last() += u" %1"_s.arg(number);
        name = m_naming.nameFor(levels);
    }
    if (name) {
        m_taken.insert(*name);
    }
    return name;
}

} // namespace Postnook
