#include "app/server/mailpurge.h"

#include "app/server/netlog.h"
#include "app/settings/settingvalues.h"

#include <QDateTime>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace Postnook
{

namespace
{

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

constexpr std::chrono::milliseconds Interval = 1h;
constexpr qsizetype MessagesPerSlice = 200; // some milliseconds of the account's writer
constexpr qint64 MsPerSecond = 1000;

} // namespace

MailPurge::MailPurge(Storage &storage, std::function<qint64()> nowUtc, QObject *parent)
    : QObject(parent)
    , m_storage(storage)
    , m_nowUtc(nowUtc ? std::move(nowUtc) : [] { return QDateTime::currentSecsSinceEpoch(); })
{
    m_timer.setTimerType(Qt::VeryCoarseTimer);
    m_timer.setInterval(Interval);
    connect(&m_timer, &QTimer::timeout, this, &MailPurge::run);
}

void MailPurge::setRules(const QList<PurgeRule> &rules)
{
    m_rules.clear();
    std::copy_if(rules.begin(), rules.end(), std::back_inserter(m_rules), [](const auto &rule) {
        return rule.afterSeconds > 0;
    });
    if (m_rules.isEmpty()) {
        m_timer.stop();
        return;
    }
    m_timer.start();
    run();
}

void MailPurge::run()
{
    if (std::exchange(m_isRunning, true)) {
        return;
    }
    m_storage.accounts().then(this, [this](const Result<QList<AccountRecord>> &accounts) {
        if (!accounts) {
            qCWarning(lcNet).noquote() << u"not purged: %1"_s.arg(accounts.error().text);
        }
        m_accounts = accounts.value_or(QList<AccountRecord>());
        nextAccount();
    });
}

void MailPurge::nextAccount()
{
    m_store.reset();
    while (!m_accounts.isEmpty() && m_accounts.first().removed) {
        m_accounts.removeFirst();
    }
    if (m_accounts.isEmpty()) {
        m_isRunning = false;
        Q_EMIT finished();
        return;
    }
    openAccount(m_accounts.takeFirst());
}

void MailPurge::openAccount(const AccountRecord &account)
{
    m_account = account;
    m_rulesLeft = m_rules;
    m_storage.mailStore(account.id)
        .then(this, [this](const Result<std::shared_ptr<MailStore>> &store) {
            if (!store) {
                return giveUpAccount(store.error());
            }
            m_store = *store;
            nextRule();
        });
}

void MailPurge::nextRule()
{
    if (m_rulesLeft.isEmpty()) {
        return nextAccount();
    }
    m_rule = m_rulesLeft.takeFirst();
    const qint64 until = m_nowUtc() - m_rule.afterSeconds;
    m_store
        ->read([use = m_rule.use, until](ReadTxn &txn) { return findOldMail(txn, use, until); },
               {JobClass::Background, {}})
        .then(this, [this](const Result<QList<OldMail>> &found) {
            if (!found) {
                return giveUpAccount(found.error());
            }
            m_mailboxes = *found;
            nextMailbox();
        });
}

void MailPurge::nextMailbox()
{
    if (m_mailboxes.isEmpty()) {
        return nextRule();
    }
    m_mail = m_mailboxes.takeFirst();
    m_purged = 0;
    nextSlice();
}

void MailPurge::nextSlice()
{
    OldMail slice = m_mail;
    slice.uids = m_mail.uids.first(std::min(MessagesPerSlice, m_mail.uids.size()));
    m_mail.uids.remove(0, slice.uids.size());
    m_store->write([slice](WriteTxn &txn) { return purgeOldMail(txn, slice); })
        .then(this, [this](const Result<qint64> &purged) { sliceDone(purged); });
}

void MailPurge::sliceDone(const Result<qint64> &purged)
{
    m_purged += purged.value_or(0);
    if (purged && !m_mail.uids.isEmpty()) {
        return nextSlice();
    }
    if (m_purged > 0) {
        qCInfo(lcNet).noquote()
            << u"purged %1 messages from %2 of %3: older there than %4"_s.arg(m_purged).arg(
                   QString::fromUtf8(m_mail.name.utf8),
                   m_account.name,
                   durationText(m_rule.afterSeconds * MsPerSecond));
    }
    purged ? nextMailbox() : giveUpAccount(purged.error());
}

void MailPurge::giveUpAccount(const Error &error)
{
    qCWarning(lcNet).noquote() << u"not purged: mail of %1: %2"_s.arg(m_account.name, error.text);
    nextAccount();
}

} // namespace Postnook
