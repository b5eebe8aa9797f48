#include "app/commands/mirroroptions.h"

#include "app/commands/commandline.h"
#include "app/commands/mirrorresult.h"
#include "app/commands/passwordfile.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestMirrorOptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void options();
    void mistakes_data();
    void mistakes();
    void intervals_data();
    void intervals();
    void fingerprints_data();
    void fingerprints();
    void passwordFiles_data();
    void passwordFiles();
    void openPasswordFile();
    void lines_data();
    void lines();

private:
    // `postnook mirror ann` with these, and a good password file.
    Result<MirrorOptions> optionsFrom(const QStringList &words) const;
    QString write(const QString &name, const QByteArray &bytes) const;

    QTemporaryDir m_dir;
};

QString TestMirrorOptions::write(const QString &name, const QByteArray &bytes) const
{
    QFile file(m_dir.filePath(name));
    if (file.open(QIODevice::WriteOnly)) {
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        file.write(bytes);
    }
    return file.fileName();
}

Result<MirrorOptions> TestMirrorOptions::optionsFrom(const QStringList &words) const
{
    const QString file = write(u"password"_s, "secret\n");
    const auto line =
        parseCommandLine(QStringList{u"mirror"_s, u"ann"_s, u"--password-file="_s + file} + words);
    return line ? mirrorOptionsFrom(*line) : Result<MirrorOptions>(line.error());
}

void TestMirrorOptions::options()
{
    const auto plain = optionsFrom({u"--host=imap.example.org"_s});
    QVERIFY(plain);
    QCOMPARE(plain->request.account, u"ann"_s);
    QCOMPARE(plain->request.remote.user, u"ann"_s);
    QCOMPARE(plain->request.remote.password, u"secret"_s);
    QCOMPARE(plain->request.remote.port, 993);
    QVERIFY(plain->request.remote.security == RemoteSecurity::Tls);
    QCOMPARE(plain->everySeconds, 0);

    const auto all = optionsFrom({u"--host=h"_s,
                                  u"--security=starttls"_s,
                                  u"--user=ann@h"_s,
                                  u"--mailbox=a*"_s,
                                  u"--mailbox"_s,
                                  u"b"_s,
                                  u"--exclude=ax"_s,
                                  u"--below=Old"_s,
                                  u"--delete"_s,
                                  u"--dry-run"_s,
                                  u"--every=2h"_s,
                                  u"--retries=0"_s});
    QVERIFY(all);
    QCOMPARE(all->request.remote.port, 143);
    QCOMPARE(all->request.remote.user, u"ann@h"_s);
    QCOMPARE(all->request.choice.wanted, (QStringList{u"a*"_s, u"b"_s}));
    QCOMPARE(all->request.choice.unwanted, QStringList{u"ax"_s});
    QVERIFY(all->request.naming.hasRoot());
    QVERIFY(all->request.mode.deletes && all->request.mode.isDryRun);
    QCOMPARE(all->everySeconds, 7200);
    QCOMPARE(all->request.retries, 0);
}

void TestMirrorOptions::mistakes_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("inText");
    using L = QStringList;
    QTest::newRow("no host") << L{} << u"--host=NAME"_s;
    QTest::newRow("security") << L{u"--host=h"_s, u"--security=ssl"_s} << u"starttls"_s;
    QTest::newRow("port") << L{u"--host=h"_s, u"--port=70000"_s} << u"65535"_s;
    QTest::newRow("in the clear") << L{u"--host=imap.example.org"_s, u"--security=none"_s}
                                  << u"localhost"_s;
    QTest::newRow("fingerprint") << L{u"--host=h"_s, u"--fingerprint=12"_s} << u"64"_s;
    QTest::newRow("whom to trust")
        << L{u"--host=h"_s, u"--ca=f"_s, u"--fingerprint="_s + QString(64, u'a')} << u"together"_s;
    QTest::newRow("below") << L{u"--host=h"_s, u"--below=a//b"_s} << u"a//b"_s;
    QTest::newRow("every") << L{u"--host=h"_s, u"--every=soon"_s} << u"15m"_s;
    QTest::newRow("password on the command line")
        << L{u"--host=h"_s, u"--password=x"_s} << u"--password-file"_s;
}

void TestMirrorOptions::mistakes()
{
    QFETCH(QStringList, words);
    QFETCH(QString, inText);
    const auto options = optionsFrom(words);
    QVERIFY(!options);
    QVERIFY2(options.error().text.contains(inText), qPrintable(options.error().text));
}

void TestMirrorOptions::intervals_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("seconds"); // 0: refused
    QTest::newRow("seconds") << u"90s"_s << 90;
    QTest::newRow("minutes") << u"15m"_s << 900;
    QTest::newRow("hours") << u"168h"_s << 604'800;
    QTest::newRow("too short") << u"9s"_s << 0;
    QTest::newRow("too long") << u"169h"_s << 0;
    QTest::newRow("no unit") << u"15"_s << 0;
    QTest::newRow("unit alone") << u"m"_s << 0;
    QTest::newRow("nothing") << QString() << 0;
    QTest::newRow("negative") << u"-15m"_s << 0;
    QTest::newRow("too many digits") << u"99999999999h"_s << 0;
}

