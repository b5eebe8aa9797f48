#pragma once

#include "core/mailbox/purge.h"
#include "storage/store.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace Postnook
{

// How long messages may stay in a mailbox of a special use.
struct PurgeRule {
    SpecialUse use = SpecialUse::None;
    qint64 afterSeconds = 0; // since they came into it; 0: for ever

    friend bool operator==(const PurgeRule &, const PurgeRule &) = default;
};

// Empties Trash and Junk of what has been there for too long: in all accounts, at the start and
// every hour, in slices, each of which is a write like that of a client. Main thread.
class MailPurge : public QObject
{
    Q_OBJECT

public:
    // The storage outlives this. `nowUtc` gives seconds since 1970; empty: the system clock.
    explicit MailPurge(Storage &storage,
                       std::function<qint64()> nowUtc = {},
                       QObject *parent = nullptr);

    // Begins, goes on by other rules, or, where none has a time, ends.
    void setRules(const QList<PurgeRule> &rules);

Q_SIGNALS:
    void finished(); // a round over all accounts

private:
    void run();
    void nextAccount();
    void openAccount(const AccountRecord &account);
    void nextRule();
    void nextMailbox();
    void nextSlice();
    void sliceDone(const Result<qint64> &purged);
    void giveUpAccount(const Error &error);

    Storage &m_storage;
    const std::function<qint64()> m_nowUtc;
    QTimer m_timer;
    QList<PurgeRule> m_rules; // those with a time

    // Of the round that runs.
    bool m_isRunning = false;
    QList<AccountRecord> m_accounts; // still to come
    AccountRecord m_account;
    std::shared_ptr<MailStore> m_store; // of m_account; null: between two
    QList<PurgeRule> m_rulesLeft;
    PurgeRule m_rule;
    QList<OldMail> m_mailboxes; // still to come, of m_rule
    OldMail m_mail; // the mailbox, and what of it is still to come
    qint64 m_purged = 0; // of it
};

} // namespace Postnook
