#include "app/commands/manualpage.h"

#include "app/commands/subcommandtable.h"
#include "app/settings/settingkeys.h"

#include <QDir>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

namespace
{

QString page()
{
    return QString::fromUtf8(manualPage(u"1.2.3"_s, QDate(2026, 11, 29)));
}

// As a terminal shows it, without the bold.
QString shown(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    process.write(page().toUtf8());
    process.closeWriteChannel();
    process.waitForFinished();
    return QString::fromUtf8(process.readAllStandardOutput());
}

} // namespace

class TestManualPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesItsVersionAndDate();
    void hasEveryCommandAndOption();
    void hasEverySetting();
    void saysNothingOfTheMachineThatBuildsIt();
    void noTextIsARequest();
    void isUnderstood();
};

void TestManualPage::namesItsVersionAndDate()
{
    QCOMPARE(page().section(u'\n', 0, 0),
             u".TH POSTNOOK 1 2026-11-29 \"Postnook 1.2.3\" \"User Commands\""_s);
    QVERIFY(page().contains(u"\n.SH NAME\npostnook \\- "_s)); // what whatis(1) reads
}

void TestManualPage::hasEveryCommandAndOption()
{
    const QString text = page();
    for (const Subcommand &command : subcommandTable()) {
        const QString name = QString(command.name).replace(u'-', u"\\-"_s);
        const qsizetype at = text.indexOf(u".SS \""_s + name);
        QVERIFY2(at >= 0, qPrintable(command.name));
        const QString section = text.mid(at, text.indexOf(u"\n.S"_s, at) - at);
        for (const SubcommandOption &option : command.options) {
            const QString hyphens = option.name.size() == 1 ? u"-"_s : u"--"_s;
            const QString dashed = QString(hyphens + option.name).replace(u'-', u"\\-"_s);
            QVERIFY2(section.contains(u"\\fB"_s + dashed + u"\\fR"_s), qPrintable(option.name));
        }
    }
    for (const SubcommandOption &option : commonOptions()) {
        QVERIFY(text.contains(u"\\fB\\-\\-"_s + option.name + u"\\fR"_s));
    }
}

void TestManualPage::hasEverySetting()
{
    const QString text = page();
    for (const SettingKey &key : settingKeys()) {
        const QString name = QString(key.name).replace(u'-', u"\\-"_s);
        QCOMPARE(text.count(u".TP\n\\fB"_s + name + u"\\fR\n"_s), 1);
    }
    QVERIFY(text.contains(u"Default: 143.\n"_s));
    QVERIFY(text.contains(u"Default: 10M.\n"_s) || text.contains(u"Default: 10485760.\n"_s));
}

void TestManualPage::saysNothingOfTheMachineThatBuildsIt()
{
    QVERIFY(!page().contains(defaultDataDir()));
    QVERIFY(!page().contains(QDir::homePath() + u'/'));
}

void TestManualPage::noTextIsARequest()
{
    const QStringList requests{u".TH"_s,
                               u".SH"_s,
                               u".SS"_s,
                               u".TP"_s,
                               u".PP"_s,
                               u".nf"_s,
                               u".fi"_s,
                               u".br"_s,
                               u".RS"_s,
                               u".RE"_s,
                               u".B"_s,
                               u".I"_s,
                               u".BR"_s,
                               u".RB"_s,
                               u".RI"_s,
                               u".IR"_s};
    for (const QString &line : page().split(u'\n')) {
        QVERIFY2(!line.startsWith(u'.') || requests.contains(line.section(u' ', 0, 0)),
                 qPrintable(line));
        QVERIFY2(!line.startsWith(u'\''), qPrintable(line));
    }
}

void TestManualPage::isUnderstood()
{
    const QString mandoc = QStandardPaths::findExecutable(u"mandoc"_s);
    if (mandoc.isEmpty()) {
        QSKIP("no mandoc here");
    }
    QCOMPARE(shown(mandoc, {u"-T"_s, u"lint"_s, u"-W"_s, u"warning"_s}), QString());
    const QString text = shown(mandoc, {u"-T"_s, u"utf8"_s});
    QVERIFY(text.contains(u"account add"_s));
}

QTEST_GUILESS_MAIN(TestManualPage)
#include "tst_manualpage.moc"