void TestMirrorOptions::intervals()
{
    QFETCH(QString, text);
    QTEST(parseInterval(text).value_or(0), "seconds");
}

void TestMirrorOptions::fingerprints_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isOne");
    QTest::newRow("digits") << QString(64, u'a') << true;
    QTest::newRow("capitals with colons") << QString(u"AB:"_s.repeated(31) + u"CD"_s) << true;
    QTest::newRow("SHA-1") << QString(40, u'a') << false;
    QTest::newRow("other letters") << QString(64, u'g') << false;
    QTest::newRow("nothing") << QString() << false;
}

void TestMirrorOptions::fingerprints()
{
    QFETCH(QString, text);
    QTEST(parseFingerprint(text).has_value(), "isOne");
}

void TestMirrorOptions::passwordFiles_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("password"); // empty: refused
    QTest::newRow("a line") << QByteArray("secret\n") << u"secret"_s;
    QTest::newRow("without its end") << QByteArray("secret") << u"secret"_s;
    QTest::newRow("of Windows") << QByteArray("secret\r\n") << u"secret"_s;
    QTest::newRow("the first one") << QByteArray("secret\nremark\n") << u"secret"_s;
    QTest::newRow("spaces count") << QByteArray(" a b \n") << u" a b "_s;
    QTest::newRow("UTF-8") << QByteArray("\xc3\xa4\n") << u"ä"_s;
    QTest::newRow("empty") << QByteArray() << QString();
    QTest::newRow("empty line") << QByteArray("\nsecret\n") << QString();
    QTest::newRow("no text") << QByteArray("\xff\n") << QString();
}

void TestMirrorOptions::passwordFiles()
{
    QFETCH(QByteArray, bytes);
    QTEST(readPasswordFile(write(u"file"_s, bytes)).value_or(QString()), "password");
}

void TestMirrorOptions::openPasswordFile()
{
    QCOMPARE(readPasswordFile(m_dir.filePath(u"none"_s)).error().code, ErrorCode::Invalid);
#ifndef Q_OS_WIN
    const QString file = write(u"open"_s, "secret\n");
    for (const auto permission : {QFile::ReadGroup, QFile::ReadOther, QFile::WriteOther}) {
        QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner | permission);
        const auto refused = readPasswordFile(file);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::NotPermitted);
        QVERIFY(refused.error().text.contains(u"chmod 600"_s));
        QVERIFY(!refused.error().text.contains(u"secret"_s));
    }
#endif
}

void TestMirrorOptions::lines_data()
{
    QTest::addColumn<MailboxReport>("report");
    QTest::addColumn<bool>("isDryRun");
    QTest::addColumn<QString>("line");
    const auto report = [](const QString &remote, const QString &local) {
        MailboxReport made;
        made.remote = remote;
        made.local = local;
        return made;
    };
    auto one = report(u"INBOX"_s, u"INBOX"_s);
    QTest::newRow("nothing") << one << false << u"INBOX: unchanged"_s;
    one = report(u"Gesendet"_s, u"Sent"_s);
    one.fetched = 12;
    one.flagged = 3;
    QTest::newRow("some") << one << false << u"Gesendet -> Sent: 12 new, 3 with other flags"_s;
    one.isMade = true;
    one.deleted = 1;
    QTest::newRow("dry run") << one << true
                             << u"Gesendet -> Sent: would be made, 12 new, 3 with other flags, "
                                "1 would be deleted"_s;
    one = report(u"a"_s, u"a"_s);
    one.isGone = true;
    QTest::newRow("gone") << one << false << u"a: no longer there, its copy stays"_s;
    one.deleted = 2;
    QTest::newRow("gone, with other mail")
        << one << false << u"a: 2 deleted, no longer there, the mailbox here stays"_s;
    one.isDeleted = true;
    QTest::newRow("gone here too")
        << one << false << u"a: 2 deleted, no longer there, deleted here too"_s;
    QTest::newRow("gone, dry run")
        << one << true << u"a: 2 would be deleted, no longer there, would be deleted here too"_s;
    one = report(u"a\x1b[31m"_s, u"a"_s);
    one.kept = 2;
    QTest::newRow("a name with commands for the terminal")
        << one << false << u"a?[31m -> a: 2 deleted there and kept here"_s;
}

void TestMirrorOptions::lines()
{
    QFETCH(MailboxReport, report);
    QFETCH(bool, isDryRun);
    QTEST(mailboxLine(report, isDryRun), "line");
}

QTEST_GUILESS_MAIN(TestMirrorOptions)
#include "tst_mirroroptions.moc"
