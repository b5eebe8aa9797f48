#include "app/settings/settingsloader.h"
#include "app/settings/settingvalues.h"
#include "core/commands/commandtable.h"
#include "core/session/capabilities.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

using namespace Postnook;
using namespace Qt::StringLiterals;

// Messages are compared whole: they are what a person gets to see. FILE stands for the file's path.
class TestSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaults();
    void everyKeyTakesItsOwnDefault();
    void everyKeyHasDocumentation();
    void faults_data();
    void faults();
    void values_data();
    void values();
    void reportsEveryFaultAtOnce();
    void unreadableFiles();
    void fileWithoutReadPermission();
    void commandLineWins();
    void commandLineFaults();
    void everyValueKnowsItsOrigin();
    void splitsArguments_data();
    void splitsArguments();
    void nearestKey_data();
    void nearestKey();

private:
    LoadedSettings load(const QByteArray &text, const QList<SettingOverride> &overrides = {});
    QStringList faultsOf(const QByteArray &text, const QList<SettingOverride> &overrides = {});

    QTemporaryDir m_dir;
    QString m_path = m_dir.filePath(u"postnook.ini"_s);
};

LoadedSettings TestSettings::load(const QByteArray &text, const QList<SettingOverride> &overrides)
{
    QFile file(m_path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) {
        qFatal("The test cannot write its file");
    }
    file.close();
    return loadSettings(m_path, overrides);
}

QStringList TestSettings::faultsOf(const QByteArray &text, const QList<SettingOverride> &overrides)
{
    QStringList faults = load(text, overrides).faults;
    return faults.replaceInStrings(m_path, u"FILE"_s);
}

void TestSettings::defaults()
{
    const LoadedSettings loaded = loadSettings({}, {});

    QCOMPARE(loaded.faults, QStringList());
    QCOMPARE(loaded.file, QString());
    const Settings &settings = loaded.settings;
    QCOMPARE(settings.bindAddresses, {u"0.0.0.0"_s});
    QCOMPARE(settings.bindPort, 143);
    QCOMPARE(settings.bindPortTls, 993);
    QCOMPARE(settings.certPath, QString());
    QCOMPARE(settings.keyPath, QString());
    QCOMPARE(settings.logLevel, LogLevel::Info);
    QCOMPARE(settings.imap.maxRequestSize, 52'428'800U);
    QCOMPARE(settings.imap.allowPlaintextAuth, false);
    QCOMPARE(settings.storage.workers, QThread::idealThreadCount());
    QCOMPARE(settings.storage.undeleteRetentionSeconds, 30 * 86400);
    QCOMPARE(settings.storage.syncHistorySeconds, 365 * 86400);
    QCOMPARE(settings.searchIndex, true);
    QCOMPARE(settings.purgeTrashAfterSeconds, 0);
    QCOMPARE(settings.purgeJunkAfterSeconds, 0);
    QCOMPARE(settings.storage.lowDiskBytes, 1024LL * 1024 * 1024);
    QCOMPARE(settings.storage.diskReserveBytes, 32LL * 1024 * 1024);
    QVERIFY(storageOptions(settings).searchTexts.make);
    QCOMPARE(settings.dataDir, defaultDataDir());
    QVERIFY(QDir::isAbsolutePath(settings.dataDir));
    QVERIFY(QDir::isAbsolutePath(defaultConfigPath()));
    QVERIFY(load({}).faults.isEmpty()); // so does an empty file
}

// What the template shows can be uncommented, and every default lies in its range.
void TestSettings::everyKeyTakesItsOwnDefault()
{
    const Settings defaults = defaultSettings();
    for (const SettingKey &key : settingKeys()) {
        Settings settings = defaults;
        const QString text = valueText(key, defaults);
        QVERIFY2(setValue(key, text, u"/base"_s, settings), key.name.data());
        QCOMPARE(valueText(key, settings), text);
    }
}

void TestSettings::everyKeyHasDocumentation()
{
    QStringList names;
    for (const SettingKey &key : settingKeys()) {
        QVERIFY2(key.doc.endsWith(u'.'), key.name.data());
        QVERIFY2(!allowedValues(key).isEmpty(), key.name.data());
        names.append(key.name);
    }
    QCOMPARE(names.removeDuplicates(), 0);
}

