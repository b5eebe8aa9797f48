#pragma once

#include "storage/store.h"

#include <QObject>

#include <functional>

namespace Postnook
{

// Ends the sessions of an account, whose clients are told why.
using EndSessions = std::function<void(AccountId, const QByteArray &reason)>;

enum class RemovedAccounts { Hidden, Shown }; // whether a removed account counts as one

// Finds the account a control request names. Invalid: no account can have that name; NotFound:
// there is none, in words. Calls `found` in the main thread unless the context is gone by then.
void findAccount(Storage &storage,
                 const QString &name,
                 RemovedAccounts removed,
                 QObject *context,
                 const std::function<void(const Result<AccountRecord> &)> &found);

// Opens the mail of such an account; the store stays open for as long as somebody holds it.
void openMail(Storage &storage,
              const QString &name,
              QObject *context,
              const std::function<void(const Result<std::shared_ptr<MailStore>> &)> &opened);

// The name as it is stored: SASLprep (RFC 4013), so that every way to log in finds it. Invalid with
// the reason: empty, longer than 255 bytes, control or other prohibited characters.
Result<QString> accountName(const QString &text);
// The same for an account that is to be: no blanks at its ends either, which nobody sees.
Result<QString> newAccountName(const QString &text);

} // namespace Postnook
