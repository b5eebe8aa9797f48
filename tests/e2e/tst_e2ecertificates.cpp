#include "imapclient.h"
#include "postnookprocess.h"

#include "app/server/certificateauthority.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

// `postnook cert` and `postnook setup-client`, beside a running server and without one.
class TestE2eCertificates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void withoutAServer();
    void show();
    void renewsUnderARunningServer();
    void exports_data();
    void exports();
    void keepsFilesThatAreThere();
    void neverExportsAKey();
    void refusesForAPersonsPair();
    void furtherNames();
    void trustsInThunderbird();
    void trustAsksFirst();
    void setsUpAClient();
    void setupClientRefuses_data();
    void setupClientRefuses();

private:
    Home::Finished run(const QStringList &arguments) const
    {
        return m_home.run(m_home.settings() + arguments);
    }
    QSslCertificate authority() const
    {
        return QSslCertificate::fromPath(m_home.dataDir() + u"/tls/ca.pem"_s).value(0);
    }
    QSslCertificate served() const
    {
        ImapClient client;
        client.connectTls(m_server->portTls());
        return client.socket().peerCertificate();
    }

    Home m_home;
    std::unique_ptr<ServerProcess> m_server;
};

namespace
{

struct Said {
    int exitCode = -1;
    QString text;
};

Said runProgram(const QString &name, const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(name, arguments);
    process.waitForFinished();
    return {process.exitCode(), QString::fromUtf8(process.readAll())};
}

bool isHere(const QString &program)
{
    return !QStandardPaths::findExecutable(program).isEmpty();
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString fingerprint(const QSslCertificate &certificate)
{
    return QString::fromLatin1(certificate.digest(QCryptographicHash::Sha256).toHex(':').toUpper());
}

} // namespace

void TestE2eCertificates::initTestCase()
{
    QVERIFY(m_home.addAccount(u"ann"_s, "secret"));
    m_server = std::make_unique<ServerProcess>(m_home);
    QVERIFY(m_server->start());
}

void TestE2eCertificates::withoutAServer()
{
    const Home home;
    const auto runHere = [&home](const QStringList &arguments) {
        return home.run(home.settings() + arguments);
    };
    QCOMPARE(runHere({u"cert"_s, u"show"_s}).exitCode, 69); // no data folder
    QVERIFY(home.addAccount(u"ann"_s, "secret"));

    const auto early = runHere({u"cert"_s, u"show"_s});
    QCOMPARE(early.exitCode, 69);
    QVERIFY(early.err.contains(u"there is no certificate yet"_s));

    const auto renewed = runHere({u"cert"_s, u"renew"_s});
    QVERIFY2(renewed.exitCode == 0, qPrintable(renewed.err));
    QVERIFY(renewed.err.contains(u"have to be told to trust it"_s)); // a first authority
    const auto again = runHere({u"cert"_s, u"renew"_s});
    QVERIFY(again.err.contains(u"mail programs that trust it need nothing"_s));

    const auto shown = runHere({u"cert"_s, u"show"_s});
    QCOMPARE(shown.exitCode, 0);
    QCOMPARE(shown.out, again.out);
    QCOMPARE(shown.err, QString());

    // With no port that a client could be told of.
    const auto setup = runHere({u"setup-client"_s,
                                u"ann"_s,
                                u"--email=ann@example.org"_s,
                                u"--smtp-host=smtp.example.org"_s});
    QCOMPARE(setup.exitCode, 64);
    QVERIFY(setup.err.contains(u"set bind-port-tls to a number"_s));
}

void TestE2eCertificates::show()
{
    const auto shown = run({u"cert"_s, u"show"_s});
    QCOMPARE(shown.exitCode, 0);
    QVERIFY(shown.out.contains(fingerprint(served())));
    QVERIFY(shown.out.contains(fingerprint(authority())));
    QVERIFY(shown.out.contains(u"made and renewed by Postnook"_s));
    QVERIFY(shown.out.contains(u"localhost"_s) && shown.out.contains(u"127.0.0.1"_s));
    QVERIFY(shown.out.contains(u"397 days left"_s) || shown.out.contains(u"396 days left"_s));

    if (isHere(u"openssl"_s)) {
        const auto said = runProgram(u"openssl"_s,
                                     {u"x509"_s,
                                      u"-in"_s,
                                      m_home.dataDir() + u"/tls/server.pem"_s,
                                      u"-noout"_s,
                                      u"-fingerprint"_s,
                                      u"-sha256"_s});
        QVERIFY(said.text.trimmed().endsWith(u'=' + fingerprint(served())));
    }
}

void TestE2eCertificates::renewsUnderARunningServer()
{
    ImapClient before;
    QVERIFY(before.connectTls(m_server->portTls()));
    const QSslCertificate old = served();
    const QSslCertificate oldAuthority = authority();

    const auto renewed = run({u"cert"_s, u"renew"_s});
    QVERIFY2(renewed.exitCode == 0, qPrintable(renewed.err));
    QVERIFY(renewed.err.contains(u"mail programs that trust it need nothing"_s));

    // At once, and by the same authority.
    const QSslCertificate fresh = served();
    QVERIFY(fresh != old);
    QVERIFY(renewed.out.contains(fingerprint(fresh)));
    QCOMPARE(authority(), oldAuthority);
    auto configuration = QSslConfiguration::defaultConfiguration();
    configuration.setCaCertificates({oldAuthority});
    QSslSocket client;
    client.setSslConfiguration(configuration);
    client.setPeerVerifyMode(QSslSocket::VerifyPeer);
    client.connectToHostEncrypted(u"127.0.0.1"_s, m_server->portTls(), u"localhost"_s);
    QTRY_VERIFY2(client.isEncrypted(), qPrintable(client.errorString()));
    QVERIFY(before.succeeds("NOOP")); // nobody was cut off
    QVERIFY(m_server->waitForLog(u"serving the new certificate "_s + fingerprint(fresh)));

    if (isHere(u"openssl"_s)) {
        const QString tls = m_home.dataDir() + u"/tls/"_s;
        const auto said = runProgram(u"openssl"_s,
                                     {u"verify"_s,
                                      u"-x509_strict"_s,
                                      u"-purpose"_s,
                                      u"sslserver"_s,
                                      u"-verify_hostname"_s,
                                      u"localhost"_s,
                                      u"-CAfile"_s,
                                      tls + u"ca.pem"_s,
                                      tls + u"server.pem"_s});
        QVERIFY2(said.exitCode == 0, qPrintable(said.text));
    }
}

void TestE2eCertificates::exports_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("kind");