void TestSettings::faults_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QStringList>("expected");

    const auto row = [](const char *name, const QByteArray &text, const QString &expected) {
        QTest::newRow(name) << text << QStringList{expected};
    };
    row("port out of range",
        "# comment\nbind-port=70000\n",
        u"FILE:2: bind-port=70000: must be a number from 0 to 65535 (0: any free port), or empty "
        "(off)"_s);
    row("port is no number",
        "bind-port-tls=imaps\n",
        u"FILE:1: bind-port-tls=imaps: must be a number from 0 to 65535 (0: any free port), or "
        "empty (off)"_s);
    row("negative port",
        "bind-port=-1\n",
        u"FILE:1: bind-port=-1: must be a number from 0 to 65535 (0: any free port), or empty "
        "(off); a port is off with nothing behind the ="_s);
    row("comment behind a number",
        "bind-port=143   # the usual one\n",
        u"FILE:1: bind-port=143   # the usual one: must be a number from 0 to 65535 (0: any free "
        "port), or empty (off); a comment goes on a line of its own"_s);
    row("comment behind a level",
        "log-level=info ; more than enough\n",
        u"FILE:1: log-level=info ; more than enough: must be error, warn, info, debug or trace; a "
        "comment goes on a line of its own"_s);
    row("host name as address",
        "bind-addr=localhost\n",
        u"FILE:1: bind-addr=localhost: must be IP addresses separated by spaces, such as 127.0.0.1 "
        "::1; localhost is 127.0.0.1 ::1"_s);
    row("short address",
        "bind-addr=127.1\n",
        u"FILE:1: bind-addr=127.1: must be IP addresses separated by spaces, such as 127.0.0.1 "
        "::1"_s);
    row("comma between addresses",
        "bind-addr=127.0.0.1, ::1\n",
        u"FILE:1: bind-addr=127.0.0.1, ::1: must be IP addresses separated by spaces, such as "
        "127.0.0.1 ::1; write blanks between them"_s);
    row("no address",
        "bind-addr=\n",
        u"FILE:1: bind-addr=: must be IP addresses separated by spaces, such as 127.0.0.1 ::1"_s);
    row("comma between names",
        "cert-names=mail.example.org, box\n",
        u"FILE:1: cert-names=mail.example.org, box: must be host names and IP addresses separated "
        "by spaces, or empty"_s);
    row("short address as a name",
        "cert-names=127.1\n",
        u"FILE:1: cert-names=127.1: must be host names and IP addresses separated by spaces, or "
        "empty"_s);
    row("level",
        "log-level=verbose\n",
        u"FILE:1: log-level=verbose: must be error, warn, info, debug or trace; write debug"_s);
    row("boolean",
        "allow-plaintext-auth=maybe\n",
        u"FILE:1: allow-plaintext-auth=maybe: must be true or false"_s);
    row("count below its range",
        "worker-pool-size=0\n",
        u"FILE:1: worker-pool-size=0: must be a number from 1 to 256"_s);
    row("count above its range",
        "worker-pool-size=99999999999999999999\n",
        u"FILE:1: worker-pool-size=99999999999999999999: must be a number from 1 to 256"_s);
    row("size below its range",
        "max-request-size=10\n",
        u"FILE:1: max-request-size=10: must be a size from 64K to 4G, in bytes or with K, M or "
        "G"_s);
    row("size with an unknown unit",
        "max-request-size=50T\n",
        u"FILE:1: max-request-size=50T: must be a size from 64K to 4G, in bytes or with K, M or "
        "G"_s);
    row("size that overflows",
        "max-request-size=999999999999999G\n",
        u"FILE:1: max-request-size=999999999999999G: must be a size from 64K to 4G, in bytes or "
        "with K, M or G"_s);
    row("time without a unit",
        "idle-timeout=30\n",
        u"FILE:1: idle-timeout=30: must be a time from 1s to 7d with its unit, such as 30s, 5m, "
        "2h, 30d or 1y; 30 of what? Write 30s for seconds or 30m for minutes"_s);
    row("no time where there has to be some",
        "idle-timeout=0\n",
        u"FILE:1: idle-timeout=0: must be a time from 1s to 7d with its unit, such as 30s, 5m, "
        "2h, 30d or 1y"_s);
    row("a time of days",
        "undelete-retention=30\n",
        u"FILE:1: undelete-retention=30: must be a time from 0s to 100y with its unit, such as "
        "30s, 5m, 2h, 30d or 1y; 30 of what? Write 30s for seconds, 30m for minutes or 30d for "
        "days"_s);
    row("an account",
        "password=secret\n",
        u"FILE:1: password=secret: accounts are no settings; `postnook account add NAME` makes "
        "one"_s);
    row("time out of range",
        "login-timeout=2d\n",
        u"FILE:1: login-timeout=2d: must be a time from 1s to 1d with its unit, such as 30s, 5m, "
        "2h, 30d or 1y"_s);
    row("time below the step of its field",
        "sync-history=1500ms\n",
        u"FILE:1: sync-history=1500ms: must be a time from 0s to 100y with its unit, such as 30s, "
        "5m, 2h, 30d or 1y"_s);
    row("empty folder", "data-dir=\n", u"FILE:1: data-dir=: must be the path of a folder"_s);

    for (const QByteArray value :
         {"ann: BOGUS", "IDLE", ": IDLE", "ann:", "ann: IDLE,", "*: STARTTLS", "*: IMAP4REV1"}) {
        row(value,
            "hide-capabilities=" + value + '\n',
            u"FILE:1: hide-capabilities=%1: must be entries such as 'ann: IDLE, MOVE', separated "
            "by ';' ('*' is every account), of these: %2"_s.arg(
                QString::fromLatin1(value),
                QString::fromLatin1(hideableCapabilities(commandTable()).join(' '))));
    }

    row("unknown key with a near one",
        "\nbind-prot=1143\n",
        u"FILE:2: bind-prot=1143: unknown key (nearest known key: bind-port)"_s);
    row("unknown key in capitals",
        "CERTPATH=x\n",
        u"FILE:1: CERTPATH=x: unknown key (nearest known key: cert-path)"_s);
    row("unknown key with none near",
        "colour=blue\n",
        u"FILE:1: colour=blue: unknown key (`postnook config check` prints all keys)"_s);
    row("duplicate",
        "bind-port=143\nBind-Port=1143\n",
        u"FILE:2: Bind-Port=1143: the key is set on line 1 already; remove one of the two"_s);
    row("colon",
        "bind-port: 143\n",
        u"FILE:1: bind-port: 143: a line must be key=value: write bind-port=143"_s);
    row("section",
        "[server]\nbind-port=143\n",
        u"FILE:1: [server]: this file has no sections; remove the line"_s);
    row("no pair",
        "bind-port\n",
        u"FILE:1: bind-port: a line must be key=value, or a comment that begins with #"_s);
    row("Latin-1",
        "# Einstellungen\ndata-dir=/home/J\xf6rg\n",
        u"FILE:2: not valid UTF-8; save the file as UTF-8"_s);
    row("UTF-16",
        QByteArray("\xff\xfe\x61\x00=\x00", 6),
        u"FILE: this file is UTF-16 text; save it as UTF-8"_s);
    row("NUL",
        QByteArray("bind-port=\0", 11),
        u"FILE:1: a NUL byte; save the file as UTF-8 text"_s);
    row("control character in the file never reaches the terminal",
        "bind-port=\x1b[31m\n",
        u"FILE:1: bind-port=\\x1b[31m: a control character; remove it"_s);
    row("a long line is cut",
        "log-level=" + QByteArray(500, 'x') + '\n',
        u"FILE:1: log-level=%1...: must be error, warn, info, debug or trace"_s.arg(
            QString(110, u'x')));

    row("both ports off",
        "bind-port=\nbind-port-tls=\n",
        u"FILE:2: bind-port-tls=: bind-port and bind-port-tls are both off; set one of them"_s);
    row("one port twice",
        "bind-port=1993\nbind-port-tls=1993\n",
        u"FILE:2: bind-port-tls=1993: bind-port and bind-port-tls must be different, and both are "
        "1993"_s);
    row("certificate without key",
        "cert-path=/etc/cert.pem\n",
        u"FILE:1: cert-path=/etc/cert.pem: key-path must be set too, to the private key of this "
        "certificate (it may be in the same file)"_s);
    row("key without certificate",
        "key-path=/etc/key.pem\n",
        u"FILE:1: key-path=/etc/key.pem: cert-path must be set too, to the certificate of this "
        "key"_s);
}

