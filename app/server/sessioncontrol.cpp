#include "app/server/sessioncontrol.h"

#include "app/control/accountcontrol.h"
#include "app/server/localtransport.h"
#include "core/session/imapservice.h"

#include <QJsonObject>
#include <QLocalSocket>
#include <QPointer>

namespace Postnook
{

using namespace Qt::StringLiterals;

SessionControl::SessionControl(Storage &storage,
                               ImapService &imap,
                               quint64 maxRequestBytes,
                               QObject *parent)
    : QObject(parent)
    , m_storage(storage)
    , m_imap(imap)
    , m_maxRequestBytes(maxRequestBytes)
{
}

void SessionControl::addTo(ControlHandlers *handlers)
{
    handlers->addHandover(u"imap"_s,
                          [this](const auto &request, const auto &done) { open(request, done); });
}

void SessionControl::open(const QJsonObject &request, const HandoverDone &done)
{
    const auto name = accountName(request.value("account"_L1).toString());
    if (!name) {
        return done(name.error());
    }
    m_storage.account(*name).then(
        this, [this, name = *name, done](const Result<AccountRecord> &account) {
            const bool isUnknown =
                account ? account->removed : account.error().code == ErrorCode::NotFound;
            if (isUnknown) {
                return done(Error{ErrorCode::NotFound, u"there is no account '%1'"_s.arg(name)});
            }
            done(account.transform(
                [this](const AccountRecord &record) { return handoverTo(record); }));
        });
}

ControlHandover SessionControl::handoverTo(const AccountRecord &account)
{
    return {{{u"maxRequestSize"_s, static_cast<qint64>(m_maxRequestBytes)}},
            [imap = QPointer(&m_imap), account](std::unique_ptr<QLocalSocket> socket) {
                if (imap) {
                    imap->addPreauthenticated(std::make_unique<LocalTransport>(std::move(socket)),
                                              account);
                }
            }};
}

} // namespace Postnook
