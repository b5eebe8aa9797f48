#include "app/commands/statusreport.h"

#include "app/commands/quantities.h"
#include "app/terminal/visibletext.h"

#include <QDateTime>
#include <QMap>

#include <algorithm>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr qsizetype LabelWidth = 8; // of "Sessions"

QString indexText(qint64 messages, qint64 indexed, qint64 waiting)
{
    if (waiting > 0) {
        return u"search index still to read %1"_s.arg(countText(waiting, u"text"_s, u"texts"_s));
    }
    return indexed == 0 && messages > 0 ? u"no search index"_s : u"search index complete"_s;
}

QString mailText(const QJsonObject &reply)
{
    const QString trouble = reply.value("trouble"_L1).toString();
    if (!trouble.isEmpty()) {
        return u"cannot be read: "_s + trouble;
    }
    const qint64 messages = reply.value("messages"_L1).toInteger();
    const qint64 mailboxes = reply.value("mailboxes"_L1).toInteger();
    return u"%1 in %2, %3; %4"_s.arg(countText(messages, u"message"_s, u"messages"_s),
                                     countText(mailboxes, u"mailbox"_s, u"mailboxes"_s),
                                     bytesText(reply.value("bytes"_L1).toInteger()),
                                     indexText(messages,
                                               reply.value("indexed"_L1).toInteger(),
                                               reply.value("waiting"_L1).toInteger()));
}

// Of a reply about one account. Nothing where no backup was ever tried.
QString backupText(const QJsonObject &reply)
{
    const auto account = reply.value("accounts"_L1).toArray().at(0).toObject();
    const auto last = QDateTime::fromString(account.value("at"_L1).toString(), Qt::ISODate);
    QString text =
        last.isValid() ? u"last backup %1"_s.arg(timeText(last.toSecsSinceEpoch())) : QString();
    for (const QJsonObject &where : {account, reply}) {
        const QString failure = where.value("failure"_L1).toObject().value("text"_L1).toString();
        if (!failure.isEmpty()) {
            return (text.isEmpty() ? u"the backup failed: "_s : text + u", and then it failed: "_s)
                + failure;
        }
    }
    return text;
}

QString joined(const QJsonValue &array, const QString &separator)
{
    QStringList texts;
    const auto values = array.toArray();
    for (const auto &value : values) {
        texts.append(value.toString());
    }
    return texts.join(separator);
}

QString portsText(const QJsonObject &server)
{
    const auto certificate = server.value("certificate"_L1).toObject();
    const auto until = QDateTime::fromSecsSinceEpoch(certificate.value("until"_L1).toInteger());
    const bool isOver = until < QDateTime::currentDateTime();
    return u"%1; certificate %2 %3, SHA-256 %4"_s.arg(
        joined(server.value("ports"_L1), u", "_s),
        isOver ? u"ended on"_s : u"until"_s,
        until.toString(u"yyyy-MM-dd"_s),
        certificate.value("fingerprint"_L1).toString());
}

QString settingsText(const QJsonObject &server)
{
    const QString file = server.value("settingsFile"_L1).toString();
    const QString shown = file.isEmpty() ? u"no file"_s : shortPath(file);
    const QString waiting = joined(server.value("restart"_L1), u", "_s);
    const QString faults = server.value("settingsFaults"_L1).toArray().isEmpty()
        ? QString()
        : u"; it has mistakes, so what held before holds ('postnook config check' names them)"_s;
    return shown + faults
        + (waiting.isEmpty() ? QString() : u"; from the next start on: "_s + waiting);
}

QString clientText(const QJsonObject &session)
{
    const QString name = session.value("clientName"_L1).toString();
    const QString unknown = session.value("isLocalCommand"_L1).toBool()
        ? u"a command of postnook"_s
        : u"a program without a name"_s;
    const bool isIdle = session.value("command"_L1) == "IDLE"_L1;
    return (name.isEmpty() ? unknown : name) + (isIdle ? u" idle"_s : QString());
}

// "Thunderbird, Apple Mail idle 2", in the order in which they first came.
QString grouped(const QStringList &clients)
{
    QStringList groups = clients;
    groups.removeDuplicates();
    for (QString &group : groups) {
        const qsizetype count = clients.count(group);
        group += count > 1 ? u' ' + QString::number(count) : QString();
    }
    return groups.join(u", "_s);
}

} // namespace

const QList<AccountFact> &accountFacts()
{
    static const QList<AccountFact> facts{{u"status.account"_s, mailText},
                                          {u"backup.state"_s, backupText}};
    return facts;
}

QString sessionSummary(const QJsonArray &sessions)
{
    if (sessions.isEmpty()) {
        return u"none"_s;
    }
    QMap<QString, QStringList> clients; // by account
    qint64 others = 0;
    for (const auto &value : sessions) {
        const auto session = value.toObject();
        const QString account = session.value("account"_L1).toString();
        if (account.isEmpty()) {
            ++others;
        } else {
            clients[account].append(clientText(session));
        }
    }
    QStringList parts;
    for (auto it = clients.cbegin(); it != clients.cend(); ++it) {
        parts.append(it.key() + u": "_s + grouped(it.value()));
    }
    if (others > 0) {
        parts.append(u"%1 not logged in"_s.arg(others));
    }
    return u"%1 (%2)"_s.arg(countText(sessions.size()), parts.join(u"; "_s));
}

QStringList StatusReport::lines() const
{
    const bool isRunning = server.value("isRunning"_L1).toBool();
    const QString state = isRunning
        ? u"running since %1"_s.arg(timeText(server.value("since"_L1).toInteger()))
        : u"not running"_s;
    QStringList texts{u"Postnook %1, %2, data in %3 (%4)"_s.arg(
        isRunning ? server.value("version"_L1).toString() : version,
        state,
        shortPath(dataDir),
        bytesText(dataBytes))};

    qsizetype width = LabelWidth;
    for (const AccountStatus &account : accounts) {
        width = std::max(width, account.name.size());
    }
    const auto add = [&](const QString &label, const QString &text) {
        texts.append(label.leftJustified(width) + u' ' + text);
    };
    for (const AccountStatus &account : accounts) {
        add(account.name, account.facts.join(u"; "_s));
    }
    if (accounts.isEmpty()) {
        add(u"Accounts"_s, u"none yet; 'postnook account add NAME' makes one"_s);
    }
    if (isRunning) {
        add(u"Ports"_s, portsText(server));
        add(u"Sessions"_s, sessionSummary(server.value("sessions"_L1).toArray()));
        add(u"Settings"_s, settingsText(server));
    }
    for (const QString &warning : warnings) {
        add(u"Warning"_s, warning);
    }
    for (QString &text : texts) {
        text = visible(text);
    }
    return texts;
}

} // namespace Postnook
