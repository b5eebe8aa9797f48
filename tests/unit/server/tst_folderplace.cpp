#include "app/server/folderplace.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestFolderPlace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void services_data();
    void services();
    void marks();
    void desktopInICloud();
    void links();
    void localDisk();
    void warning();

private:
    QTemporaryDir m_dir;
    QString m_home = QFileInfo(m_dir.path()).canonicalFilePath() + u"/me"_s;
};

void TestFolderPlace::services_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("service");
    QTest::newRow("local") << u".local/share/postnook"_s << QString();
    QTest::newRow("OneDrive") << u"OneDrive/Mail"_s << u"OneDrive"_s;
    QTest::newRow("OneDrive of a firm") << u"OneDrive - Meier GmbH/x/Mail"_s << u"OneDrive"_s;
    QTest::newRow("OneDrive on macOS")
        << u"Library/CloudStorage/OneDrive-Personal/Mail"_s << u"OneDrive"_s;
    QTest::newRow("iCloud on macOS")
        << u"Library/Mobile Documents/com~apple~CloudDocs/Mail"_s << u"iCloud Drive"_s;
    QTest::newRow("iCloud on Windows") << u"iCloudDrive/Mail"_s << u"iCloud Drive"_s;
    QTest::newRow("Dropbox") << u"Dropbox"_s << u"Dropbox"_s;
    QTest::newRow("Dropbox of a firm") << u"Dropbox (Firm)/Mail"_s << u"Dropbox"_s;
    QTest::newRow("Google Drive") << u"Google Drive/My Drive/Mail"_s << u"Google Drive"_s;
    QTest::newRow("Google Drive on macOS")
        << u"Library/CloudStorage/GoogleDrive-me@example.org/My Drive"_s << u"Google Drive"_s;
    QTest::newRow("Nextcloud") << u"Nextcloud/Mail"_s << u"Nextcloud"_s;
    QTest::newRow("begins alike") << u"Dropboxes/Mail"_s << QString();
    QTest::newRow("not switched on") << u"Documents/Mail"_s << QString();
}

// None of them is there: what counts is the path.
void TestFolderPlace::services()
{
    QFETCH(QString, folder);
    QTEST(syncServiceOf(m_home + u'/' + folder, m_home), "service");
}

void TestFolderPlace::marks()
{
    const QString shared = m_home + u"/my things"_s;
    QVERIFY(QDir().mkpath(shared + u"/.stfolder"_s));
    QCOMPARE(syncServiceOf(shared + u"/a/b"_s, m_home), u"Syncthing"_s);
    QCOMPARE(syncServiceOf(m_home + u"/other"_s, m_home), QString());
}

void TestFolderPlace::desktopInICloud()
{
    QVERIFY(QDir().mkpath(m_home + u"/Library/Mobile Documents/com~apple~CloudDocs/Desktop"_s));
    QCOMPARE(syncServiceOf(m_home + u"/Desktop/Mail"_s, m_home), u"iCloud Drive"_s);
    QCOMPARE(syncServiceOf(m_home + u"/Documents/Mail"_s, m_home), QString());
}

void TestFolderPlace::links()
{
#ifdef Q_OS_WIN
    QSKIP("links need a right here");
#endif
    QVERIFY(QDir().mkpath(m_home + u"/Dropbox/Mail"_s));
    QVERIFY(QFile::link(m_home + u"/Dropbox/Mail"_s, m_home + u"/mail"_s));
    QCOMPARE(syncServiceOf(m_home + u"/mail/postnook"_s, m_home), u"Dropbox"_s);
}

void TestFolderPlace::localDisk()
{
    QCOMPARE(networkDriveOf(m_dir.path()), QString());
    QCOMPARE(networkDriveOf(m_dir.path() + u"/not/made/yet"_s), QString());
}

void TestFolderPlace::warning()
{
    QCOMPARE(placeWarning(m_dir.path()), QString());
    const QString folder = m_dir.path() + u"/OneDrive/Mail"_s;
    const QString text = placeWarning(folder);
    for (const QString &part : {QDir::toNativeSeparators(folder),
                                u"lies in OneDrive"_s,
                                u"mail can be lost"_s,
                                u"set data-dir"_s}) {
        QVERIFY2(text.contains(part), qPrintable(text));
    }
}

QTEST_GUILESS_MAIN(TestFolderPlace)
#include "tst_folderplace.moc"
