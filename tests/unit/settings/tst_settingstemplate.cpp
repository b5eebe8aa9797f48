#include "app/settings/inireader.h"
#include "app/settings/settingkeys.h"
#include "app/settings/settingsloader.h"
#include "app/settings/settingstemplate.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestSettingsTemplate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void setsOnlyTheAddresses();
    void movesForbiddenPortsAndSaysWhy();
    void explainsEveryKey();
    void isValidWithEveryLineUncommented();
    void saysWhatEachLogLevelPrints();
    void fitsATerminal();
    void isWrittenForItsOwnerOnly();
    void neverOverwrites();
    void reportsAFolderThatCannotBeMade();
};

void TestSettingsTemplate::setsOnlyTheAddresses()
{
    const IniDocument document = parseIni(settingsTemplate(LowPorts::Allowed).toUtf8());

    QVERIFY(document.faults.isEmpty());
    QCOMPARE(document.entries.size(), 1);
    QCOMPARE(document.entries.first().key, u"bind-addr"_s);
    QCOMPARE(document.entries.first().value, u"127.0.0.1 ::1"_s);
}

void TestSettingsTemplate::movesForbiddenPortsAndSaysWhy()
{
    const QString text = settingsTemplate(LowPorts::Forbidden);

    QVERIFY(text.contains(u"\nbind-addr=127.0.0.1 ::1\n"_s));
    QVERIFY(text.contains(
        u"# The usual port is 143, but on this computer only the administrator may use ports below "
        "1024.\n# Hence 1143: tell it to your mail program.\n"
        "bind-port=1143\n"_s));
    QVERIFY(
        text.contains(u"# The usual port is 993; see above. Hence 1993.\nbind-port-tls=1993\n"_s));
}

void TestSettingsTemplate::explainsEveryKey()
{
    const QStringList lines = settingsTemplate(LowPorts::Allowed).split(u'\n');
    for (const SettingKey &key : settingKeys()) {
        const QStringList found =
            lines.filter(QRegularExpression(u"^#?%1="_s.arg(QString(key.name))));
        QCOMPARE(found.size(), 1);
        QVERIFY(lines.at(lines.indexOf(found.first()) - 1).startsWith(u"# "_s));
    }
}

// Whoever removes a # gets the default, not a fault.
void TestSettingsTemplate::isValidWithEveryLineUncommented()
{
    QString text = settingsTemplate(LowPorts::Allowed);
    text.replace(u"\n#"_s, u"\n\x01"_s); // a # of a comment has a blank behind it
    text.replace(u"\n\x01 "_s, u"\n# "_s);
    text.remove(u'\x01');
    const QTemporaryDir dir;
    QFile file(dir.filePath(u"postnook.ini"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text.toUtf8());
    file.close();

    const LoadedSettings loaded = loadSettings(file.fileName(), {});

    QCOMPARE(loaded.faults, QStringList());
    for (const SettingOrigin &origin : loaded.origins) {
        QCOMPARE(origin.kind, SettingOrigin::Kind::File);
    }
}

void TestSettingsTemplate::saysWhatEachLogLevelPrints()
{
    const QString text = settingsTemplate(LowPorts::Allowed);
    for (const auto &level : {u"error"_s, u"warn"_s, u"info"_s, u"debug"_s, u"trace"_s}) {
        QVERIFY2(text.contains(u"\n# %1: "_s.arg(level)), qPrintable(level));
    }
}

void TestSettingsTemplate::fitsATerminal()
{
    for (const QString &line : settingsTemplate(LowPorts::Forbidden).split(u'\n')) {
        QVERIFY2(!line.startsWith(u"# "_s) || line.size() <= 96, qPrintable(line));
    }
}

void TestSettingsTemplate::isWrittenForItsOwnerOnly()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath(u"new/folder/postnook.ini"_s);

    QVERIFY(writeSettingsTemplate(path, LowPorts::Forbidden));

    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(file.readAll()), settingsTemplate(LowPorts::Forbidden));
#ifndef Q_OS_WIN
    constexpr auto Others =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QCOMPARE(file.permissions() & Others, QFile::Permissions());
#endif
    QCOMPARE(loadSettings(path, {}).faults, QStringList());
}

void TestSettingsTemplate::neverOverwrites()
{
    const QTemporaryDir dir;
    QFile file(dir.filePath(u"postnook.ini"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("mine");
    file.close();

    const auto written = writeSettingsTemplate(file.fileName(), LowPorts::Allowed);

    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::AlreadyExists);
    QCOMPARE(written.error().text, file.fileName() + u": there is a file already"_s);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "mine");
}

void TestSettingsTemplate::reportsAFolderThatCannotBeMade()
{
    const QTemporaryDir dir;
    QFile file(dir.filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));

    const auto written =
        writeSettingsTemplate(dir.filePath(u"file/x/postnook.ini"_s), LowPorts::Allowed);

    QVERIFY(!written);
    QCOMPARE(written.error().text, dir.filePath(u"file/x: the folder cannot be made"_s));
}

QTEST_GUILESS_MAIN(TestSettingsTemplate)
#include "tst_settingstemplate.moc"
