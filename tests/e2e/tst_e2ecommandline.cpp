#include "postnookprocess.h"

#include <QTest>

using namespace Qt::StringLiterals;

// The program as a shell sees it: exit codes, and what goes to which stream.
class TestE2eCommandLine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void help_data();
    void help();
    void version();
    void usage_data();
    void usage();
    void badSettings();

private:
    Home m_home;
};

void TestE2eCommandLine::help_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("first");
    QTest::newRow("all") << QStringList{u"--help"_s} << u"Usage: postnook [OPTIONS] COMMAND"_s;
    QTest::newRow("short") << QStringList{u"-h"_s} << u"Usage: postnook [OPTIONS] COMMAND"_s;
    QTest::newRow("serve") << QStringList{u"serve"_s, u"--help"_s}
                           << u"Usage: postnook [OPTIONS] serve"_s;
    QTest::newRow("account") << QStringList{u"account"_s, u"--help"_s}
                             << u"Usage: postnook [OPTIONS] COMMAND"_s;
    QTest::newRow("account add") << QStringList{u"--help"_s, u"account"_s, u"add"_s}
                                 << u"Usage: postnook [OPTIONS] account add NAME"_s;
    const QString deliver = u"Usage: postnook [OPTIONS] deliver ACCOUNT"_s;
    QTest::newRow("with its arguments")
        << QStringList{u"deliver"_s, u"alice"_s, u"--help"_s} << deliver;
    QTest::newRow("help of a command") << QStringList{u"help"_s, u"deliver"_s} << deliver;
    QTest::newRow("help") << QStringList{u"help"_s} << u"Usage: postnook [OPTIONS] COMMAND"_s;
    QTest::newRow("help of some") << QStringList{u"help"_s, u"cert"_s}
                                  << u"Usage: postnook [OPTIONS] COMMAND"_s;
}

void TestE2eCommandLine::help()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, first);
    const auto finished = m_home.run(arguments);
    QCOMPARE(finished.exitCode, 0);
    QCOMPARE(finished.out.section(u'\n', 0, 0), first);
    QVERIFY(finished.out.contains(u"--config FILE"_s));
    // What a thing is called stands apart from what it does.
    constexpr auto Column = 28;
    const auto lines = finished.out.left(finished.out.indexOf(u"--KEY=VALUE"_s)).split(u'\n');
    for (qsizetype i = 0; i + 1 < lines.size(); ++i) {
        const bool isApart = lines.at(i).size() < Column || lines.at(i).at(Column - 1) == u' '
            || lines.at(i + 1).startsWith(QString(Column, u' '));
        QVERIFY2(isApart || !lines.at(i).startsWith(u"  "_s), qPrintable(lines.at(i)));
    }
    QCOMPARE(finished.err, QString());
}

void TestE2eCommandLine::version()
{
    const auto finished = m_home.run({u"--version"_s});
    QCOMPARE(finished.exitCode, 0);
    QVERIFY(
        QRegularExpression(u"^postnook \\d+\\.\\d+\\.\\d+\n$"_s).match(finished.out).hasMatch());
    QCOMPARE(finished.err, QString());
}

void TestE2eCommandLine::usage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("message");
    QTest::newRow("unknown command") << QStringList{u"acount"_s, u"add"_s, u"ann"_s}
                                     << u"unknown command 'acount'; did you mean 'account'?"_s;
    QTest::newRow("unknown second word")
        << QStringList{u"account"_s, u"ad"_s, u"ann"_s}
        << u"unknown command 'account ad'; did you mean 'account add'?"_s;
    QTest::newRow("nothing near") << QStringList{u"frobnicate"_s}
                                  << u"unknown command 'frobnicate'; see 'postnook --help'"_s;
    QTest::newRow("half a command")
        << QStringList{u"account"_s}
        << u"'account' needs one of these behind it: add, list, passwd, remove"_s;
    QTest::newRow("no name") << QStringList{u"account"_s, u"add"_s}
                             << u"'account add' needs NAME"_s;
    QTest::newRow("one name too many") << QStringList{u"account"_s, u"add"_s, u"ann"_s, u"bob"_s}
                                       << u"'bob' is one word too many for 'account add'"_s;
    QTest::newRow("unknown option") << QStringList{u"serve"_s, u"--confg=x"_s}
                                    << u"unknown option --confg; did you mean '--config'?"_s;
    QTest::newRow("setting with a slip")
        << QStringList{u"serve"_s, u"--bind-prt=0"_s}
        << u"unknown option --bind-prt; did you mean '--bind-port'?"_s;
    QTest::newRow("option of another command")
        << QStringList{u"serve"_s, u"--purge"_s}
        << u"unknown option --purge; see 'postnook --help'"_s;
    QTest::newRow("no value") << QStringList{u"serve"_s, u"--config"_s}
                              << u"--config needs a value: --config=FILE"_s;
    QTest::newRow("value for a switch")
        << QStringList{u"account"_s, u"remove"_s, u"ann"_s, u"--purge=yes"_s}
        << u"--purge takes no value"_s;
}

void TestE2eCommandLine::usage()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, message);
    const auto finished = m_home.run(arguments);
    QCOMPARE(finished.err, u"postnook: "_s + message + u'\n');
    QCOMPARE(finished.exitCode, 64);
    QCOMPARE(finished.out, QString());
}

void TestE2eCommandLine::badSettings()
{
    const auto finished = m_home.run({u"account"_s, u"list"_s, u"--bind-port=many"_s});
    QCOMPARE(finished.exitCode, 78);
    QCOMPARE(finished.out, QString());
    QVERIFY(finished.err.startsWith(u"postnook: "_s));
    QVERIFY(finished.err.contains(u"bind-port"_s));
}

QTEST_GUILESS_MAIN(TestE2eCommandLine)
#include "tst_e2ecommandline.moc"
