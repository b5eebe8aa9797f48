#include "imapclient.h"
#include "postnookprocess.h"

#include <QFile>
#include <QTest>

#ifndef Q_OS_WIN
#include <csignal>
#endif

using namespace Qt::StringLiterals;

// The settings file as a person uses it: shown, changed, and taken up by a running server.
class TestE2eConfig : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void show();
    void set();
    void setSeveral();
    void setPaths();
    void unset_data();
    void unset();
    void setMakesTheFile();
    void setKeepsPermissionsAndLink();
    void refused_data();
    void refused();
    void mendsOneThingAfterTheOther();

    void savedFileIsTakenUp();
    void renamedFileIsTakenUp();
    void wrongFileChangesNothing();
    void reload();
    void commandLineIsStronger();
    void certificate();
    void limits();
    void hangUpSignal();
    void savedWhileItStops();

private:
    void write(const QByteArray &text) const;
    QByteArray text() const;
    Home::Finished config(const QStringList &words) const;
    // With what the home's settings say in the file, so that it can be changed there.
    QByteArray base() const;
    bool start(ServerProcess *server) const;
    Home::Finished run(const QStringList &words) const;

    std::unique_ptr<Home> m_home;
    QString m_file;
};

void TestE2eConfig::init()
{
    m_home = std::make_unique<Home>();
    m_file = m_home->path(u"my.ini"_s);
}

void TestE2eConfig::write(const QByteArray &text) const
{
    QFile file(m_file);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) {
        qFatal("The test cannot write its file");
    }
}

QByteArray TestE2eConfig::text() const
{
    QFile file(m_file);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("there is no file");
}

Home::Finished TestE2eConfig::run(const QStringList &words) const
{
    return m_home->run(QStringList{u"--config"_s, m_file} + words);
}

Home::Finished TestE2eConfig::config(const QStringList &words) const
{
    return run(QStringList{u"config"_s} + words);
}

QByteArray TestE2eConfig::base() const
{
    QByteArray lines;
    for (const QString &setting : m_home->settings()) {
        lines += setting.mid(2).toUtf8() + '\n';
    }
    return lines;
}

bool TestE2eConfig::start(ServerProcess *server) const
{
    return server->startWith({u"--config"_s, m_file, u"serve"_s});
}

void TestE2eConfig::show()
{
    write("bind-port=\nlog-level=debug\n");
    const auto all = config({u"show"_s});
    QCOMPARE(all.exitCode, 0);
    QVERIFY(all.out.contains(u"\nlog-level=debug "_s));
    QVERIFY(all.out.contains(u"  # %1:2\n"_s.arg(m_file)));

    const auto one = config({u"show"_s, u"Log-Level"_s});
    QCOMPARE(one.exitCode, 0);
    QVERIFY2(one.out.startsWith(
                 u"log-level=debug\n# %1:2\n# default: info\n# must be error, warn, "
                 "info, debug or trace\n# a change holds at once\n# What the log "_s.arg(m_file)),
             qPrintable(one.out));
    QVERIFY(config({u"show"_s, u"bind-port"_s}).out.contains(u"# a change needs a restart\n"_s));

    const auto unknown = config({u"show"_s, u"log-levl"_s});
    QCOMPARE(unknown.exitCode, 64);
    QCOMPARE(unknown.err, u"postnook: unknown key 'log-levl' (nearest known key: log-level)\n"_s);
}

void TestE2eConfig::set()
{
    write("# Mine.\r\nlog-level=info\r\n");
    const auto changed = config({u"set"_s, u"log-level"_s, u"debug"_s});
    QCOMPARE(changed.exitCode, 0);
    QCOMPARE(
        changed.err,
        u"log-level is now debug and was info (%1:2). A server that runs goes by it at once.\n"_s
            .arg(m_file));
    QCOMPARE(text(), "# Mine.\r\nlog-level=debug\r\n");

    const auto restart = config({u"set"_s, u"bind-port=1143"_s});
    QCOMPARE(
        restart.err,
        u"bind-port is now 1143 and was 143 (%1:3). A server that runs has to be started again "
        "to go by it.\n"_s.arg(m_file));
    QCOMPARE(text(), "# Mine.\r\nlog-level=debug\r\nbind-port=1143\r\n");

    const auto same = config({u"set"_s, u"bind-port"_s, u"1143"_s});
    QCOMPARE(same.err, u"bind-port is 1143, as before (%1:3).\n"_s.arg(m_file));
    QCOMPARE(config({u"set"_s, u"bind-port"_s, u""_s}).exitCode, 0);
    QCOMPARE(text(), "# Mine.\r\nlog-level=debug\r\nbind-port=\r\n");
}

