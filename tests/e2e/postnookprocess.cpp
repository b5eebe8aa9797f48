#include "postnookprocess.h"

#include <QProcessEnvironment>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;

namespace
{

constexpr auto StartTimeoutMs = 30'000; // the machine may be busy with other tests

quint16 portIn(const QString &log, const QString &kind)
{
    const QRegularExpression line(u"listening on \\S+:(\\d+) \\(%1\\)"_s.arg(kind));
    return line.match(log).captured(1).toUShort();
}

} // namespace

void Home::prepare(QProcess *process) const
{
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"HOME"_s, m_dir.path());
    environment.insert(u"XDG_CONFIG_HOME"_s, path(u"config"_s));
    environment.insert(u"XDG_DATA_HOME"_s, path(u"share"_s));
    environment.insert(u"XDG_STATE_HOME"_s, path(u"state"_s));
    environment.insert(u"XDG_RUNTIME_DIR"_s, m_dir.path());
    process->setProcessEnvironment(environment);
    process->setProgram(QStringLiteral(POSTNOOK_BINARY));
}

QStringList Home::settings() const
{
    QStringList settings{u"--data-dir="_s + dataDir(),
                         u"--bind-addr=127.0.0.1"_s,
                         u"--bind-port=0"_s,
                         u"--bind-port-tls=0"_s,
                         // However full the disk of the machine that runs the tests is.
                         u"--low-disk-warning=0"_s,
                         u"--disk-reserve=0"_s};
    // The whole suite also runs with other settings, for example with a pool of one thread.
    settings += qEnvironmentVariable("POSTNOOK_TEST_SETTINGS").split(u' ', Qt::SkipEmptyParts);
    return settings;
}

Home::Finished Home::run(const QStringList &arguments, const QByteArray &input) const
{
    QProcess process;
    prepare(&process);
    process.setArguments(arguments);
    process.start();
    process.write(input);
    process.closeWriteChannel();
    if (!waitForEnd(&process, StartTimeoutMs) || process.exitStatus() != QProcess::NormalExit) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    return {process.exitCode(),
            QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

bool Home::addAccount(const QString &name, const QByteArray &password) const
{
    const auto added = run(settings()
                               + QStringList{u"account"_s,
                                             u"add"_s,
                                             name,
                                             u"--password-stdin"_s,
                                             u"--iterations=4096"_s},
                           password + '\n');
    return added.exitCode == 0;
}

bool waitForEnd(QProcess *process, int timeoutMs)
{
    const bool hasEnded =
        process->state() == QProcess::NotRunning || process->waitForFinished(timeoutMs);
    return hasEnded && process->error() != QProcess::FailedToStart;
}

ServerProcess::ServerProcess(const Home &home)
    : m_home(home)
{
    connect(&m_process, &QProcess::readyReadStandardError, this, [this] {
        m_log += QString::fromUtf8(m_process.readAllStandardError());
    });
}

ServerProcess::~ServerProcess()
{
    if (isRunning()) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

bool ServerProcess::start(const QStringList &arguments)
{
    return startWith(m_home.settings() + arguments + QStringList{u"serve"_s});
}

bool ServerProcess::startWith(const QStringList &arguments)
{
    m_log.clear();
    m_home.prepare(&m_process);
    m_process.setArguments(arguments);
    m_process.start();
    const auto listensOrEnded = [this] {
        m_port = portIn(m_log, u"STARTTLS"_s);
        m_portTls = portIn(m_log, u"TLS"_s);
        return (m_port != 0 && m_portTls != 0) || !isRunning();
    };
    if (QTest::qWaitFor(listensOrEnded, StartTimeoutMs) && isRunning()) {
        return true;
    }
    qWarning("the server did not start:\n%s", qPrintable(m_log));
    return false;
}

void ServerProcess::terminate()
{
    m_process.terminate();
}

void ServerProcess::kill()
{
    m_process.kill();
    m_process.waitForFinished();
}

int ServerProcess::waitForEnd(int timeoutMs)
{
    if (!QTest::qWaitFor([this] { return !isRunning(); }, timeoutMs)) {
        return -1;
    }
    return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
}

bool ServerProcess::isRunning() const
{
    return m_process.state() != QProcess::NotRunning;
}

bool ServerProcess::waitForLog(const QString &text)
{
    return QTest::qWaitFor([this, &text] { return m_log.contains(text); }, StartTimeoutMs);
}
