#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

namespace Postnook
{

// What is told of an account, piece by piece: the control request that is sent with its "name", and
// the words for the reply (empty: nothing to say). A new fact is a row in statusreport.cpp.
struct AccountFact {
    QString request;
    QString (*text)(const QJsonObject &reply);
};
const QList<AccountFact> &accountFacts();

struct AccountStatus {
    QString name;
    QStringList facts; // in words
};

struct StatusReport {
    QString version; // of this program
    QString dataDir;
    qint64 dataBytes = 0; // on disk
    QJsonObject server; // the reply to status.server
    QList<AccountStatus> accounts;
    QStringList warnings;

    // One line for each thing; names from outside cannot steer a terminal.
    QStringList lines() const;
};

// "3 (alice: Thunderbird, Apple Mail idle 2; 1 not logged in)" of what sessions.list tells.
QString sessionSummary(const QJsonArray &sessions);

} // namespace Postnook