void TestE2eConfig::setSeveral()
{
    write("");
    const auto changed = config({u"set"_s, u"idle-timeout=1h"_s, u"max-connections=7"_s});
    QCOMPARE(changed.exitCode, 0);
    QCOMPARE(text(), "idle-timeout=1h\nmax-connections=7\n");
}

// As a shell means them: below the folder that one is in, not below that of the file.
void TestE2eConfig::setPaths()
{
    write("");
    QCOMPARE(config({u"set"_s, u"data-dir"_s, u"mail"_s}).exitCode, 0);
    QCOMPARE(text(), "data-dir=" + QDir::current().filePath(u"mail"_s).toUtf8() + '\n');
    QCOMPARE(config({u"set"_s, u"data-dir"_s, u"~/mail"_s}).exitCode, 0);
    QCOMPARE(text(), "data-dir=~/mail\n");
    QCOMPARE(config({u"set"_s, u"data-dir=C:\\Users\\Jörg\\new"_s}).exitCode, 0);
    QCOMPARE(text(), "data-dir=C:\\Users\\J\xc3\xb6rg\\new\n");
    write("");
    QCOMPARE(config({u"set"_s, u"backup-folder=backup"_s, u"log-file=a.log"_s}).exitCode, 0);
    QCOMPARE(text(),
             "backup-folder=" + QDir::current().filePath(u"backup"_s).toUtf8()
                 + "\nlog-file=" + QDir::current().filePath(u"a.log"_s).toUtf8() + '\n');
    QCOMPARE(config({u"set"_s, u"backup-folder="_s}).exitCode, 0);
    QVERIFY(text().startsWith("backup-folder=\n"));
}

void TestE2eConfig::unset_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::newRow("unset") << QStringList{u"unset"_s, u"log-level"_s};
    QTest::newRow("set --default") << QStringList{u"set"_s, u"log-level"_s, u"--default"_s};
}

void TestE2eConfig::unset()
{
    QFETCH(QStringList, words);
    write("log-level=debug\n");
    const auto changed = config(words);
    QCOMPARE(changed.exitCode, 0);
    QVERIFY(changed.err.startsWith(u"log-level is now info and was debug"_s));
    QCOMPARE(text(), "#log-level=info\n");
    const auto again = config(words);
    QCOMPARE(again.err, u"log-level is info, as before.\n"_s);
}

void TestE2eConfig::setMakesTheFile()
{
#if defined(Q_OS_WIN) || defined(Q_OS_MACOS)
    QSKIP("the usual folders cannot be moved by the environment here");
#endif
    m_file = m_home->path(u"config/postnook/postnook.ini"_s);
    QCOMPARE(m_home->run({u"config"_s, u"set"_s, u"log-level"_s, u"loud"_s}).exitCode, 78);
    QVERIFY(!QFile::exists(m_file));
    const auto made = m_home->run({u"config"_s, u"set"_s, u"log-level"_s, u"debug"_s});
    QCOMPARE(made.exitCode, 0);
    QVERIFY2(made.err.startsWith(m_file + u" is new, with every setting explained.\n"_s),
             qPrintable(made.err));
    QVERIFY(text().contains("\nlog-level=debug\n"));
    QVERIFY(text().contains("\nbind-addr=127.0.0.1 ::1\n"));
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY((QFile::permissions(m_file) & others) == 0);
}

void TestE2eConfig::setKeepsPermissionsAndLink()
{
#ifdef Q_OS_WIN
    QSKIP("permissions and links are other things here");
#endif
    const QString real = m_home->path(u"real.ini"_s);
    write("log-level=info\n");
    QVERIFY(QFile::rename(m_file, real) && QFile::link(real, m_file));
    const auto readable = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup;
    QVERIFY(QFile::setPermissions(real, readable));

    QCOMPARE(config({u"set"_s, u"log-level"_s, u"debug"_s}).exitCode, 0);
    QVERIFY(QFileInfo(m_file).isSymLink());
    QCOMPARE(text(), "log-level=debug\n");
    const auto kept = QFile::permissions(real);
    QVERIFY((kept & QFile::ReadGroup) != 0);
    QVERIFY((kept & (QFile::ReadOther | QFile::WriteGroup)) == 0);
}

