#include "app/setup/trustplan.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

namespace
{

TrustSurroundings surroundings(TrustSystem system)
{
    TrustSurroundings around;
    around.system = system;
    around.home = u"/home/ann"_s;
    around.certutil = u"/usr/bin/certutil"_s;
    around.authorityFile = u"/tmp/x/postnook-ca.crt"_s;
    around.noPassword = u"/tmp/x/empty"_s;
    around.authorityName = u"Postnook CA of mybox"_s;
    around.sha1 = u"ab12"_s;
    return around;
}

bool writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return QDir().mkpath(QFileInfo(path).absolutePath()) && file.open(QIODevice::WriteOnly)
        && file.write(bytes) == bytes.size();
}

} // namespace

class TestTrustPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void commands_data();
    void commands();
    void withoutCertutil();
    void systemStores_data();
    void systemStores();
    void findsProfiles();
};

void TestTrustPlan::commands_data()
{
    QTest::addColumn<TrustSystem>("system");
    QTest::addColumn<TrustAction>("action");
    QTest::addColumn<QStringList>("commands");

    const QString keychain = u"/home/ann/Library/Keychains/login.keychain-db"_s;
    QTest::newRow("Linux") << TrustSystem::Linux << TrustAction::Add
                           << QStringList{u"/usr/bin/certutil -A -t C,, -a -i "
                                          "/tmp/x/postnook-ca.crt -d sql:/p/one -n "
                                          "Postnook CA of mybox -f /tmp/x/empty"_s};
    QTest::newRow("Linux, remove")
        << TrustSystem::Linux << TrustAction::Remove
        << QStringList{u"/usr/bin/certutil -D -d sql:/p/one -n Postnook CA of mybox "
                       "-f /tmp/x/empty"_s};
    QTest::newRow("macOS") << TrustSystem::MacOs << TrustAction::Add
                           << QStringList{u"/usr/bin/security add-trusted-cert -r trustRoot "
                                          "-p ssl -k %1 /tmp/x/postnook-ca.crt"_s.arg(keychain)};
    QTest::newRow("macOS, remove")
        << TrustSystem::MacOs << TrustAction::Remove
        << QStringList{u"/usr/bin/security remove-trusted-cert /tmp/x/postnook-ca.crt"_s,
                       u"/usr/bin/security delete-certificate -Z ab12 "_s + keychain};
    QTest::newRow("Windows") << TrustSystem::Windows << TrustAction::Add
                             << QStringList{u"/usr/bin/certutil -user -addstore Root "
                                            "/tmp/x/postnook-ca.crt"_s};
    QTest::newRow("Windows, remove")
        << TrustSystem::Windows << TrustAction::Remove
        << QStringList{u"/usr/bin/certutil -user -delstore Root ab12"_s};
}

void TestTrustPlan::commands()
{
    QFETCH(TrustSystem, system);
    QFETCH(TrustAction, action);
    QFETCH(QStringList, commands);
    TrustSurroundings around = surroundings(system);
    if (system == TrustSystem::Linux) {
        around.profiles = {{u"Thunderbird"_s, u"/p/one"_s}};
    }

    QStringList planned;
    for (const TrustStep &step : trustPlan(action, around).steps) {
        planned += step.program + u' ' + step.arguments.join(u' ');
        QCOMPARE(step.isRepeated, system == TrustSystem::Linux && action == TrustAction::Remove);
    }
    QCOMPARE(planned, commands);
}

void TestTrustPlan::withoutCertutil()
{
    TrustSurroundings around = surroundings(TrustSystem::Linux);
    around.certutil.clear();
    QVERIFY(!trustPlan(TrustAction::Add, around).byHand.join(u' ').contains(u"libnss3-tools"_s));

    around.profiles = {{u"Thunderbird"_s, u"/p/one"_s}};
    const TrustPlan plan = trustPlan(TrustAction::Add, around);
    QVERIFY(plan.steps.isEmpty());
    QVERIFY(plan.byHand.join(u' ').contains(u"libnss3-tools"_s));
}

void TestTrustPlan::systemStores_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("update");

    QTest::newRow("Debian") << u"/usr/local/share/ca-certificates"_s << u"update-ca-certificates"_s;
    QTest::newRow("Fedora") << u"/etc/pki/ca-trust/source/anchors"_s << u"update-ca-trust"_s;
    QTest::newRow("openSUSE") << u"/etc/pki/trust/anchors"_s << u"update-ca-certificates"_s;
    QTest::newRow("Arch") << u"/etc/ca-certificates/trust-source/anchors"_s << u"update-ca-trust"_s;
}

void TestTrustPlan::systemStores()
{
    QFETCH(QString, folder);
    QFETCH(QString, update);
    const QTemporaryDir root;
    QCOMPARE(systemStoreBelow(root.path()), QString());
    QVERIFY(QDir().mkpath(root.path() + folder));
    QCOMPARE(systemStoreBelow(root.path()), root.path() + folder);

    TrustSurroundings around = surroundings(TrustSystem::Linux);
    around.systemStore = folder;
    const QString file = folder + u"/postnook-ca.crt"_s;
    const QStringList adding = trustPlan(TrustAction::Add, around).byHand;
    QVERIFY(adding.contains(u"  postnook cert export postnook-ca.crt"_s));
    QVERIFY(adding.contains(u"  sudo cp postnook-ca.crt "_s + file));
    QVERIFY(adding.contains(u"  sudo "_s + update));
    const QStringList removing = trustPlan(TrustAction::Remove, around).byHand;
    QVERIFY(removing.contains(u"  sudo rm "_s + file));
    QVERIFY(removing.contains(u"  sudo "_s + update));
}

void TestTrustPlan::findsProfiles()
{
    const QTemporaryDir home;
    const QString thunderbird = home.filePath(u".thunderbird"_s);
    QVERIFY(writeFile(thunderbird + u"/profiles.ini"_s,
                      "[Profile1]\r\nName=old\r\nIsRelative=1\r\nPath=a.old\r\n\r\n"
                      "[Profile0]\nName=default\nIsRelative=0\nPath="
                          + home.path().toUtf8()
                          + "/elsewhere\n[Profile2]\nIsRelative=1\nPath=never.used\n"));
    QVERIFY(writeFile(thunderbird + u"/a.old/cert9.db"_s, "x"));
    QVERIFY(writeFile(thunderbird + u"/unlisted/cert9.db"_s, "x"));
    QVERIFY(writeFile(home.filePath(u"elsewhere/cert9.db"_s), "x"));
    QVERIFY(QDir().mkpath(thunderbird + u"/never.used"_s));
    const QString flatpak = home.filePath(u".var/app/org.mozilla.Thunderbird/.thunderbird"_s);
    QVERIFY(writeFile(flatpak + u"/profiles.ini"_s, "[Profile0]\nPath=f\n"));
    QVERIFY(writeFile(flatpak + u"/f/cert9.db"_s, "x"));
    const QString firefox = home.filePath(u".mozilla/firefox"_s);
    QVERIFY(writeFile(firefox + u"/profiles.ini"_s, "[Profile0]\nPath=f\n"));
    QVERIFY(writeFile(firefox + u"/f/cert9.db"_s, "x"));

    const QList<MailProfile> expected{{u"Thunderbird"_s, thunderbird + u"/a.old"_s},
                                      {u"Thunderbird"_s, home.filePath(u"elsewhere"_s)},
                                      {u"Thunderbird (flatpak)"_s, flatpak + u"/f"_s}};
    QCOMPARE(mailProfiles(home.path()), expected);
}

QTEST_GUILESS_MAIN(TestTrustPlan)
#include "tst_trustplan.moc"
