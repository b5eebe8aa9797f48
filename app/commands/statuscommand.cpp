#include "app/commands/statuscommand.h"

#include "app/commands/askserver.h"
#include "app/commands/settingsfile.h"
#include "app/commands/statusreport.h"
#include "app/commands/subcommandtable.h"
#include "app/control/controlrequest.h"
#include "app/server/folderplace.h"
#include "app/terminal/console.h"

#include <QCoreApplication>
#include <QDirIterator>
#include <QFileInfo>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

// Here and not in the server, which has better things to do.
qint64 bytesBelow(const QString &folder)
{
    qint64 bytes = 0;
    QDirIterator files(
        folder, QDir::Files | QDir::Hidden | QDir::NoSymLinks, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        files.next();
        bytes += files.fileInfo().size();
    }
    return bytes;
}

// Asks for one thing after the other: the server, the accounts, the facts of each.
class StatusQuestions
{
public:
    explicit StatusQuestions(StatusReport *report)
        : m_report(report)
    {
    }

    static QJsonObject first() { return {{u"command"_s, u"status.server"_s}}; }
    std::optional<QJsonObject> next(const QJsonObject &reply);

private:
    std::optional<QJsonObject> nextFact();

    StatusReport *m_report;
    enum class Step { Server, Accounts, Facts } m_step = Step::Server;
    qsizetype m_account = 0;
    qsizetype m_fact = 0; // that was asked for
};

std::optional<QJsonObject> StatusQuestions::next(const QJsonObject &reply)
{
    switch (m_step) {
    case Step::Server:
        m_report->server = reply;
        m_step = Step::Accounts;
        return QJsonObject{{u"command"_s, u"account.list"_s}};
    case Step::Accounts: {
        const auto names = reply.value("accounts"_L1).toArray();
        for (const auto &name : names) {
            m_report->accounts.append({name.toString(), {}});
        }
        m_step = Step::Facts;
        return nextFact();
    }
    case Step::Facts:
        break;
    }
    const QString text = accountFacts().at(m_fact).text(reply);
    if (!text.isEmpty()) {
        m_report->accounts[m_account].facts.append(text);
    }
    if (++m_fact == accountFacts().size()) {
        m_fact = 0;
        ++m_account;
    }
    return nextFact();
}

std::optional<QJsonObject> StatusQuestions::nextFact()
{
    if (m_account == m_report->accounts.size()) {
        return std::nullopt;
    }
    return QJsonObject{{u"command"_s, accountFacts().at(m_fact).request},
                       {u"name"_s, m_report->accounts.at(m_account).name}};
}

} // namespace

ExitCode runStatus(const CommandLine &line)
{
    const auto loaded = settingsForLooking(line);
    if (!loaded) {
        return fail(loaded.error());
    }
    printFaults(*loaded);
    StatusReport report;
    report.version = QCoreApplication::applicationVersion();
    report.dataDir = loaded->settings.dataDir;
    StatusQuestions questions(&report);
    const auto asked = performRequests(loaded->settings,
                                       line.command->name,
                                       StatusQuestions::first(),
                                       [&](const auto &reply) { return questions.next(reply); });
    if (!asked) {
        return fail(asked.error());
    }
    report.dataBytes = bytesBelow(report.dataDir);
    if (const QString warning = placeWarning(report.dataDir); !warning.isEmpty()) {
        report.warnings.append(warning);
    }
    printResult(report.lines().join(u'\n'));
    return loaded->faults.isEmpty() ? ExitCode::Ok : ExitCode::Config;
}

QString statusDetails()
{
    return u"The first line has the version, since when the server runs, and where the data is, "
           u"with\n"
           "the room it takes. Then each account, with what its messages add up to and how far "
           "the\n"
           "search index has come; the ports, with the certificate that mail programs are shown;\n"
           "the connections by account and program ('idle': waits to be told of new mail; see\n"
           "'postnook who'); and the settings file, with what waits for a restart.\n"
           "Without a running server it says so, and shows the rest.\n"_s;
}

} // namespace Postnook