void TestE2eConfig::refused_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("message");
    QTest::newRow("value") << QStringList{u"set"_s, u"log-level"_s, u"loud"_s} << 78
                           << u"FILE:2: log-level=loud: must be error, warn, info, debug or trace\n"
                              "postnook: nothing was changed"_s;
    QTest::newRow("one of several")
        << QStringList{u"set"_s, u"idle-timeout=1h"_s, u"max-connections=0"_s} << 78
        << u"FILE:4: max-connections=0: must be a number from 1 to 1000000\n"
           "postnook: nothing was changed"_s;
    QTest::newRow("half a pair")
        << QStringList{u"set"_s, u"key-path"_s, u"/x.key"_s} << 78
        << u"FILE:3: key-path=/x.key: cert-path must be set too, to the certificate of this key\n"
           "postnook: nothing was changed"_s;
    QTest::newRow("certificate that is not there")
        << QStringList{u"set"_s, u"cert-path=/none.pem"_s, u"key-path=/none.pem"_s} << 78
        << u"FILE:3: cert-path=/none.pem: "_s;
    QTest::newRow("both ports alike")
        << QStringList{u"set"_s, u"bind-port"_s, u"993"_s} << 78
        << u"FILE:3: bind-port=993: bind-port and bind-port-tls must be different, and both are 993"_s;
    QTest::newRow("unknown key") << QStringList{u"set"_s, u"bind-prt"_s, u"143"_s} << 64
                                 << u"unknown key 'bind-prt' (nearest known key: bind-port)"_s;
    QTest::newRow("no value")
        << QStringList{u"set"_s, u"bind-port"_s} << 64
        << u"'bind-port' needs a value: postnook config set bind-port=VALUE"_s;
    QTest::newRow("dashes")
        << QStringList{u"set"_s, u"--bind-port=1"_s, u"x"_s} << 64
        << u"a setting is written without dashes here: postnook config set bind-port=VALUE"_s;
    QTest::newRow("line break") << QStringList{u"set"_s, u"key-path"_s, u"/a\nlog-level=trace"_s}
                                << 78 << u"a control character; remove it"_s;
    QTest::newRow("nothing") << QStringList{u"set"_s} << 64 << u"'config set' needs KEY=VALUE..."_s;
}

void TestE2eConfig::refused()
{
    QFETCH(QStringList, words);
    QFETCH(QString, message);
    const QByteArray before = "# Mine.\nlog-level=warn\n";
    write(before);
    const auto finished = config(words);
    QTEST(finished.exitCode, "exitCode");
    message.replace(u"FILE"_s, m_file);
    QVERIFY2(finished.err.contains(message), qPrintable(finished.err));
    QCOMPARE(text(), before);
}

void TestE2eConfig::mendsOneThingAfterTheOther()
{
    write("log-level=loud\nbind-port=many\nkey-path=/x\n");
    const auto first = config({u"set"_s, u"log-level"_s, u"info"_s});
    QCOMPARE(first.exitCode, 0);
    QVERIFY2(first.err.contains(u"The file still has other mistakes"_s), qPrintable(first.err));
    QVERIFY2(first.err.contains(u":2: bind-port=many: "_s), qPrintable(first.err));
    QCOMPARE(config({u"set"_s, u"bind-port"_s, u"more"_s}).exitCode, 78);
    QCOMPARE(config({u"set"_s, u"bind-port"_s, u"1143"_s}).exitCode, 0);
    QCOMPARE(config({u"unset"_s, u"key-path"_s}).exitCode, 0);
    QCOMPARE(config({u"check"_s}).exitCode, 0);
}

void TestE2eConfig::savedFileIsTakenUp()
{
    write(base());
    ServerProcess server(*m_home);
    QVERIFY(start(&server));
    QCOMPARE(config({u"set"_s, u"log-level"_s, u"debug"_s}).exitCode, 0);
    QVERIFY(server.waitForLog(u"info postnook.settings: log-level: info -> debug\n"_s));
    ImapClient client;
    QVERIFY(client.connectTls(server.portTls()));
    QVERIFY(server.waitForLog(u"debug postnook.session: s1 connected"_s));

    QCOMPARE(config({u"set"_s, u"log-level"_s, u"error"_s}).exitCode, 0);
    QVERIFY(server.waitForLog(u"info postnook.settings: log-level: debug -> error\n"_s));
    QFile file(m_file); // in place
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(base());
    file.close();
    QVERIFY(server.waitForLog(u"info postnook.settings: log-level: error -> info\n"_s));
}

