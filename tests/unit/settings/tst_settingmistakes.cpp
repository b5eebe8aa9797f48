#include "app/commands/configcommand.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QTextStream>

using namespace Postnook;
using namespace Qt::StringLiterals;

// Mistakes that people make. Each row has the file, the message, and the file as somebody mends it
// who has read nothing but that message.
class TestSettingMistakes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void message_data();
    void message();

private:
    struct Checked {
        ExitCode code;
        QString messages;
    };
    Checked check(const QByteArray &text);

    QTemporaryDir m_dir;
    QString m_file = m_dir.filePath(u"postnook.ini"_s);
};

TestSettingMistakes::Checked TestSettingMistakes::check(const QByteArray &text)
{
    QFile file(m_file);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) {
        qFatal("The test cannot write its file");
    }
    file.close();
    QString out;
    QString err;
    QTextStream outStream(&out);
    QTextStream errStream(&err);
    const ExitCode code = runConfigCheck(loadSettings(m_file, {}), outStream, errStream);
    return {code, err};
}

void TestSettingMistakes::message_data()
{
    QTest::addColumn<QByteArray>("wrong");
    QTest::addColumn<QString>("message"); // behind the file's name
    QTest::addColumn<QByteArray>("mended");
    const auto row = [](const char *name,
                        const QByteArray &wrong,
                        const QString &message,
                        const QByteArray &mended) {
        QTest::newRow(name) << wrong << message << mended;
    };
    row("a slip in the key",
        "# Mine\nbind-prot=1143\n",
        u":2: bind-prot=1143: unknown key (nearest known key: bind-port)"_s,
        "bind-port=1143\n");
    row("a colon",
        "log-level: debug\n",
        u":1: log-level: debug: a line must be key=value: write log-level=debug"_s,
        "log-level=debug\n");
    row("no separator",
        "log-level debug\n",
        u":1: log-level debug: a line must be key=value, or a comment that begins with #"_s,
        "log-level=debug\n");
    row("the level of another program",
        "log-level=warning\n",
        u":1: log-level=warning: must be error, warn, info, debug or trace; write warn"_s,
        "log-level=warn\n");
    row("a comment behind a value",
        "max-request-size=50M # photos\n",
        u":1: max-request-size=50M # photos: must be a size from 64K to 4G, in bytes or with K, M "
        "or G; a comment goes on a line of its own"_s,
        "# photos\nmax-request-size=50M\n");
    row("a time without a unit",
        "idle-timeout=30\n",
        u":1: idle-timeout=30: must be a time from 1s to 7d with its unit, such as 30s, 5m, 2h, "
        u"30d "
        "or 1y; 30 of what? Write 30s for seconds or 30m for minutes"_s,
        "idle-timeout=30m\n");
    row("a time in words",
        "undelete-retention=2 weeks\n",
        u":1: undelete-retention=2 weeks: must be a time from 0s to 100y with its unit, such as "
        "30s, 5m, 2h, 30d or 1y; write 14d"_s,
        "undelete-retention=14d\n");
    row("localhost",
        "bind-addr=localhost\n",
        u":1: bind-addr=localhost: must be IP addresses separated by spaces, such as 127.0.0.1 "
        u"::1; "
        "localhost is 127.0.0.1 ::1"_s,
        "bind-addr=127.0.0.1 ::1\n");
    row("commas between addresses",
        "bind-addr=127.0.0.1, ::1\n",
        u":1: bind-addr=127.0.0.1, ::1: must be IP addresses separated by spaces, such as "
        u"127.0.0.1 "
        "::1; write blanks between them"_s,
        "bind-addr=127.0.0.1 ::1\n");
    row("address with port",
        "bind-addr=127.0.0.1:1143\n",
        u":1: bind-addr=127.0.0.1:1143: must be IP addresses separated by spaces, such as "
        u"127.0.0.1 "
        "::1; the port goes into bind-port or bind-port-tls"_s,
        "bind-addr=127.0.0.1\nbind-port=1143\n");
    row("every address",
        "bind-addr=*\n",
        u":1: bind-addr=*: must be IP addresses separated by spaces, such as 127.0.0.1 ::1; every "
        "address is 0.0.0.0 ::"_s,
        "bind-addr=0.0.0.0 ::\n");
    row("a port to be off",
        "bind-port=off\n",
        u":1: bind-port=off: must be a number from 0 to 65535 (0: any free port), or empty (off); "
        u"a "
        "port is off with nothing behind the ="_s,
        "bind-port=\n");
    row("both ports off",
        "bind-port=\nbind-port-tls=\n",
        u":2: bind-port-tls=: bind-port and bind-port-tls are both off; set one of them"_s,
        "bind-port=\nbind-port-tls=993\n");
    row("one port for both",
        "bind-port=993\n",
        u":1: bind-port=993: bind-port and bind-port-tls must be different, and both are 993"_s,
        "bind-port=993\nbind-port-tls=1993\n");
    row("the port of SMTP",
        "lmtp-port=25\n",
        u":1: lmtp-port=25: port 25 is for SMTP and never for LMTP (RFC 2033); take another one, "
        "say 2400"_s,
        "lmtp-port=2400\n");
    row("the port of IMAP for mail servers",
        "lmtp-port=993\n",
        u":1: lmtp-port=993: lmtp-port must be another one than bind-port-tls, which is 993"_s,
        "lmtp-port=2400\n");
    row("a certificate without its key",
        "cert-path=DATA/ec.pem\n",
        u":1: cert-path=DATA/ec.pem: key-path must be set too, to the private key of this "
        "certificate (it may be in the same file)"_s,
        "cert-path=DATA/ec.pem\nkey-path=DATA/ec-sec1.key\n");
    row("the key of another certificate",
        "cert-path=DATA/ec.pem\nkey-path=DATA/rsa-pkcs1.key\n",
        u":1: cert-path=DATA/ec.pem: DATA/rsa-pkcs1.key: this key does not belong to the "
        "certificate in DATA/ec.pem"_s,
        "cert-path=DATA/ec.pem\nkey-path=DATA/ec-sec1.key\n");
    row("a certificate that is not there",
        "cert-path=DATA/none.pem\nkey-path=DATA/ec-sec1.key\n",
        u":1: cert-path=DATA/none.pem: DATA/none.pem: "_s,
        "cert-path=DATA/ec.pem\nkey-path=DATA/ec-sec1.key\n");
    row("a key twice",
        "log-level=info\n\nlog-level=debug\n",
        u":3: log-level=debug: the key is set on line 1 already; remove one of the two"_s,
        "\nlog-level=debug\n");
    row("a section",
        "[server]\nlog-level=info\n",
        u":1: [server]: this file has no sections; remove the line"_s,
        "log-level=info\n");
    row("a number with separators",
        "max-connections=4,000\n",
        u":1: max-connections=4,000: must be a number from 1 to 1000000; write 4000"_s,
        "max-connections=4000\n");
    row("a fraction",
        "max-request-size=1.5G\n",
        u":1: max-request-size=1.5G: must be a size from 64K to 4G, in bytes or with K, M or G; "
        "without a fraction: 1.5G is 1536M"_s,
        "max-request-size=1536M\n");
    row("too much",
        "max-request-size=5G\n",
        u":1: max-request-size=5G: must be a size from 64K to 4G, in bytes or with K, M or G"_s,
        "max-request-size=4G\n");
    row("neither yes nor no",
        "allow-plaintext-auth=sometimes\n",
        u":1: allow-plaintext-auth=sometimes: must be true or false"_s,
        "allow-plaintext-auth=true\n");
    row("Notepad's UTF-16",
        QByteArray("\xff\xfel\0o\0g\0", 8),
        u": this file is UTF-16 text; save it as UTF-8"_s,
        "log-level=info\n");
    row("an umlaut in Latin-1",
        "data-dir=C:\\Users\\J\xf6rg\n",
        u":1: not valid UTF-8; save the file as UTF-8"_s,
        "data-dir=C:\\Users\\J\xc3\xb6rg\n");
}

void TestSettingMistakes::message()
{
    QFETCH(QByteArray, wrong);
    QFETCH(QString, message);
    QFETCH(QByteArray, mended);
    const QString data = QStringLiteral(TEST_DATA) + u"/certificates"_s;
    wrong.replace("DATA", data.toUtf8());
    mended.replace("DATA", data.toUtf8());
    message.replace(u"DATA"_s, data);

    const Checked found = check(wrong);
    QCOMPARE(found.code, ExitCode::Config);
    const QString whole = found.messages.section(u'\n', 0, 0);
    QVERIFY2(whole.contains(message), qPrintable(found.messages + message));
    QCOMPARE(found.messages.count(u'\n'), 1);

    const Checked after = check(mended);
    QVERIFY2(after.code == ExitCode::Ok, qPrintable(after.messages));
}

QTEST_GUILESS_MAIN(TestSettingMistakes)
#include "tst_settingmistakes.moc"