void TestSettings::faults()
{
    QFETCH(QByteArray, text);
    QFETCH(QStringList, expected);

    QCOMPARE(faultsOf(text), expected);
}

void TestSettings::values_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("expected"); // as valueText() has it; DIR is the folder of the file

    const auto row = [](const char *key, const QByteArray &value, const QString &expected) {
        QTest::addRow("%s=%s", key, value.constData())
            << QString::fromUtf8(key) << value << expected;
    };
    row("hide-capabilities", "", u""_s);
    row("hide-capabilities",
        "Ann: idle,Move ; *: REPLACE; ann: ID",
        u"ann: IDLE, MOVE, ID; *: REPLACE"_s);
    row("hide-capabilities", "a:b c: STATUS=SIZE;", u"a:b c: STATUS=SIZE"_s);
    row("bind-addr", "127.0.0.1 ::1", u"127.0.0.1 ::1"_s);
    row("bind-addr", "  ::1\t127.0.0.1  ", u"::1 127.0.0.1"_s);
    row("bind-addr", "::1 0:0:0:0:0:0:0:1", u"::1"_s);
    row("cert-names", "", u""_s);
    row("cert-names",
        " Mail.Example.ORG\t203.0.113.7 mail.example.org ",
        u"mail.example.org 203.0.113.7"_s);
    row("cert-names", "büro.example FD00:0::1", u"xn--bro-hoa.example fd00::1"_s);
    row("BIND-ADDR", "::", u"::"_s);
    row("bind-port", "0", u"0"_s);
    row("bind-port", "", QString());
    row("bind-port", "\"143\"", u"143"_s);
    row("Bind-Port", "65535", u"65535"_s);
    row("log-level", "TRACE", u"trace"_s);
    row("allow-plaintext-auth", "yes", u"true"_s);
    row("allow-plaintext-auth", "On", u"true"_s);
    row("allow-plaintext-auth", "0", u"false"_s);
    row("max-request-size", "1000000", u"1000000"_s);
    row("max-request-size", "50M", u"52428800"_s);
    row("max-request-size", "50MiB", u"52428800"_s);
    row("max-request-size", "50 mb", u"52428800"_s);
    row("max-request-size", "64k", u"65536"_s);
    row("max-request-size", "4G", u"4294967296"_s);
    row("max-request-size", "65536B", u"65536"_s);
    row("idle-timeout", "90s", u"90s"_s);
    row("idle-timeout", "120s", u"2m"_s);
    row("idle-timeout", "5 M", u"5m"_s);
    row("idle-timeout", "1500ms", u"1500ms"_s);
    row("search-index", "off", u"false"_s);
    row("low-disk-warning", "5G", u"5368709120"_s);
    row("disk-reserve", "0", u"0"_s);
    row("undelete-retention", "1y", u"1y"_s);
    row("undelete-retention", "0s", u"0s"_s);
    row("undelete-retention", "0", u"0s"_s);
    row("undelete-retention", "26h", u"26h"_s);
    row("purge-trash-after", "30d", u"30d"_s);
    row("purge-junk-after", "0", u"0s"_s);
    row("cert-path", "C:\\Users\\me\\new\\imap.crt", u"C:\\Users\\me\\new\\imap.crt"_s);
    row("cert-path", "\"C:\\Program Files\\imap.crt\"", u"C:\\Program Files\\imap.crt"_s);
    row("cert-path", "\\\\nas\\certs\\imap.crt", u"\\\\nas\\certs\\imap.crt"_s);
    row("cert-path", "/etc/a, b; c # d.pem", u"/etc/a, b; c # d.pem"_s);
    row("cert-path", "tls/imap.crt", u"DIR/tls/imap.crt"_s);
    row("data-dir", "/srv/J\xc3\xb6rg", u"/srv/J\u00f6rg"_s);
    row("data-dir", "../mail", u"PARENT/mail"_s);
    row("data-dir", "~/mail", QDir::homePath() + u"/mail"_s);
    row("data-dir", "~", QDir::homePath());
}

