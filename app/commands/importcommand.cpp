#include "app/commands/importcommand.h"

#include "app/commands/commandline.h"
#include "app/commands/console.h"
#include "app/commands/settingsfile.h"
#include "app/commands/terminal.h"
#include "app/control/controlclient.h"
#include "app/control/datafolder.h"
#include "app/control/knownaccount.h"
#include "app/control/reachowner.h"
#include "app/import/importer.h"
#include "app/server/localservice.h"
#include "app/server/stopsignals.h"

#include <QCoreApplication>
#include <QThread>

#include <atomic>
#include <memory>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

struct ImportRequest {
    QString account;
    MailboxNaming naming;
    QStringList paths;
};

// File names may hold anything, a terminal's commands too.
QString printable(QString text)
{
    for (QChar &c : text) {
        c = c.isPrint() ? c : QChar(u'?');
    }
    return text;
}

// The whole import, in a thread of its own: it waits for files and for the server.
ImportReport
import(const QString &controlSocket, const ImportRequest &request, const std::atomic<bool> &stop)
{
    ImportSession session;
    if (const auto opened = session.open(controlSocket, request.account); !opened) {
        ImportReport report;
        report.failure = opened.error();
        return report;
    }
    SourceFinder finder(request.naming);
    for (const QString &path : request.paths) {
        finder.findIn(path);
    }
    ImportProgress progress(standardErrorIsTerminal());
    ImportReport report = Importer(session, progress, stop).run(finder);
    session.close();
    return report;
}

// Through the process that owns the data folder, or as its owner: both ways the importer talks to a
// control socket.
class ImportRun
{
public:
    explicit ImportRun(ImportRequest request)
        : m_request(std::move(request))
    {
    }

    Result<ImportReport> run(const Settings &settings)
    {
        const StopSignals signals;
        QObject::connect(
            &signals, &StopSignals::stopRequested, &signals, [this] { m_stop = true; });
        Result<void> opened;
        const auto own = [&](OwnerLock lock) { opened = openService(settings, std::move(lock)); };
        const auto ask = [this](const QString &controlSocket) {
            m_controlSocket = controlSocket;
            return ControlClient().connectTo(controlSocket);
        };
        const auto reached = reachOwner(settings.dataDir, u"import"_s, {own, ask});
        if (!reached || !opened) {
            return reached ? opened.error() : reached.error();
        }
        return importInThread();
    }

private:
    Result<void> openService(const Settings &settings, OwnerLock lock)
    {
        auto service = LocalService::open(settings, std::move(lock));
        if (!service) {
            return service.error();
        }
        m_service = std::move(*service);
        m_controlSocket = m_service->controlSocket();
        QObject::connect(m_service.get(), &LocalService::finished, qApp, &QCoreApplication::quit);
        return {};
    }

    ImportReport importInThread()
    {
        ImportReport report;
        const std::unique_ptr<QThread> thread(QThread::create(
            [this, &report] { report = import(m_controlSocket, m_request, m_stop); }));
        QObject::connect(thread.get(), &QThread::finished, qApp, [this] {
            if (m_service) {
                m_service->stop();
            } else {
                QCoreApplication::quit();
            }
        });
        thread->start();
        QCoreApplication::exec();
        thread->wait();
        return report;
    }

    const ImportRequest m_request;
    QString m_controlSocket;
    std::unique_ptr<LocalService> m_service; // where nobody else owns the folder
    std::atomic<bool> m_stop = false;
};

ExitCode tell(const ImportReport &report)
{
    for (const ImportItem &item : report.skipped) {
        printMessage(printable(u"skipped %1: %2"_s.arg(item.origin, item.skipReason)));
    }
    const auto done = report.imported + report.known;
    if (!report.failure || done > 0 || !report.skipped.isEmpty()) {
        printResult(u"imported %1, already there %2, skipped %3"_s.arg(report.imported)
                        .arg(report.known)
                        .arg(report.skipped.size()));
    }
    if (report.failure) {
        return fail(*report.failure);
    }
    if (report.wasStopped) {
        printMessage(u"postnook: stopped; the same command goes on from here"_s);
        return ExitCode::TempFail;
    }
    if (done == 0) {
        return report.skipped.isEmpty() ? ExitCode::NoInput : ExitCode::DataError;
    }
    return ExitCode::Ok;
}

Result<ImportRequest> requestFrom(const CommandLine &line)
{
    const auto account = accountName(line.arguments.first());
    if (!account) {
        return account.error();
    }
    ImportRequest request{*account, {}, line.arguments.mid(1)};
    if (line.has(u"mailbox"_s)) {
        const auto naming = MailboxNaming::below(line.options.value(u"mailbox"_s));
        if (!naming) {
            return naming.error();
        }
        request.naming = *naming;
    }
    return request;
}

} // namespace

ExitCode runImport(const CommandLine &line)
{
    const auto settings = usableSettings(loadSettingsFor(line));
    if (!settings) {
        return ExitCode::Config;
    }
    const auto request = requestFrom(line);
    if (!request) {
        return fail(request.error());
    }
    for (const QString &path : request->paths) {
        if (!QFileInfo::exists(path)) {
            printMessage(printable(u"postnook: there is no file or folder %1"_s.arg(path)));
            return ExitCode::NoInput;
        }
    }
    if (const auto folder = existingDataFolder(settings->dataDir); !folder) {
        return fail(folder.error());
    }
    const auto report = ImportRun(*request).run(*settings);
    return report ? tell(*report) : fail(report.error());
}

QString importDetails()
{
    return uR"(A PATH is a file of one message (.eml), an mbox file, a Maildir, or a folder with any of
these in it and below. Where the mail goes:

  .eml files, a Maildir   INBOX
  an mbox file            a mailbox named after the file, without ".mbox"
  a folder in a PATH      a mailbox of that name, with the folders in it below

With --mailbox=NAME the first goes to NAME, and so does an mbox file that is a PATH itself; the others
go below NAME. Mailboxes are made and subscribed to as they are needed. Characters that a mailbox
name cannot hold become "_".

Each message keeps its flags and its date. Messages that came with an earlier import are left out,
also when they were moved or deleted since. What is no mail, or cannot be taken, is skipped and told
on standard error. The command works beside a running server and without one.
)"_s;
}

} // namespace Postnook
