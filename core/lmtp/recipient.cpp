#include "core/lmtp/recipient.h"

#include "core/auth/saslprep.h"

#include <algorithm>

namespace Postnook
{

namespace
{

constexpr auto DetailSeparator = '+'; // RFC 5233 2

struct Candidate {
    QString account;
    QByteArray detail;
};

QList<Candidate> candidatesFor(const MailPath &path)
{
    QList<Candidate> candidates;
    const auto add = [&candidates, &path](const QByteArray &localPart, const QByteArray &detail) {
        for (const QByteArray &name : {localPart + '@' + path.domain, localPart}) {
            const auto account = Auth::saslPrep(QString::fromUtf8(name));
            if (account) {
                candidates.append({*account, detail});
            }
        }
    };
    add(path.localPart, {});
    const qsizetype separator = path.localPart.indexOf(DetailSeparator);
    if (separator > 0) {
        add(path.localPart.first(separator), path.localPart.sliced(separator + 1));
    }
    return candidates;
}

Result<MailboxInfo> mailboxFor(ReadTxn &txn, const QByteArray &detail)
{
    const auto mailboxes = detail.isEmpty() ? QList<ListedMailbox>() : txn.mailboxes();
    if (!mailboxes) {
        return mailboxes.error();
    }
    const QString wanted = Auth::foldName(QString::fromUtf8(detail));
    std::optional<MailboxInfo> similar;
    for (const ListedMailbox &mailbox : *mailboxes) {
        const QByteArray &name = mailbox.info.name.utf8;
        if (name == detail) {
            return mailbox.info;
        }
        if (!similar && Auth::foldName(QString::fromUtf8(name)) == wanted) {
            similar = mailbox.info;
        }
    }
    return similar ? Result<MailboxInfo>(*similar) : txn.mailbox(MailboxName("INBOX"));
}

class Finder
{
public:
    using Found = std::function<void(const Result<Recipient> &)>;

    Finder(Storage &storage, QObject *context, Found found)
        : m_storage(storage)
        , m_context(context)
        , m_found(std::move(found))
    {
    }

    void tryAll(QList<Candidate> candidates) const
    {
        if (candidates.isEmpty()) {
            return m_found(Error{ErrorCode::NotFound, QStringLiteral("there is no such account")});
        }
        const Candidate candidate = candidates.takeFirst();
        m_storage.account(candidate.account)
            .then(m_context,
                  [self = *this, candidate, candidates](const Result<AccountRecord> &account) {
                      if (account && !account->removed) {
                          self.open(*account, candidate.detail);
                      } else if (account || account.error().code == ErrorCode::NotFound) {
                          self.tryAll(candidates);
                      } else {
                          self.m_found(account.error());
                      }
                  });
    }

private:
    void open(const AccountRecord &account, const QByteArray &detail) const
    {
        m_storage.mailStore(account.id)
            .then(m_context,
                  [self = *this, name = account.name, detail](
                      const Result<std::shared_ptr<MailStore>> &store) {
                      store ? self.findMailbox({name, *store, {}}, detail)
                            : self.m_found(store.error());
                  });
    }

    void findMailbox(const Recipient &recipient, const QByteArray &detail) const
    {
        recipient.store->read([detail](ReadTxn &txn) { return mailboxFor(txn, detail); })
            .then(m_context, [self = *this, recipient](const Result<MailboxInfo> &mailbox) {
                self.m_found(mailbox.transform([&recipient](const MailboxInfo &info) {
                    return Recipient{recipient.account, recipient.store, info.id};
                }));
            });
    }

    Storage &m_storage;
    QObject *m_context;
    Found m_found;
};

} // namespace

void findRecipient(Storage &storage,
                   const MailPath &path,
                   QObject *context,
                   const std::function<void(const Result<Recipient> &)> &found)
{
    Finder(storage, context, found).tryAll(candidatesFor(path));
}

} // namespace Postnook