void TestSettings::values()
{
    QFETCH(QString, key);
    QFETCH(QByteArray, value);
    QFETCH(QString, expected);

    // A certificate needs its key.
    const QByteArray keyPath = key == u"cert-path"_s ? "key-path=/key.pem\n" : "";
    const LoadedSettings loaded = load(key.toUtf8() + '=' + value + "\r\n" + keyPath);

    QCOMPARE(loaded.faults, QStringList());
    const QDir dir(m_dir.path());
    expected.replace(u"DIR"_s, dir.path());
    expected.replace(u"PARENT"_s, QDir::cleanPath(dir.filePath(u".."_s)));
    QCOMPARE(valueText(*findSettingKey(key), loaded.settings), expected);
}

void TestSettings::reportsEveryFaultAtOnce()
{
    QCOMPARE(faultsOf("bind-port: 1\nfoo\nlog-level=x\nbind-prot=2\nworker-pool-size=2\n").size(),
             4);
}

void TestSettings::unreadableFiles()
{
    const QString folder = m_dir.path();
    QCOMPARE(loadSettings(folder, {}).faults,
             {folder + u": this is a folder, not a settings file"_s});

    const QString missing = m_dir.filePath(u"missing.ini"_s);
    QFile file(missing);
    QVERIFY(!file.open(QIODevice::ReadOnly));
    QCOMPARE(loadSettings(missing, {}).faults,
             {missing + u": cannot be read: "_s + file.errorString()});
}

