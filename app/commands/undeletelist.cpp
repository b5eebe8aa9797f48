#include "app/commands/undeletelist.h"

#include "app/settings/settingvalues.h"
#include "app/terminal/visibletext.h"

#include <algorithm>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QString localTime(qint64 secondsUtc)
{
    return QDateTime::fromSecsSinceEpoch(secondsUtc).toString(u"yyyy-MM-dd HH:mm"_s);
}

} // namespace

RemovedItem removedItemFrom(const QJsonObject &message)
{
    return {message.value("id"_L1).toInteger(),
            message.value("mailbox"_L1).toString(),
            message.value("isMailboxDeleted"_L1).toBool(),
            message.value("use"_L1).toInt(),
            static_cast<quint32>(message.value("uid"_L1).toInteger()),
            message.value("removed"_L1).toInteger(),
            message.value("date"_L1).toInteger(),
            message.value("from"_L1).toString(),
            message.value("subject"_L1).toString(),
            message.value("hasCopy"_L1).toBool()};
}

void RemovedList::add(const RemovedItem &item)
{
    auto &mailbox = m_mailboxes[item.mailbox];
    mailbox.id = item.mailbox;
    mailbox.name = item.mailboxName;
    mailbox.isDeleted = item.isMailboxDeleted;
    mailbox.use = item.mailboxUse;
    mailbox.uids.append(item.uid);
    ++m_size;
    m_copies += item.hasCopy ? 1 : 0;
}

QList<RemovedMailbox> RemovedList::mailboxes() const
{
    auto mailboxes = m_mailboxes.values();
    for (RemovedMailbox &mailbox : mailboxes) {
        std::sort(mailbox.uids.begin(), mailbox.uids.end());
    }
    std::stable_sort(mailboxes.begin(), mailboxes.end(), [](const auto &a, const auto &b) {
        return a.name < b.name;
    });
    return mailboxes;
}

QString lineFor(const RemovedItem &item)
{
    QStringList notes;
    if (item.isMailboxDeleted) {
        notes += u"mailbox deleted"_s;
    }
    if (item.hasCopy) {
        notes += u"copy"_s;
    }
    const QStringList columns{localTime(item.removedAtUtc),
                              visible(item.mailboxName),
                              localTime(item.dateUtc),
                              visible(item.from),
                              visible(item.subject),
                              notes.join(u", "_s)};
    return columns.join(u'\t');
}

QString lineFor(const RemovedMailbox &mailbox)
{
    return u"%1\t%2\t%3"_s.arg(mailbox.uids.size())
        .arg(visible(mailbox.name), mailbox.isDeleted ? u"mailbox deleted"_s : QString());
}

QString lineForRestored(const QString &mailbox, qint64 messages)
{
    const auto form =
        messages == 1 ? u"%1 message is back in %2"_s : u"%1 messages are back in %2"_s;
    return form.arg(messages).arg(visible(mailbox));
}

std::optional<qint64> momentFrom(const QString &text, const QDateTime &now)
{
    constexpr qint64 MsPerSecond = 1000;
    if (const auto ago = parseDuration(text)) {
        return now.toSecsSinceEpoch() - *ago / MsPerSecond;
    }
    for (const auto &form : {u"yyyy-MM-dd"_s, u"yyyy-MM-dd HH:mm"_s, u"yyyy-MM-ddTHH:mm"_s}) {
        if (const auto moment = QDateTime::fromString(text, form); moment.isValid()) {
            return moment.toSecsSinceEpoch();
        }
    }
    return std::nullopt;
}

} // namespace Postnook