// As many editors do it.
void TestE2eConfig::renamedFileIsTakenUp()
{
    write(base());
    ServerProcess server(*m_home);
    QVERIFY(start(&server));
    for (const QByteArray &level : {QByteArray("debug"), QByteArray("trace")}) {
        QFile next(m_file + u"~"_s);
        QVERIFY(next.open(QIODevice::WriteOnly));
        next.write(base() + "log-level=" + level + '\n');
        next.close();
        QVERIFY(QFile::remove(m_file) && next.rename(m_file));
        QVERIFY2(server.waitForLog(u"-> %1\n"_s.arg(QString::fromLatin1(level))),
                 qPrintable(server.log()));
    }
}

void TestE2eConfig::wrongFileChangesNothing()
{
    write(base());
    ServerProcess server(*m_home);
    QVERIFY(start(&server));
    write(base() + "log-level=loud\nmax-connections=1\n");
    QVERIFY(server.waitForLog(u"log-level=loud: must be error, warn, info, debug or trace\n"_s));
    QVERIFY(server.waitForLog(u"what held before still holds"_s));
    ImapClient first;
    ImapClient second;
    QVERIFY(first.connectTls(server.portTls()) && second.connectTls(server.portTls()));

    const auto reload = run({u"reload"_s});
    QCOMPARE(reload.exitCode, 78);
    QVERIFY2(reload.err.contains(u"log-level=loud: must be"_s), qPrintable(reload.err));
    QVERIFY2(reload.err.contains(u"nothing was changed"_s), qPrintable(reload.err));
    const auto status = run({u"status"_s});
    QVERIFY2(status.out.contains(u"; it has mistakes, so what held before holds"_s),
             qPrintable(status.out));

    QCOMPARE(config({u"set"_s, u"log-level"_s, u"warn"_s}).exitCode, 0);
    QVERIFY(server.waitForLog(u"log-level: info -> warn"_s));
}

void TestE2eConfig::reload()
{
    QCOMPARE(run({u"reload"_s}).exitCode, 65); // no file, and who knows where the data is
    write(base());
    ServerProcess server(*m_home);
    QVERIFY(start(&server));
    const auto nothing = run({u"reload"_s});
    QCOMPARE(nothing.exitCode, 0);
    QCOMPARE(nothing.err, u"The server goes by these settings already.\n"_s);

    write(base().replace("bind-port=0", "bind-port=2143") + "idle-timeout=1h\n");
    const auto changed = run({u"reload"_s});
    QCOMPARE(changed.exitCode, 0);
    // Perhaps the server has seen the file first.
    QVERIFY2(
        changed.out.endsWith(u"bind-port: 0 -> 2143 (holds when the server is started again)\n"_s),
        qPrintable(changed.out));
    QVERIFY(server.waitForLog(u"info postnook.settings: idle-timeout: 30m -> 1h\n"_s));
    QVERIFY(
        server.waitForLog(u"bind-port: 0 -> 2143; it holds when the server is started again"_s));
    QCOMPARE(server.log().count(u"idle-timeout: "_s), 1);
    const auto status = run({u"status"_s});
    QVERIFY2(status.out.contains(u"; from the next start on: bind-port: 0 -> 2143\n"_s),
             qPrintable(status.out));
}

void TestE2eConfig::commandLineIsStronger()
{
    write(base());
    ServerProcess server(*m_home);
    QVERIFY(server.startWith(
        {u"--config"_s, m_file, u"--log-level=info"_s, u"--max-connections=5"_s, u"serve"_s}));
    write(base() + "log-level=error\nmax-connections=1\nmax-bad-commands=7\n");
    QVERIFY(server.waitForLog(u"max-bad-commands: 20 -> 7"_s));
    QVERIFY(!server.log().contains(u"log-level: "_s));
    QVERIFY(!server.log().contains(u"max-connections: "_s));
}