void TestSettings::fileWithoutReadPermission()
{
    QCOMPARE(load("bind-port=143\n").faults, QStringList());
    QFile file(m_path);
    QVERIFY(file.setPermissions(QFile::WriteOwner));
    const auto restore =
        qScopeGuard([&file] { file.setPermissions(QFile::ReadOwner | QFile::WriteOwner); });
    if (file.open(QIODevice::ReadOnly)) {
        QSKIP("This user may read every file");
    }

    QCOMPARE(loadSettings(m_path, {}).faults, {m_path + u": cannot be read: Permission denied"_s});
}

void TestSettings::commandLineWins()
{
    const LoadedSettings loaded = load("bind-port=143\nlog-level=warn\n",
                                       {{u"bind-port"_s, u"1143"_s}, {u"Bind-Port"_s, u"2143"_s}});

    QCOMPARE(loaded.faults, QStringList());
    QCOMPARE(loaded.settings.bindPort, 2143);
    QCOMPARE(loaded.settings.logLevel, LogLevel::Warn);
    // A relative path on the command line begins where the person is.
    const Settings typed = load("data-dir=a\n", {{u"data-dir"_s, u"b"_s}}).settings;
    QCOMPARE(typed.dataDir, QDir::current().filePath(u"b"_s));
}

void TestSettings::commandLineFaults()
{
    QCOMPARE(faultsOf({}, {{u"worker-pool-size"_s, u"many"_s}}),
             {u"command line: --worker-pool-size=many: must be a number from 1 to 256"_s});
    QCOMPARE(faultsOf({}, {{u"bind-port"_s, {}}, {u"bind-port-tls"_s, {}}}),
             {u"command line: --bind-port-tls=: bind-port and bind-port-tls are both off; set one "
              "of them"_s});
}

void TestSettings::everyValueKnowsItsOrigin()
{
    const LoadedSettings loaded =
        load("\nlog-level=warn\nbind-port=143\n", {{u"bind-port"_s, u"1143"_s}});

    QCOMPARE(loaded.origins.size(), settingKeys().size());
    QCOMPARE(loaded.originOf(u"log-level"_s).toString(), m_path + u":2"_s);
    QCOMPARE(loaded.originOf(u"bind-port"_s).toString(), u"command line"_s);
    QCOMPARE(loaded.originOf(u"data-dir"_s).toString(), u"default"_s);
}