    QTest::newRow("pem") << u"a.pem"_s << QStringList() << u"pem"_s;
    QTest::newRow("any name") << u"a"_s << QStringList() << u"pem"_s;
    QTest::newRow("der") << u"a.cer"_s << QStringList() << u"der"_s;
    QTest::newRow("der, asked for") << u"b.crt"_s << QStringList{u"--format=DER"_s} << u"der"_s;
    QTest::newRow("profile") << u"a.mobileconfig"_s << QStringList() << u"mobileconfig"_s;
}

void TestE2eCertificates::exports()
{
    QFETCH(QString, name);
    QFETCH(QStringList, options);
    QFETCH(QString, kind);
    const QString path = m_home.path(name);

    const auto exported = run(QStringList{u"cert"_s, u"export"_s, path} + options);
    QVERIFY2(exported.exitCode == 0, qPrintable(exported.err));
    const QByteArray content = contentOf(path);
    if (kind == u"mobileconfig"_s) {
        QVERIFY(content.contains("com.apple.security.root"));
        QVERIFY(content.contains(authority().toDer().toBase64()));
        QVERIFY(!content.contains("com.apple.mail"));
    } else {
        QCOMPARE(content, kind == u"pem"_s ? authority().toPem() : authority().toDer());
    }
}

void TestE2eCertificates::keepsFilesThatAreThere()
{
    const QString path = m_home.path(u"diary.txt"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("dear diary") > 0);
    file.close();

    const auto kept = run({u"cert"_s, u"export"_s, path});
    QCOMPARE(kept.exitCode, 73);
    QVERIFY(kept.err.contains(path + u": there is another file already"_s));
    QCOMPARE(contentOf(path), QByteArray("dear diary"));

    QCOMPARE(run({u"cert"_s, u"export"_s, path, u"--force"_s}).exitCode, 0);
    QCOMPARE(contentOf(path), authority().toPem());
    QCOMPARE(run({u"cert"_s, u"export"_s, path}).exitCode, 0); // the same again is no harm

    QCOMPARE(run({u"cert"_s, u"export"_s, m_home.path(u"no/folder/x"_s)}).exitCode, 73);
    const auto format = run({u"cert"_s, u"export"_s, m_home.path(u"x"_s), u"--format=p12"_s});
    QCOMPARE(format.exitCode, 64);
    QVERIFY(format.err.contains(u"pem, der or mobileconfig is allowed"_s));
}