void TestE2eConfig::certificate()
{
    const QString data = QStringLiteral(TEST_DATA) + u"/certificates/"_s;
    write(base());
    ServerProcess server(*m_home);
    QVERIFY(start(&server));
    ImapClient before;
    QVERIFY(before.connectTls(server.portTls()));
    const auto own = before.socket().peerCertificate();

    write(base() + "cert-path=" + data.toUtf8() + "ec.pem\nkey-path=" + data.toUtf8()
          + "rsa-pkcs1.key\n");
    const auto wrong = run({u"reload"_s});
    QCOMPARE(wrong.exitCode, 78);
    QVERIFY2(wrong.err.contains(u"this key does not belong to the certificate"_s),
             qPrintable(wrong.err));

    write(base() + "cert-path=" + data.toUtf8() + "ec.pem\nkey-path=" + data.toUtf8()
          + "ec-sec1.key\n");
    QCOMPARE(run({u"reload"_s}).exitCode, 0);
    ImapClient after;
    QVERIFY(after.connectTls(server.portTls()));
    QVERIFY(after.socket().peerCertificate() != own);

    write(base());
    QCOMPARE(run({u"reload"_s}).exitCode, 0);
    ImapClient again;
    QVERIFY(again.connectTls(server.portTls()));
    QCOMPARE(again.socket().peerCertificate(), own);
    QVERIFY(before.succeeds("NOOP"));
}

void TestE2eConfig::limits()
{
    write(base());
    ServerProcess server(*m_home);
    QVERIFY(start(&server));
    QVERIFY(m_home->addAccount(u"ann"_s, "secret"));
    ImapClient before;
    QVERIFY(before.connectTls(server.portTls()) && before.login("ann", "secret"));
    QCOMPARE(config({u"set"_s, u"max-request-size=1M"_s, u"hide-capabilities=*: MOVE"_s}).exitCode,
             0);
    QCOMPARE(run({u"reload"_s}).exitCode, 0);
    ImapClient after;
    QVERIFY(after.connectTls(server.portTls()) && after.login("ann", "secret"));
    const QByteArray capabilities = after.command("CAPABILITY").first();
    QVERIFY2(capabilities.contains(" APPENDLIMIT=1048576"), capabilities.constData());
    QVERIFY2(!capabilities.contains(" MOVE"), capabilities.constData());
    QVERIFY(before.succeeds("SELECT INBOX"));
}

void TestE2eConfig::hangUpSignal()
{
#ifdef Q_OS_WIN
    QSKIP("there are no signals here");
#else
    write(base());
    ServerProcess server(*m_home);
    QVERIFY(start(&server));
    write(base() + "log-level=debug\n");
    QCOMPARE(::kill(static_cast<pid_t>(server.processId()), SIGHUP), 0);
    QVERIFY(server.waitForLog(u"log-level: info -> debug"_s));
    QCOMPARE(::kill(static_cast<pid_t>(server.processId()), SIGHUP), 0);
    ImapClient client;
    QVERIFY(client.connectTls(server.portTls()));
    QVERIFY(server.isRunning());
    server.terminate();
    QCOMPARE(server.waitForEnd(), 0);
#endif
}

void TestE2eConfig::savedWhileItStops()
{
    write(base() + "shutdown-timeout=2s\n");
    QVERIFY(m_home->addAccount(u"ann"_s, "secret"));
    ServerProcess server(*m_home);
    QVERIFY(start(&server));
    // Who reads nothing of a large message is waited for, as long as that may be.
    ImapClient client;
    QVERIFY(client.connectTls(server.portTls()) && client.login("ann", "secret"));
    const QByteArray message = "Subject: large\r\n\r\n" + QByteArray(8 * 1024 * 1024, 'x');
    QVERIFY(client.succeeds("APPEND INBOX {" + QByteArray::number(message.size()) + "+}\r\n"
                            + message));
    QVERIFY(client.succeeds("SELECT INBOX"));
    client.socket().setReadBufferSize(1024);
    client.send("b FETCH 1 BODY[]\r\n");
    QVERIFY(!client.readLine().isEmpty());
    server.terminate();
    QVERIFY(server.waitForLog(u"stopping"_s));
    write(base() + "log-level=debug\n");
    QCOMPARE(server.waitForEnd(), 0);
}

QTEST_GUILESS_MAIN(TestE2eConfig)
#include "tst_e2econfig.moc"
