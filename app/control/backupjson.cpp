#include "app/control/backupjson.h"

#include "app/control/controlprotocol.h"

#include <QDir>
#include <QJsonArray>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QString text(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODate);
}

QDateTime timeFrom(const QJsonValue &value)
{
    return QDateTime::fromString(value.toString(), Qt::ISODate);
}

QStringList listFrom(const QJsonValue &value)
{
    QStringList list;
    const auto array = value.toArray();
    for (const auto &one : array) {
        list.append(one.toString());
    }
    return list;
}

std::optional<Error> faultOf(const QString &folder, int number)
{
    if (!QDir::isAbsolutePath(folder) || number < 0) {
        return Error{ErrorCode::Invalid, u"the request names no proper backup folder"_s};
    }
    return {};
}

QJsonObject toJson(const AccountBackup &account)
{
    QJsonObject object{{u"id"_s, account.id.value},
                       {u"name"_s, account.name},
                       {u"messages"_s, account.messages},
                       {u"databaseBytes"_s, account.databaseBytes},
                       {u"files"_s, account.files},
                       {u"fileBytes"_s, account.fileBytes},
                       {u"newFiles"_s, account.newFiles},
                       {u"newFileBytes"_s, account.newFileBytes},
                       {u"textsRead"_s, account.textsRead}};
    if (account.error) {
        object.insert("error"_L1, ControlProtocol::replyFor(Result<QJsonObject>(*account.error)));
    }
    return object;
}

AccountBackup accountBackupFrom(const QJsonObject &object)
{
    AccountBackup account;
    account.id = AccountId(object.value("id"_L1).toInteger());
    account.name = object.value("name"_L1).toString();
    account.messages = object.value("messages"_L1).toInteger();
    account.databaseBytes = object.value("databaseBytes"_L1).toInteger();
    account.files = object.value("files"_L1).toInteger();
    account.fileBytes = object.value("fileBytes"_L1).toInteger();
    account.newFiles = object.value("newFiles"_L1).toInteger();
    account.newFileBytes = object.value("newFileBytes"_L1).toInteger();
    account.textsRead = object.value("textsRead"_L1).toInteger();
    if (const auto failed = object.value("error"_L1).toObject(); !failed.isEmpty()) {
        const auto reply = ControlProtocol::parseReply(ControlProtocol::toLine(failed));
        account.error = reply ? Error() : reply.error();
    }
    return account;
}

QJsonObject toJson(const RestoredAccount &account)
{
    QJsonObject object{{u"backedUpName"_s, account.backedUpName},
                       {u"name"_s, account.name},
                       {u"id"_s, account.id.value},
                       {u"generation"_s, account.generation},
                       {u"at"_s, text(account.at)},
                       {u"messages"_s, account.messages},
                       {u"mailboxes"_s, account.mailboxes},
                       {u"keepsPassword"_s, account.keepsPassword},
                       {u"keptAs"_s, account.keptAs},
                       {u"keptFolder"_s, account.keptFolder}};
    if (account.replaced) {
        object.insert("replaced"_L1, account.replaced->value);
    }
    return object;
}

RestoredAccount restoredAccountFrom(const QJsonObject &object)
{
    RestoredAccount account;
    account.backedUpName = object.value("backedUpName"_L1).toString();
    account.name = object.value("name"_L1).toString();
    account.id = AccountId(object.value("id"_L1).toInteger());
    account.generation = object.value("generation"_L1).toInt();
    account.at = timeFrom(object.value("at"_L1));
    account.messages = object.value("messages"_L1).toInteger();
    account.mailboxes = object.value("mailboxes"_L1).toInteger();
    account.keepsPassword = object.value("keepsPassword"_L1).toBool();
    account.keptAs = object.value("keptAs"_L1).toString();
    account.keptFolder = object.value("keptFolder"_L1).toString();
    if (const auto replaced = object.value("replaced"_L1); replaced.isDouble()) {
        account.replaced = AccountId(replaced.toInteger());
    }
    return account;
}

} // namespace

QJsonObject toJson(const BackupRequest &request)
{
    return {{u"folder"_s, request.folder},
            {u"accounts"_s, QJsonArray::fromStringList(request.accounts)},
            {u"keep"_s, request.keep},
            {u"mayMake"_s, request.mayMake},
            {u"readsAll"_s, request.readsAll}};
}

Result<BackupRequest> backupRequestFrom(const QJsonObject &object)
{
    const BackupRequest request{object.value("folder"_L1).toString(),
                                listFrom(object.value("accounts"_L1)),
                                object.value("keep"_L1).toInt(),
                                object.value("mayMake"_L1).toBool(true),
                                object.value("readsAll"_L1).toBool()};
    if (const auto fault = faultOf(request.folder, request.keep)) {
        return *fault;
    }
    return request;
}

QJsonObject toJson(const RestoreRequest &request)
{
    return {{u"folder"_s, request.folder},
            {u"accounts"_s, QJsonArray::fromStringList(request.accounts)},
            {u"generation"_s, request.generation},
            {u"at"_s, request.at.isValid() ? text(request.at) : QString()},
            {u"as"_s, request.as},
            {u"replaces"_s, request.replaces},
            {u"onlyReads"_s, request.onlyReads}};
}

Result<RestoreRequest> restoreRequestFrom(const QJsonObject &object)
{
    const RestoreRequest request{object.value("folder"_L1).toString(),
                                 listFrom(object.value("accounts"_L1)),
                                 object.value("generation"_L1).toInt(),
                                 timeFrom(object.value("at"_L1)),
                                 object.value("as"_L1).toString(),
                                 object.value("replaces"_L1).toBool(),
                                 object.value("onlyReads"_L1).toBool()};
    if (const auto fault = faultOf(request.folder, request.generation)) {
        return *fault;
    }
    if (!request.as.isEmpty() && request.accounts.size() != 1) {
        return Error{ErrorCode::Invalid, u"one account can be given another name, not several"_s};
    }
    return request;
}

QJsonObject toJson(const BackupReport &report)
{
    QJsonArray accounts;
    for (const auto &account : report.accounts) {
        accounts.append(toJson(account));
    }
    return {{u"generation"_s, report.generation},
            {u"at"_s, text(report.at)},
            {u"accounts"_s, accounts},
            {u"dropped"_s, report.dropped},
            {u"notes"_s, QJsonArray::fromStringList(report.notes)}};
}

BackupReport backupReportFrom(const QJsonObject &object)
{
    BackupReport report;
    report.generation = object.value("generation"_L1).toInt();
    report.at = timeFrom(object.value("at"_L1));
    const auto accounts = object.value("accounts"_L1).toArray();
    for (const auto &account : accounts) {
        report.accounts.append(accountBackupFrom(account.toObject()));
    }
    report.dropped = object.value("dropped"_L1).toInt();
    report.notes = listFrom(object.value("notes"_L1));
    return report;
}

QJsonObject toJson(const RestoreReport &report)
{
    QJsonArray accounts;
    for (const auto &account : report.accounts) {
        accounts.append(toJson(account));
    }
    return {{u"accounts"_s, accounts}};
}

RestoreReport restoreReportFrom(const QJsonObject &object)
{
    RestoreReport report;
    const auto accounts = object.value("accounts"_L1).toArray();
    for (const auto &account : accounts) {
        report.accounts.append(restoredAccountFrom(account.toObject()));
    }
    return report;
}

} // namespace Postnook