void TestSettings::splitsArguments_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QStringList>("rest");
    QTest::addColumn<QStringList>("overrides");
    QTest::addColumn<QStringList>("faults");

    QTest::newRow("none") << QStringList{u"serve"_s} << QStringList{u"serve"_s} << QStringList()
                          << QStringList();
    QTest::newRow("with equals sign")
        << QStringList{u"--config"_s, u"x.ini"_s, u"serve"_s, u"--bind-port=1143"_s}
        << QStringList{u"--config"_s, u"x.ini"_s, u"serve"_s} << QStringList{u"bind-port=1143"_s}
        << QStringList();
    QTest::newRow("as two words, case aside")
        << QStringList{u"--Bind-Port"_s, u"1143"_s, u"serve"_s} << QStringList{u"serve"_s}
        << QStringList{u"Bind-Port=1143"_s} << QStringList();
    QTest::newRow("empty value") << QStringList{u"--bind-port="_s, u"serve"_s}
                                 << QStringList{u"serve"_s} << QStringList{u"bind-port="_s}
                                 << QStringList();
    QTest::newRow("value with an equals sign") << QStringList{u"--cert-path=a=b"_s} << QStringList()
                                               << QStringList{u"cert-path=a=b"_s} << QStringList();
    QTest::newRow("unknown options are not ours")
        << QStringList{u"--bind-prot=1"_s, u"-v"_s} << QStringList{u"--bind-prot=1"_s, u"-v"_s}
        << QStringList() << QStringList();
    QTest::newRow("behind two dashes")
        << QStringList{u"account"_s, u"--"_s, u"--bind-port=1"_s}
        << QStringList{u"account"_s, u"--"_s, u"--bind-port=1"_s} << QStringList() << QStringList();
    QTest::newRow("no value at the end")
        << QStringList{u"--bind-port"_s} << QStringList() << QStringList()
        << QStringList{u"command line: --bind-port: needs a value, as in --bind-port=VALUE"_s};
    QTest::newRow("an option instead of the value")
        << QStringList{u"--log-level"_s, u"--help"_s} << QStringList{u"--help"_s} << QStringList()
        << QStringList{u"command line: --log-level: needs a value, as in --log-level=VALUE"_s};
}

void TestSettings::splitsArguments()
{
    QFETCH(QStringList, arguments);
    QFETCH(QStringList, rest);
    QFETCH(QStringList, overrides);
    QFETCH(QStringList, faults);

    const SplitArguments split = splitSettingArguments(arguments);

    QStringList found;
    for (const SettingOverride &setting : split.overrides) {
        found.append(setting.key + u'=' + setting.value);
    }
    QCOMPARE(split.rest, rest);
    QCOMPARE(found, overrides);
    QCOMPARE(split.faults, faults);
}

void TestSettings::nearestKey_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("nearest");

    QTest::newRow("swapped letters") << u"bind-prot"_s << u"bind-port"_s;
    QTest::newRow("no dash") << u"datadir"_s << u"data-dir"_s;
    QTest::newRow("underscore") << u"log_level"_s << u"log-level"_s;
    QTest::newRow("longer word") << u"bind-address"_s << u"bind-addr"_s;
    QTest::newRow("longer words") << u"certificate-path"_s << u"cert-path"_s;
    QTest::newRow("other word") << u"tls-port"_s << u"bind-port-tls"_s;
    QTest::newRow("other server's word") << u"SSL-Cert"_s << u"cert-path"_s;
    QTest::newRow("short") << u"port"_s << u"bind-port"_s;
    QTest::newRow("short, and a slip") << u"prot"_s << u"bind-port"_s;
    QTest::newRow("nothing near") << u"foo"_s << QString();
    QTest::newRow("empty") << QString() << QString();
    QTest::newRow("much too long") << QString(100'000, u'x') << QString();
}

void TestSettings::nearestKey()
{
    QFETCH(QString, name);
    QFETCH(QString, nearest);

    QCOMPARE(nearestSettingKey(name), nearest);
    QVERIFY(nearest.isEmpty() || findSettingKey(nearest) != nullptr);
}

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
