#include "app/import/mailaccounts.h"

#include <algorithm>

namespace Postnook
{

namespace
{

qsizetype countWithMail(const QList<MailAccount> &accounts, MailAccount::Kind kind)
{
    return std::count_if(accounts.begin(), accounts.end(), [kind](const MailAccount &account) {
        return account.kind == kind && account.hasMail();
    });
}

void add(SourceFinder &finder, const QStringList &levels, const MailAccount &account)
{
    for (const MailAccount::Mailbox &mailbox : account.mailboxes) {
        if (mailbox.sizeBytes == 0) {
            continue;
        }
        if (const auto name = finder.usualMailboxFor(mailbox.path, levels + mailbox.levels)) {
            finder.addSource({mailbox.sizeBytes,
                              [open = mailbox.open, name = *name](const ImportLimits &limits) {
                                  return open(name, limits);
                              }});
        }
    }
}

} // namespace

bool MailAccount::hasMail() const
{
    return std::any_of(mailboxes.begin(), mailboxes.end(), [](const Mailbox &mailbox) {
        return mailbox.sizeBytes > 0;
    });
}

void addAccounts(SourceFinder &finder,
                 const QStringList &levels,
                 const QList<MailAccount> &accounts)
{
    const auto remote = countWithMail(accounts, MailAccount::Kind::Remote);
    const auto topKind = remote == 0 ? MailAccount::Kind::Local : MailAccount::Kind::Remote;
    const bool hasTop = countWithMail(accounts, topKind) == 1;
    for (const MailAccount &account : accounts) {
        const bool isTop = hasTop && account.kind == topKind;
        add(finder, isTop ? levels : levels + QStringList{account.name}, account);
    }
}

} // namespace Postnook