void TestE2eCertificates::neverExportsAKey()
{
    for (const auto &name : {u"k.pem"_s, u"k.der"_s, u"k.mobileconfig"_s}) {
        const QString path = m_home.path(name);
        QCOMPARE(run({u"cert"_s, u"export"_s, path}).exitCode, 0);
        QVERIFY(!contentOf(path).isEmpty() && !contentOf(path).contains("PRIVATE KEY"));
    }
}

void TestE2eCertificates::refusesForAPersonsPair()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    const auto made = ensureLocalCertificate(home.path(u"mine"_s),
                                             certificateNames(u"mail.example.org"_s, {}),
                                             QDateTime::currentDateTimeUtc());
    QVERIFY(made);
    const QStringList pair{u"--cert-path="_s + made->cert, u"--key-path="_s + made->key};
    ServerProcess server(home);
    QVERIFY(server.start(pair));

    // By the server's settings, whatever this command is told.
    const auto renewed = home.run(home.settings() + QStringList{u"cert"_s, u"renew"_s});
    QCOMPARE(renewed.exitCode, 65);
    QVERIFY(renewed.err.contains(made->cert + u" (cert-path), which is not its own to renew"_s));
    const auto shown = home.run(home.settings() + QStringList{u"cert"_s, u"show"_s});
    QCOMPARE(shown.exitCode, 0);
    QVERIFY(shown.out.contains(u"your own, from cert-path and key-path"_s));
    QVERIFY(shown.out.contains(u"mail.example.org"_s));

    // A chain without its authority leaves nothing to hand on.
    server.terminate();
    QCOMPARE(server.waitForEnd(), 0);
    const QByteArray leaf = QSslCertificate::fromPath(made->cert).first().toPem();
    QFile file(made->cert);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(leaf) == leaf.size());
    file.close();
    const auto exported =
        home.run(home.settings() + pair + QStringList{u"cert"_s, u"export"_s, home.path(u"x"_s)});
    QCOMPARE(exported.exitCode, 65);
    QVERIFY(exported.err.contains(u"whose own certificate is not in that file"_s));
    QVERIFY(!QFile::exists(home.path(u"x"_s)));
}

void TestE2eCertificates::furtherNames()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    const QString names = u"--cert-names=Mail.Example.org 203.0.113.7"_s;
    ServerProcess server(home);
    QVERIFY(server.start({names}));
    const auto shown = home.run(home.settings() + QStringList{u"cert"_s, u"show"_s});
    QVERIFY(shown.out.contains(u"mail.example.org"_s));
    QVERIFY(shown.out.contains(u"203.0.113.7"_s));

    const auto wrong =
        home.run(home.settings() + QStringList{u"--cert-names=my_box"_s, u"cert"_s, u"show"_s});
    QCOMPARE(wrong.exitCode, 78);
    QVERIFY(wrong.err.contains(u"host names and IP addresses separated by spaces"_s));
}

