#include "app/commands/configcommand.h"
#include "app/settings/settingkeys.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QTextStream>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestConfigCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void printsEveryKeyItsValueAndItsOrigin();
    void reportsFaults();
    void triesTheCertificate();

private:
    ExitCode check(const QByteArray &text, const QList<SettingOverride> &overrides = {});

    QTemporaryDir m_dir;
    QString m_path = m_dir.filePath(u"postnook.ini"_s);
    QString m_out;
    QString m_err;
};

ExitCode TestConfigCommand::check(const QByteArray &text, const QList<SettingOverride> &overrides)
{
    QFile file(m_path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) {
        qFatal("The test cannot write its file");
    }
    file.close();
    m_out.clear();
    m_err.clear();
    QTextStream out(&m_out);
    QTextStream err(&m_err);
    return runConfigCheck(loadSettings(m_path, overrides), out, err);
}

void TestConfigCommand::printsEveryKeyItsValueAndItsOrigin()
{
    QCOMPARE(check("bind-addr=127.0.0.1 ::1\nbind-port=\n", {{u"log-level"_s, u"debug"_s}}),
             ExitCode::Ok);

    QCOMPARE(m_err, QString());
    const QStringList lines = m_out.split(u'\n');
    QCOMPARE(lines.first(), u"# settings file: "_s + m_path);
    QCOMPARE(lines.size(), settingKeys().size() + 2);
    for (qsizetype i = 0; i < settingKeys().size(); ++i) {
        QVERIFY(lines.at(i + 1).startsWith(settingKeys().at(i).name + u'='));
        QVERIFY(lines.at(i + 1).contains(u"  # "_s));
    }
    QStringList simplified;
    for (const QString &line : lines) {
        simplified.append(line.simplified());
    }
    QVERIFY(simplified.contains(
        u"bind-addr=127.0.0.1 ::1 # %1:1; a change needs a restart"_s.arg(m_path)));
    QVERIFY(simplified.contains(u"bind-port= # %1:2; a change needs a restart"_s.arg(m_path)));
    QVERIFY(simplified.contains(u"bind-port-tls=993 # default; a change needs a restart"_s));
    QVERIFY(simplified.contains(u"log-level=debug # command line"_s));
}

void TestConfigCommand::reportsFaults()
{
    QCOMPARE(check("bind-prot=1\nlog-level=loud\n"), ExitCode::Config);

    QCOMPARE(m_err,
             m_path + u":1: bind-prot=1: unknown key (nearest known key: bind-port)\n"_s + m_path
                 + u":2: log-level=loud: must be error, warn, info, debug or trace\n"_s);
}

void TestConfigCommand::triesTheCertificate()
{
    const QByteArray data = QByteArray(TEST_DATA) + "/certificates/";
    QCOMPARE(check("cert-path=" + data + "ec-chain.pem\nkey-path=" + data + "ec-sec1.key\n"),
             ExitCode::Ok);
    QCOMPARE(m_err, QString());

    QCOMPARE(check("cert-path=" + data + "ec.pem\nkey-path=" + data + "rsa-pkcs1.key\n"),
             ExitCode::Config);
    const QString folder = QString::fromUtf8(data);
    QCOMPARE(m_err,
             u"%1:1: cert-path=%2ec.pem: %2rsa-pkcs1.key: this key does not belong to the "
             "certificate in %2ec.pem\n"_s.arg(m_path, folder));
}

QTEST_GUILESS_MAIN(TestConfigCommand)
#include "tst_configcommand.moc"
