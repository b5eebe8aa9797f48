#include "app/mirror/mirrorstore.h"

#include "storage/store.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr auto Root = "/private/vendor/postnook/mirror";
constexpr auto About = "about"; // whose copy it is
constexpr auto StatePart = "state"; // and a number: one value holds 64 KiB
constexpr qsizetype MaxPartBytes = MaxMetadataValueBytes - 1024;
constexpr qsizetype IdDigits = 32; // 128 bits: no two mailboxes of a person share them

QByteArray aboutJson(const RemoteIdentity &remote, const MirrorCopy &copy)
{
    return QJsonDocument(QJsonObject{{u"host"_s, remote.host},
                                     {u"user"_s, remote.user},
                                     {u"mailbox"_s, QString::fromLatin1(copy.mailbox.toHex())},
                                     {u"name"_s, copy.mailboxName}})
        .toJson(QJsonDocument::Compact);
}

} // namespace

QByteArray RemoteIdentity::account() const
{
    return host.toLower().toUtf8() + '\n' + user.toUtf8();
}

QByteArray RemoteIdentity::idOf(const QByteArray &mailbox) const
{
    const auto hash =
        QCryptographicHash::hash(account() + '\n' + mailbox, QCryptographicHash::Sha256);
    return hash.toHex().first(IdDigits);
}

QByteArray MirrorStore::entry(const MirrorCopy &copy, const QByteArray &name) const
{
    return QByteArray(Root) + '/' + copy.id + (name.isEmpty() ? "" : "/") + name;
}

Result<QList<MirrorCopy>> MirrorStore::copies(const QList<LocalAccount::Mailbox> &mailboxes)
{
    QList<MirrorCopy> copies;
    for (const LocalAccount::Mailbox &mailbox : mailboxes) {
        const auto entries = m_account.metadata(mailbox.name, Root, MetadataSize::Small);
        if (!entries) {
            return entries.error();
        }
        for (const auto &[name, value] : *entries) {
            if (!name.endsWith(QByteArray("/") + About)) {
                continue;
            }
            const auto about = QJsonDocument::fromJson(value).object();
            const auto wire = QByteArray::fromHex(about.value("mailbox"_L1).toString().toLatin1());
            const QByteArray id = m_remote.idOf(wire);
            if (name == entry({{}, id, {}, {}}, About)) { // else it is of another remote account
                copies.append({mailbox.name, id, wire, about.value("name"_L1).toString()});
            }
        }
    }
    return copies;
}

Result<QList<QByteArray>> MirrorStore::parts(const MirrorCopy &copy)
{
    const auto entries = m_account.metadata(copy.local, entry(copy, {}), MetadataSize::Any);
    if (!entries) {
        return entries.error();
    }
    QMap<int, QByteArray> numbered;
    const QByteArray prefix = entry(copy, StatePart);
    for (const auto &[name, value] : *entries) {
        if (name.startsWith(prefix)) {
            numbered.insert(name.sliced(prefix.size()).toInt(), value);
        }
    }
    return numbered.values();
}

Result<MirrorState> MirrorStore::load(const MirrorCopy &copy)
{
    return parts(copy).transform([this, &copy](const QList<QByteArray> &values) {
        m_partCounts[copy.id] = values.size();
        return decodeMirrorState(QByteArrayList(values).join()).value_or(MirrorState());
    });
}

Result<void> MirrorStore::save(const MirrorCopy &copy, const MirrorState &state)
{
    const QByteArray text = encodeMirrorState(state);
    QList<std::pair<QByteArray, QByteArray>> values{
        {entry(copy, About), aboutJson(m_remote, copy)}};
    qsizetype count = 0;
    for (qsizetype from = 0; from < text.size(); from += MaxPartBytes) {
        values.append(
            {entry(copy, StatePart + QByteArray::number(count)), text.mid(from, MaxPartBytes)});
        ++count;
    }
    for (qsizetype old = count; old < m_partCounts.value(copy.id); ++old) {
        values.append({entry(copy, StatePart + QByteArray::number(old)), {}});
    }
    auto saved = m_account.setMetadata(copy.local, values);
    if (saved) {
        m_partCounts[copy.id] = count;
    }
    return saved;
}

Result<void> MirrorStore::forget(const MirrorCopy &copy)
{
    const auto values = parts(copy);
    if (!values) {
        return values.error();
    }
    QList<std::pair<QByteArray, QByteArray>> gone{{entry(copy, About), {}}};
    for (qsizetype number = 0; number < values->size(); ++number) {
        gone.append({entry(copy, StatePart + QByteArray::number(number)), {}});
    }
    return m_account.setMetadata(copy.local, gone);
}

} // namespace Postnook
