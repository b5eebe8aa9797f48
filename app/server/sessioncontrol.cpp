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
    return {{{u"maxRequestSize"_s, static_cast<qint64>(m_maxRequestBytes)}},
            [imap = QPointer(&m_imap), account](std::unique_ptr<QLocalSocket> socket) {
                if (imap) {
                    imap->addPreauthenticated(std::make_unique<LocalTransport>(std::move(socket)),
                                              account);
                }
            }};
}

} // namespace Postnook
