#include "app/server/settingsreloader.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestSettingsReloader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void tellsWhatChanged();
    void keepsWhatNeedsARestart();
    void faultsChangeNothing();
    void refusedByTheServer();
    void overridesAreStronger();
    void seesTheFile();
    void asksMeanwhile();

private:
    void write(const QByteArray &text) const;
    std::unique_ptr<SettingsReloader> reloader(const QByteArray &text,
                                               const QList<SettingOverride> &overrides = {});
    static ReloadReport reload(SettingsReloader *reloader);

    std::unique_ptr<QTemporaryDir> m_dir;
    QString m_file;
    QList<Settings> m_applied;
    Result<void> m_answer;
    SettingsReloader::Applied m_held; // with m_holds: not answered yet
    bool m_holds = false;
};

void TestSettingsReloader::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_file = m_dir->filePath(u"postnook.ini"_s);
    m_applied.clear();
    m_answer = {};
    m_holds = false;
}

void TestSettingsReloader::write(const QByteArray &text) const
{
    QFile file(m_file);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) {
        qFatal("The test cannot write its file");
    }
}

std::unique_ptr<SettingsReloader>
TestSettingsReloader::reloader(const QByteArray &text, const QList<SettingOverride> &overrides)
{
    write(text);
    const LoadedSettings loaded = loadSettings(m_file, overrides);
    return std::make_unique<SettingsReloader>(
        SettingsSource{m_file, overrides},
        loaded.settings,
        [this](const Settings &next, const SettingsReloader::Applied &done) {
            m_applied.append(next);
            if (m_holds) {
                m_held = done;
            } else {
                done(m_answer);
            }
        });
}

ReloadReport TestSettingsReloader::reload(SettingsReloader *reloader)
{
    ReloadReport report;
    int answers = 0;
    reloader->reload([&](const ReloadReport &told) {
        report = told;
        ++answers;
    });
    return answers == 1 ? report : ReloadReport{{u"no answer"_s}, {}, {}};
}

void TestSettingsReloader::tellsWhatChanged()
{
    const auto reloads = reloader("max-connections=10\n");
    write("max-connections=20\nidle-timeout=1h\nhide-capabilities=ann: IDLE\n");
    const ReloadReport report = reload(reloads.get());
    QCOMPARE(report.faults, QStringList());
    QCOMPARE(report.changed,
             (QStringList{u"hide-capabilities: (empty) -> ann: IDLE"_s,
                          u"max-connections: 10 -> 20"_s,
                          u"idle-timeout: 30m -> 1h"_s}));
    QCOMPARE(report.restart, QStringList());
    QCOMPARE(m_applied.size(), 1);
    QCOMPARE(m_applied.last().imap.maxSessions, 20);
    QCOMPARE(reload(reloads.get()).changed, QStringList());
}

void TestSettingsReloader::keepsWhatNeedsARestart()
{
    const auto reloads = reloader("bind-port=143\n");
    write("bind-port=1143\nmax-connections=20\n");
    const QStringList waiting{u"bind-port: 143 -> 1143"_s};
    QCOMPARE(reload(reloads.get()).restart, waiting);
    QCOMPARE(m_applied.last().bindPort, std::optional<quint16>(143));
    QCOMPARE(reloads->waitingForRestart(), waiting);
    QCOMPARE(reload(reloads.get()).restart, waiting); // who asks again is told again
    write("bind-port=143\n");
    QCOMPARE(reload(reloads.get()).restart, QStringList());
    QCOMPARE(reloads->waitingForRestart(), QStringList());
}

void TestSettingsReloader::faultsChangeNothing()
{
    const auto reloads = reloader("");
    write("max-connections=20\nlog-level=loud\n");
    const QStringList faults{m_file
                             + u":2: log-level=loud: must be error, warn, info, debug or trace"_s};
    QTest::ignoreMessage(QtWarningMsg, qPrintable(faults.first()));
    QTest::ignoreMessage(QtWarningMsg,
                         "the settings file has mistakes; what held before still holds");
    QCOMPARE(reload(reloads.get()).faults, faults);
    QCOMPARE(m_applied.size(), 0);
    QCOMPARE(reloads->faults(), faults);

    QVERIFY(QFile::remove(m_file));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"cannot be read"_s));
    QTest::ignoreMessage(QtWarningMsg,
                         "the settings file has mistakes; what held before still holds");
    QCOMPARE(reload(reloads.get()).faults.size(), 1);
    QCOMPARE(m_applied.size(), 0);

    write("max-connections=20\n");
    QCOMPARE(reload(reloads.get()).changed.size(), 1);
    QCOMPARE(reloads->faults(), QStringList());
}

void TestSettingsReloader::refusedByTheServer()
{
    const auto reloads = reloader("");
    m_answer = Error{ErrorCode::Invalid, u"a bad certificate"_s};
    write("cert-path=/a\nkey-path=/b\n");
    QTest::ignoreMessage(QtWarningMsg, "a bad certificate");
    QTest::ignoreMessage(QtWarningMsg,
                         "the settings file has mistakes; what held before still holds");
    QCOMPARE(reload(reloads.get()).faults, QStringList{u"a bad certificate"_s});
    m_answer = {};
    QCOMPARE(reload(reloads.get()).changed.size(), 2); // tried again, and told
}

void TestSettingsReloader::overridesAreStronger()
{
    const auto reloads = reloader("", {{u"max-connections"_s, u"5"_s}});
    write("max-connections=20\n");
    QCOMPARE(reload(reloads.get()).changed, QStringList());
    QCOMPARE(m_applied.last().imap.maxSessions, 5);
}

void TestSettingsReloader::seesTheFile()
{
    const auto reloads = reloader("");
    const auto connections = [this] {
        return m_applied.isEmpty() ? 0 : m_applied.last().imap.maxSessions;
    };
    write("max-connections=20\n");
    QTRY_COMPARE(connections(), 20);
    // Renamed over, as editors do, and more than once.
    for (const int number : {3, 7}) {
        QFile next(m_file + u'~');
        QVERIFY(next.open(QIODevice::WriteOnly));
        next.write("max-connections=" + QByteArray::number(number));
        next.close();
        QVERIFY(QFile::remove(m_file) && next.rename(m_file));
        QTRY_COMPARE(connections(), number);
    }
}

// The certificate takes its time: who asks meanwhile gets the answer of a reading of its own.
void TestSettingsReloader::asksMeanwhile()
{
    const auto reloads = reloader("");
    m_holds = true;
    QStringList answers;
    write("max-connections=20\n");
    reloads->reload([&](const ReloadReport &report) { answers += report.changed; });
    write("max-connections=30\n");
    reloads->reload([&](const ReloadReport &report) { answers += report.changed; });
    QCOMPARE(m_applied.size(), 1);
    const auto first = m_held;
    first({});
    QCOMPARE(answers, QStringList{u"max-connections: 4000 -> 20"_s});
    QCOMPARE(m_applied.size(), 2);
    const auto second = m_held;
    second({});
    QCOMPARE(answers.last(), u"max-connections: 20 -> 30"_s);
}

QTEST_GUILESS_MAIN(TestSettingsReloader)
#include "tst_settingsreloader.moc"
