#include "app/control/ownerlock.h"
#include "app/server/localservice.h"
#include "storage/store.h"

#include <QDir>
#include <QFuture>
#include <QLocalSocket>
#include <QLoggingCategory>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

// The end of a command that owns the data folder, while others have come to it.
class TestLocalService : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void endsAtOnceWhenAlone();
    void waitsForOthers_data();
    void waitsForOthers();
    void canBeCutOff();

private:
    // Sends it, and waits until the whole answer ends so.
    bool talk(const QByteArray &line, const QByteArray &end);

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<LocalService> m_service;
    std::unique_ptr<QLocalSocket> m_other;
};

void TestLocalService::init()
{
    QLoggingCategory::setFilterRules(u"postnook.*=false"_s);
    m_dir = std::make_unique<QTemporaryDir>();
    const QString dataDir = m_dir->filePath(u"d"_s);
    QVERIFY(QDir().mkpath(dataDir));
    {
        const auto storage = Storage::open(dataDir, {});
        QVERIFY(storage);
        bool isAdded = false;
        (*storage)
            ->addAccount(u"ann"_s, {})
            .then(this, [&isAdded](const Result<AccountRecord> &account) {
                isAdded = account.has_value();
            });
        QTRY_VERIFY(isAdded);
    }
    auto lock = OwnerLock::acquire(dataDir, u"test"_s);
    QVERIFY(lock);
    Settings settings = defaultSettings();
    settings.dataDir = dataDir;
    auto service = LocalService::open(settings, std::move(*lock));
    QVERIFY2(service, service ? "" : qPrintable(service.error().text));
    m_service = std::move(*service);
    m_other = std::make_unique<QLocalSocket>();
}

void TestLocalService::cleanup()
{
    m_other.reset();
    m_service.reset();
    m_dir.reset();
}

bool TestLocalService::talk(const QByteArray &line, const QByteArray &end)
{
    if (m_other->state() == QLocalSocket::UnconnectedState) {
        m_other->connectToServer(m_service->controlSocket());
    }
    m_other->write(line);
    QByteArray answer;
    return QTest::qWaitFor([&] {
        answer += m_other->readAll();
        return answer.endsWith('\n') && answer.contains(end);
    });
}

void TestLocalService::endsAtOnceWhenAlone()
{
    QSignalSpy finished(m_service.get(), &LocalService::finished);
    m_service->stopWhenIdle();
    QTRY_COMPARE(finished.size(), 1);
}

void TestLocalService::waitsForOthers_data()
{
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("second");
    QTest::addColumn<QByteArray>("secondAnswer");
    const QByteArray list = "{\"command\":\"account.list\"}\n";
    QTest::newRow("session") << QByteArray("{\"command\":\"imap\",\"account\":\"ann\"}\n")
                             << QByteArray("* PREAUTH ") << QByteArray("a NOOP\r\n")
                             << QByteArray("a OK ");
    QTest::newRow("requests") << list << QByteArray("ann") << list << QByteArray("ann");
}

void TestLocalService::waitsForOthers()
{
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, second);
    QFETCH(QByteArray, secondAnswer);
    QVERIFY(talk(first, answer));
    QSignalSpy finished(m_service.get(), &LocalService::finished);
    m_service->stopWhenIdle();
    for (int i = 0; i < 20; ++i) { // longer than it looks for others
        QVERIFY(talk(second, secondAnswer));
    }
    QVERIFY(finished.isEmpty());
    m_other->disconnectFromServer();
    QTRY_COMPARE(finished.size(), 1);
}

// As by Ctrl-C.
void TestLocalService::canBeCutOff()
{
    QVERIFY(talk("{\"command\":\"imap\",\"account\":\"ann\"}\n", "* PREAUTH "));
    QSignalSpy finished(m_service.get(), &LocalService::finished);
    m_service->stopWhenIdle();
    m_service->stop();
    QTRY_COMPARE(finished.size(), 1);
    QVERIFY(m_other->readAll().startsWith("* BYE "));
}

QTEST_GUILESS_MAIN(TestLocalService)
#include "tst_localservice.moc"