void TestE2eCertificates::trustsInThunderbird()
{
#if defined(Q_OS_WIN) || defined(Q_OS_MACOS)
    QSKIP("it would change the list of authorities of the person who runs the tests");
#endif
    if (!isHere(u"certutil"_s)) {
        QSKIP("certutil of NSS is not installed");
    }
    const QString profile = m_home.path(u".thunderbird/ab.default"_s);
    QVERIFY(QDir().mkpath(profile));
    QFile ini(m_home.path(u".thunderbird/profiles.ini"_s));
    QVERIFY(ini.open(QIODevice::WriteOnly));
    ini.write("[Profile0]\nName=default\nIsRelative=1\nPath=ab.default\n");
    ini.close();
    const QString database = u"sql:"_s + profile;
    QCOMPARE(
        runProgram(u"certutil"_s, {u"-N"_s, u"-d"_s, database, u"--empty-password"_s}).exitCode, 0);
    const auto listed = [&database] {
        return runProgram(u"certutil"_s, {u"-L"_s, u"-d"_s, database}).text;
    };
    const QString name = authority().subjectDisplayName();
    QVERIFY(!listed().contains(name));

    for (int i = 0; i < 2; ++i) { // twice does no harm
        const auto trusted = run({u"cert"_s, u"trust"_s, u"--yes"_s});
        QVERIFY2(trusted.exitCode == 0, qPrintable(trusted.err));
        QCOMPARE(trusted.out, u"Accepted in Thunderbird, profile %1.\n"_s.arg(profile));
        QVERIFY(listed().contains(name));
        QVERIFY(listed().contains(u"C,,"_s));
    }
    const auto checked =
        runProgram(u"certutil"_s, {u"-V"_s, u"-u"_s, u"L"_s, u"-d"_s, database, u"-n"_s, name});
    QVERIFY2(checked.text.contains(u"certificate is valid"_s), qPrintable(checked.text));

    const auto removed = run({u"cert"_s, u"trust"_s, u"--remove"_s, u"--yes"_s});
    QVERIFY2(removed.exitCode == 0, qPrintable(removed.err));
    QCOMPARE(removed.out, u"Taken out of Thunderbird, profile %1.\n"_s.arg(profile));
    QVERIFY(!listed().contains(name));
    const auto again = run({u"cert"_s, u"trust"_s, u"--remove"_s, u"--yes"_s});
    QCOMPARE(again.exitCode, 0);
    QCOMPARE(again.out, QString());
    QVERIFY(again.err.contains(u"There is no mail program here that this could be done for"_s));

    // A profile with a password is nothing to be guessed at.
    QVERIFY(QFile::remove(profile + u"/cert9.db"_s) && QFile::remove(profile + u"/key4.db"_s));
    QFile password(m_home.path(u"password"_s));
    QVERIFY(password.open(QIODevice::WriteOnly) && password.write("secret\n") > 0);
    password.close();
    const auto made =
        runProgram(u"certutil"_s, {u"-N"_s, u"-d"_s, database, u"-f"_s, password.fileName()});
    QCOMPARE(made.exitCode, 0);
    const auto failed = run({u"cert"_s, u"trust"_s, u"--yes"_s});
    QCOMPARE(failed.exitCode, 71);
    QCOMPARE(failed.out, QString());
    QVERIFY(failed.err.contains(u"Manage Certificates, Authorities"_s));
}

void TestE2eCertificates::trustAsksFirst()
{
#if defined(Q_OS_WIN) || defined(Q_OS_MACOS)
    QSKIP("it would change the list of authorities of the person who runs the tests");
#endif
    if (!isHere(u"certutil"_s) || !QFile::exists(m_home.path(u".thunderbird/ab.default"_s))) {
        QSKIP("there is no profile");
    }
    const auto refused = run({u"cert"_s, u"trust"_s});
    QCOMPARE(refused.exitCode, 64);
    QCOMPARE(refused.out, QString());
    QVERIFY(refused.err.contains(u"there is no terminal to ask at; --yes says"_s));
}

