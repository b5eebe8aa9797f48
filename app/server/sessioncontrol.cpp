#include "app/server/sessioncontrol.h"

#include "app/control/knownaccount.h"
#include "app/server/localtransport.h"
#include "core/session/imapservice.h"

#include <QJsonObject>
#include <QLocalSocket>
#include <QPointer>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

// What the mail program shows its user.
constexpr auto KickReason = "The connection was ended on the server, by hand";

QJsonObject toJson(const SessionInfo &info)
{
    return {{u"number"_s, static_cast<qint64>(info.number)},
            {u"account"_s, info.account},
            {u"client"_s, info.client},
            {u"clientName"_s, info.clientName},
            {u"address"_s, info.address},
            {u"isLocalCommand"_s, info.isLocalCommand},
            {u"tls"_s, info.tls},
            {u"cipher"_s, info.cipher},
            {u"since"_s, info.sinceUtc},
            {u"command"_s, QString::fromLatin1(info.command)},
            {u"mailbox"_s, info.mailbox}};
}

} // namespace

QJsonArray sessionsToJson(const QList<SessionInfo> &sessions)
{
    QJsonArray array;
    for (const SessionInfo &info : sessions) {
        array.append(toJson(info));
    }
    return array;
}

SessionControl::SessionControl(Storage &storage, ImapService &imap, QObject *parent)
    : QObject(parent)
    , m_storage(storage)
    , m_imap(imap)
{
}

void SessionControl::addTo(ControlHandlers *handlers)
{
    handlers->addHandover(u"imap"_s,
                          [this](const auto &request, const auto &done) { open(request, done); });
    handlers->add(u"sessions.list"_s, [this](const auto &, const auto &done) {
        done(QJsonObject{{u"sessions"_s, sessionsToJson(m_imap.sessions())}});
    });
    handlers->add(u"sessions.kick"_s,
                  [this](const auto &request, const auto &done) { kick(request, done); });
}

void SessionControl::kick(const QJsonObject &request, const ControlDone &done)
{
    const QString who = request.value("who"_L1).toString();
    bool isNumber = false;
    const quint64 number = who.toULongLong(&isNumber);
    if (isNumber && m_imap.kick(number, KickReason) > 0) {
        return done(QJsonObject{{u"ended"_s, 1}});
    }
    findAccount(
        m_storage,
        who,
        RemovedAccounts::Shown, // what is left of its sessions
        this,
        [this, isNumber, who, done](const Result<AccountRecord> &account) {
            if (account) {
                const int ended = m_imap.kick(account->id, KickReason);
                return done(QJsonObject{{u"ended"_s, ended}, {u"account"_s, account->name}});
            }
            const bool isNobody = isNumber && account.error().code == ErrorCode::NotFound;
            done(isNobody ? Error{ErrorCode::NotFound, u"there is no session %1"_s.arg(who)}
                          : account.error());
        });
}

void SessionControl::open(const QJsonObject &request, const HandoverDone &done)
{
    findAccount(m_storage,
                request.value("account"_L1).toString(),
                RemovedAccounts::Hidden,
                this,
                [this, done](const Result<AccountRecord> &account) {
                    done(account.transform(
                        [this](const AccountRecord &record) { return handoverTo(record); }));
                });
}

ControlHandover SessionControl::handoverTo(const AccountRecord &account)
{
    return {{{u"maxRequestSize"_s, static_cast<qint64>(m_imap.options().maxRequestSize)}},
            [imap = QPointer(&m_imap), account](std::unique_ptr<QLocalSocket> socket) {
                if (imap) {
                    imap->addPreauthenticated(std::make_unique<LocalTransport>(std::move(socket)),
                                              account);
                }
            }};
}

} // namespace Postnook
