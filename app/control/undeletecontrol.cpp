#include "app/control/undeletecontrol.h"

#include "app/control/knownaccount.h"
#include "core/mailbox/undelete.h"
#include "core/wire/mailboxnames.h"

#include <QJsonArray>
#include <QJsonObject>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr qsizetype MaxTextChars = 200; // of From and Subject each; a line of a list

Result<MailboxName> mailboxFrom(const QJsonValue &value)
{
    const auto text = value.toString();
    auto name = decodeMailboxName(text.toUtf8(), NameCoding::Utf8);
    return name ? name
                : Error{ErrorCode::Invalid,
                        u"'%1' cannot be the name of a mailbox: %2"_s.arg(text, name.error().text)};
}

Result<RemovedQuery> queryFrom(const QJsonObject &request)
{
    RemovedQuery query;
    if (request.contains("after"_L1)) {
        const auto after = request.value("after"_L1).toObject();
        query.afterRemovedAtUtc = after.value("removed"_L1).toInteger();
        query.afterMailbox = MailboxId(static_cast<quint32>(after.value("id"_L1).toInteger()));
        query.afterUid = Uid(static_cast<quint32>(after.value("uid"_L1).toInteger()));
    }
    query.sinceUtc = request.value("since"_L1).toInteger(query.sinceUtc);
    if (request.contains("mailbox"_L1)) {
        auto name = mailboxFrom(request.value("mailbox"_L1));
        if (!name) {
            return name.error();
        }
        query.mailbox = std::move(*name);
    }
    return query;
}

QJsonObject jsonFor(const RemovedPage::Entry &entry)
{
    const auto &message = entry.message;
    return {{u"removed"_s, message.removedAtUtc},
            {u"id"_s, static_cast<qint64>(message.mailbox.value)},
            {u"mailbox"_s, QString::fromUtf8(message.mailboxName.utf8)},
            {u"isMailboxDeleted"_s, message.isMailboxDeleted},
            {u"use"_s, static_cast<int>(message.mailboxUse)},
            {u"uid"_s, static_cast<qint64>(message.uid.value)},
            {u"date"_s, message.internalDate.secondsUtc},
            {u"from"_s, entry.from.left(MaxTextChars)},
            {u"subject"_s, entry.subject.left(MaxTextChars)},
            {u"size"_s, static_cast<qint64>(message.sizeBytes)},
            {u"hasCopy"_s, message.hasCopy}};
}

QJsonObject replyAboutPage(const RemovedPage &page)
{
    QJsonArray messages;
    for (const auto &entry : page.entries) {
        messages.append(jsonFor(entry));
    }
    const QJsonObject after{{u"removed"_s, page.next.afterRemovedAtUtc},
                            {u"id"_s, static_cast<qint64>(page.next.afterMailbox.value)},
                            {u"uid"_s, static_cast<qint64>(page.next.afterUid.value)}};
    return {{u"messages"_s, messages}, {u"after"_s, after}, {u"isLast"_s, page.isLast}};
}

Result<Restoration> restorationFrom(const QJsonObject &request)
{
    auto name = mailboxFrom(request.value("to"_L1));
    if (!name) {
        return name.error();
    }
    Restoration restoration{MailboxId(static_cast<quint32>(request.value("id"_L1).toInteger())),
                            {},
                            std::move(*name),
                            request.value("isMoving"_L1).toBool(),
                            static_cast<SpecialUse>(request.value("use"_L1).toInt())};
    const auto uids = request.value("uids"_L1).toArray();
    for (const auto &uid : uids) {
        restoration.uids.append(Uid(static_cast<quint32>(uid.toInteger())));
    }
    return restoration;
}

} // namespace

UndeleteControl::UndeleteControl(Storage &storage, QObject *parent)
    : QObject(parent)
    , m_storage(storage)
{
}

void UndeleteControl::addTo(ControlHandlers *handlers)
{
    handlers->add(u"undelete.list"_s,
                  [this](const auto &request, const auto &done) { list(request, done); });
    handlers->add(u"undelete.restore"_s,
                  [this](const auto &request, const auto &done) { restore(request, done); });
}

void UndeleteControl::withStore(const QJsonObject &request,
                                const ControlDone &done,
                                const Work &work)
{
    openMail(m_storage,
             request.value("name"_L1).toString(),
             this,
             [done, work](const Result<std::shared_ptr<MailStore>> &store) {
                 store ? work(*store) : done(store.error());
             });
}

// Continuations hold the store.
void UndeleteControl::list(const QJsonObject &request, const ControlDone &done)
{
    const auto query = queryFrom(request);
    if (!query) {
        return done(query.error());
    }
    const auto text = request.value("text"_L1).toString();
    withStore(request, done, [=, this, query = *query](const auto &store) {
        store->read([query, text](ReadTxn &txn) { return findRemoved(txn, query, text); })
            .then(this, [store, done](const Result<RemovedPage> &page) {
                done(page.transform(replyAboutPage));
            });
    });
}

void UndeleteControl::restore(const QJsonObject &request, const ControlDone &done)
{
    const auto restoration = restorationFrom(request);
    if (!restoration) {
        return done(restoration.error());
    }
    withStore(request, done, [=, this, wanted = *restoration](const auto &store) {
        store->write([wanted](WriteTxn &txn) { return restoreRemoved(txn, wanted); })
            .then(this, [store, done](const Result<Restored> &restored) {
                done(restored.transform([](const Restored &back) {
                    return QJsonObject{{u"messages"_s, back.messages},
                                       {u"mailbox"_s, QString::fromUtf8(back.mailbox.utf8)}};
                }));
            });
    });
}

} // namespace Postnook
