#pragma once

#include <QByteArray>
#include <QObject>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

// A home folder of its own, and the program run in it. Nothing of the person's who runs the tests
// is read or written.
class Home
{
public:
    struct Finished {
        int exitCode = -1;
        QString out;
        QString err;
    };

    QString path(const QString &name) const { return m_dir.filePath(name); }
    QString dataDir() const { return path(QStringLiteral("data")); }
    // The environment and the program, not started yet.
    void prepare(QProcess *process) const;
    // --data-dir=… and loopback with free ports.
    QStringList settings() const;

    // Runs a command to its end.
    Finished run(const QStringList &arguments, const QByteArray &input = {}) const;
    // Makes an account in the home's data folder, with cheap credentials; true when it did.
    bool addAccount(const QString &name, const QByteArray &password) const;

private:
    QTemporaryDir m_dir;
};

// True once the process ended by itself or by a signal. The event loop may have seen its end
// before this is asked, and QProcess::waitForFinished() alone would say false then.
bool waitForEnd(QProcess *process, int timeoutMs = 60'000);

// `postnook serve` in a home.
class ServerProcess : public QObject
{
    Q_OBJECT

public:
    explicit ServerProcess(const Home &home);
    // Killed, if it still runs.
    ~ServerProcess() override;

    // True once it listens on all its ports. Arguments behind the home's settings.
    bool start(const QStringList &arguments = {});
    // The same with nothing but these arguments.
    bool startWith(const QStringList &arguments);
    quint16 port() const { return m_port; }
    quint16 portTls() const { return m_portTls; }

    void terminate(); // SIGTERM
    void kill();
    // The exit code, or -1 when it does not end within `timeoutMs`.
    int waitForEnd(int timeoutMs = 10'000);
    bool isRunning() const;
    qint64 processId() const { return m_process.processId(); }
    // Everything it said on stderr so far.
    const QString &log() const { return m_log; }
    bool waitForLog(const QString &text);

private:
    const Home &m_home;
    QProcess m_process;
    QString m_log;
    quint16 m_port = 0;
    quint16 m_portTls = 0;
};