void TestE2eCertificates::setsUpAClient()
{
    const QString folder = m_home.path(u"client"_s);
    const QStringList arguments{u"setup-client"_s,
                                u"ANN"_s,
                                u"--full-name=Ann Müller"_s,
                                u"--email=ann@example.org"_s,
                                u"--smtp-host=smtp.example.org"_s,
                                u"--output="_s + folder};
    const auto done = run(arguments);
    QVERIFY2(done.exitCode == 0, qPrintable(done.err));
    const QString port = QString::number(m_server->portTls());
    for (const QString &text : {u"server     localhost"_s,
                                u"port       "_s + port,
                                u"security   SSL/TLS"_s,
                                u"user name  ann"_s,
                                u"or         port %1 with STARTTLS"_s.arg(m_server->port()),
                                u"server     smtp.example.org"_s,
                                fingerprint(served()),
                                fingerprint(authority())}) {
        QVERIFY2(done.out.contains(text), qPrintable(text));
    }
    QVERIFY(done.err.contains(u"phones and other computers do not reach it"_s));
    QVERIFY(done.err.contains(u"bind-addr=0.0.0.0"_s));
    QVERIFY(!done.out.contains(u'\u2588')); // no code for a phone, then

    const QByteArray xml = contentOf(folder + u"/example.org.xml"_s);
    QVERIFY(xml.contains("<port>" + port.toLatin1() + "</port>"));
    const QByteArray profile = contentOf(folder + u"/postnook-ann.mobileconfig"_s);
    QVERIFY(profile.contains("<integer>" + port.toLatin1() + "</integer>"));
    QVERIFY(profile.contains("Ann Müller"));
    QCOMPARE(contentOf(folder + u"/postnook-ca.crt"_s), authority().toPem());
    QVERIFY(!(xml + profile).contains("secret"));

    QCOMPARE(run(arguments).exitCode, 0); // the same files again
    const QStringList changed = arguments + QStringList{u"--host=192.0.2.1"_s};
    const auto kept = run(changed);
    QCOMPARE(kept.exitCode, 73);
    QVERIFY(kept.err.contains(u"--force replaces it"_s));
    const auto replaced = run(changed + QStringList{u"--force"_s});
    QCOMPARE(replaced.exitCode, 0);
    QVERIFY(replaced.err.contains(u"add it to cert-names"_s));
    QVERIFY(contentOf(folder + u"/example.org.xml"_s).contains("<hostname>192.0.2.1</hostname>"));
}

void TestE2eCertificates::setupClientRefuses_data()
{
    QTest::addColumn<QString>("account");
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("text");

    const QStringList enough{u"--email=a@example.org"_s, u"--smtp-host=smtp.example.org"_s};
    QTest::newRow("unknown account") << u"bob"_s << enough << 67 << u"there is no account 'bob'"_s;
    QTest::newRow("nobody to ask")
        << u"ann"_s << QStringList() << 64 << u"this is missing: --email, --smtp-host; "_s;
    QTest::newRow("bad host") << u"ann"_s << enough + QStringList{u"--host=a b"_s} << 64
                              << u"--host=a b: must be"_s;
    QTest::newRow("bad address") << u"ann"_s
                                 << QStringList{u"--email=a"_s, u"--smtp-host=smtp.example.org"_s}
                                 << 64 << u"--email=a: must be an e-mail address"_s;
}

void TestE2eCertificates::setupClientRefuses()
{
    QFETCH(QString, account);
    QFETCH(QStringList, options);
    QFETCH(int, exitCode);
    QFETCH(QString, text);
    const QString folder = m_home.path(u"refused"_s);

    const auto refused =
        run(QStringList{u"setup-client"_s, account, u"--output="_s + folder} + options);
    QCOMPARE(refused.exitCode, exitCode);
    QVERIFY2(refused.err.contains(text), qPrintable(refused.err));
    QVERIFY(!QFile::exists(folder));
}

QTEST_GUILESS_MAIN(TestE2eCertificates)
#include "tst_e2ecertificates.moc"
