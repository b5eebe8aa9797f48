#include "app/control/knownaccount.h"

#include "core/auth/scram.h"

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto MaxNameBytes = 255;

} // namespace

void findAccount(Storage &storage,
                 const QString &name,
                 RemovedAccounts removed,
                 QObject *context,
                 const std::function<void(const Result<AccountRecord> &)> &found)
{
    const auto stored = accountName(name);
    if (!stored) {
        return found(stored.error());
    }
    storage.account(*stored).then(
        context, [name = *stored, removed, found](const Result<AccountRecord> &record) {
            const bool isUnknown = record ? record->removed && removed == RemovedAccounts::Hidden
                                          : record.error().code == ErrorCode::NotFound;
            found(isUnknown ? Error{ErrorCode::NotFound, u"there is no account '%1'"_s.arg(name)}
                            : record);
        });
}

void openMail(Storage &storage,
              const QString &name,
              QObject *context,
              const std::function<void(const Result<std::shared_ptr<MailStore>> &)> &opened)
{
    findAccount(storage,
                name,
                RemovedAccounts::Hidden,
                context,
                [&storage, context, opened](const Result<AccountRecord> &account) {
                    if (!account) {
                        return opened(account.error());
                    }
                    storage.mailStore(account->id).then(context, opened);
                });
}

Result<QString> accountName(const QString &text)
{
    auto name = Auth::saslPrep(text);
    if (!name) {
        return Error{ErrorCode::Invalid,
                     u"'%1' cannot be an account's name: %2"_s.arg(text, name.error().text)};
    }
    if (name->toUtf8().size() > MaxNameBytes) {
        return Error{ErrorCode::Invalid,
                     u"an account's name has at most %1 bytes"_s.arg(MaxNameBytes)};
    }
    return name;
}

Result<QString> newAccountName(const QString &text)
{
    auto name = accountName(text);
    if (name && name->trimmed() != *name) {
        return Error{
            ErrorCode::Invalid,
            u"'%1' cannot be an account's name: it begins or ends with a blank"_s.arg(text)};
    }
    return name;
}

} // namespace Postnook
