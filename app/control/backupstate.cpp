#include "app/control/backupstate.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

#include <algorithm>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QDateTime timeFrom(const QJsonValue &value)
{
    return QDateTime::fromString(value.toString(), Qt::ISODate);
}

void insertFailure(const BackupState::Failure &failure, QJsonObject *object)
{
    if (failure.at.isValid()) {
        object->insert("failure"_L1,
                       QJsonObject{{u"at"_s, failure.at.toUTC().toString(Qt::ISODate)},
                                   {u"text"_s, failure.text}});
    }
}

BackupState::Failure failureFrom(const QJsonObject &object)
{
    const auto failure = object.value("failure"_L1).toObject();
    return {timeFrom(failure.value("at"_L1)), failure.value("text"_L1).toString()};
}

QJsonObject toJson(const BackupState::Account &account)
{
    QJsonObject object;
    if (account.at.isValid()) {
        object = {{u"at"_s, account.at.toUTC().toString(Qt::ISODate)},
                  {u"folder"_s, account.folder}};
    }
    insertFailure(account.failure, &object);
    return object;
}

} // namespace

QString BackupState::pathIn(const QString &dataDir)
{
    return dataDir + "/backups.json"_L1;
}

BackupState BackupState::load(const QString &path)
{
    BackupState state;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return state;
    }
    const auto object = QJsonDocument::fromJson(file.readAll()).object();
    const auto rows = object.value("accounts"_L1).toObject();
    for (auto it = rows.begin(); it != rows.end(); ++it) {
        const auto row = it.value().toObject();
        state.accounts[AccountId(it.key().toLongLong())] = {
            timeFrom(row.value("at"_L1)), row.value("folder"_L1).toString(), failureFrom(row)};
    }
    state.failure = failureFrom(object);
    return state;
}

Result<void> BackupState::save(const QString &path) const
{
    QJsonObject rows;
    for (const auto &[id, account] : accounts) {
        rows.insert(QString::number(id.value), toJson(account));
    }
    QJsonObject object{{u"accounts"_s, rows}};
    insertFailure(failure, &object);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)
        || !file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner)
        || file.write(QJsonDocument(object).toJson()) < 0 || !file.commit()) {
        return Error{
            ErrorCode::Unavailable,
            u"cannot write %1: %2"_s.arg(QDir::toNativeSeparators(path), file.errorString())};
    }
    return {};
}

void BackupState::note(const QString &folder,
                       const Result<BackupReport> &report,
                       const QDateTime &now)
{
    if (report) {
        failure = {};
        for (const auto &done : report->accounts) {
            auto &account = accounts[done.id];
            account = done.error ? Account{account.at, account.folder, {now, done.error->text}}
                                 : Account{report->at, folder, {}};
        }
    } else if (report.error().code != ErrorCode::Cancelled) { // else somebody stopped it
        failure = {now, report.error().text};
    }
}

QJsonObject BackupState::toReply(const QList<AccountRecord> &records) const
{
    QJsonArray rows;
    for (const auto &record : records) {
        if (record.removed) {
            continue;
        }
        const auto known = accounts.find(record.id);
        QJsonObject row = known == accounts.end() ? QJsonObject() : toJson(known->second);
        row.insert("name"_L1, record.name);
        rows.append(row);
    }
    QJsonObject reply{{u"accounts"_s, rows}};
    insertFailure(failure, &reply);
    return reply;
}

bool BackupState::knows(const QString &folder) const
{
    return std::any_of(accounts.begin(), accounts.end(), [&](const auto &entry) {
        return entry.second.folder == folder;
    });
}

QString failureOf(const Result<BackupReport> &report)
{
    if (!report) {
        return report.error().code == ErrorCode::Cancelled ? QString() : report.error().text;
    }
    QStringList failures;
    for (const auto &account : report->accounts) {
        if (account.error) {
            failures.append(u"%1: %2"_s.arg(account.name, account.error->text));
        }
    }
    return failures.join(u' ');
}

} // namespace Postnook
