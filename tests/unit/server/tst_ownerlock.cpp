#include "app/control/ownerlock.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestOwnerLock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneOwner();
    void freeAgainWhenItGoes();
    void moves();
    void tellsTheControlSocket();
    void recordThatTellsNothing_data();
    void recordThatTellsNothing();
    void folderThatIsNotThere();
};

void TestOwnerLock::oneOwner()
{
    const QTemporaryDir dir;
    const auto first = OwnerLock::acquire(dir.path(), u"serve"_s);
    QVERIFY(first);
    const auto second = OwnerLock::acquire(dir.path(), u"account add"_s);
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::Busy);
    QCOMPARE(second.error().text,
             u"the data folder %1 is in use by 'postnook serve' (process %2)"_s.arg(
                 dir.path(), QString::number(QCoreApplication::applicationPid())));
}

void TestOwnerLock::freeAgainWhenItGoes()
{
    const QTemporaryDir dir;
    {
        QVERIFY(OwnerLock::acquire(dir.path(), u"serve"_s));
    }
    QVERIFY(OwnerLock::acquire(dir.path(), u"account add"_s));
}

void TestOwnerLock::moves()
{
    const QTemporaryDir dir;
    auto first = OwnerLock::acquire(dir.path(), u"serve"_s);
    QVERIFY(first);
    {
        const OwnerLock moved = std::move(*first);
        QVERIFY(!OwnerLock::acquire(dir.path(), u"account add"_s));
    }
    QVERIFY(OwnerLock::acquire(dir.path(), u"account add"_s));
}

void TestOwnerLock::tellsTheControlSocket()
{
    const QTemporaryDir dir;
    auto lock = OwnerLock::acquire(dir.path(), u"serve"_s);
    QVERIFY(lock);
    const auto pid = QCoreApplication::applicationPid();
    QCOMPARE(*OwnerLock::holder(dir.path()), (OwnerLock::Holder{pid, u"serve"_s, {}}));
    QVERIFY(lock->announceControlSocket(u"/run/Jürgen/p.sock"_s));
    QCOMPARE(*OwnerLock::holder(dir.path()),
             (OwnerLock::Holder{pid, u"serve"_s, u"/run/Jürgen/p.sock"_s}));
}

void TestOwnerLock::recordThatTellsNothing_data()
{
    QTest::addColumn<QByteArray>("record");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("being written") << QByteArray(R"({"pid":47)");
    QTest::newRow("something else") << QByteArray("4711\n");
}

void TestOwnerLock::recordThatTellsNothing()
{
    QFETCH(QByteArray, record);
    const QTemporaryDir dir;
    const auto lock = OwnerLock::acquire(dir.path(), u"serve"_s);
    QVERIFY(lock);
    QFile file(dir.filePath(u"postnook.lock"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(record);
    file.close();

    QVERIFY(!OwnerLock::holder(dir.path()));
    const auto second = OwnerLock::acquire(dir.path(), u"serve"_s);
    QVERIFY(!second);
    QVERIFY(second.error().text.endsWith(u"in use by another postnook process"_s));
}

void TestOwnerLock::folderThatIsNotThere()
{
    const QTemporaryDir dir;
    const auto lock = OwnerLock::acquire(dir.filePath(u"none"_s), u"serve"_s);
    QVERIFY(!lock);
    QCOMPARE(lock.error().code, ErrorCode::NotPermitted);
    QVERIFY(!OwnerLock::holder(dir.filePath(u"none"_s)));
}

QTEST_GUILESS_MAIN(TestOwnerLock)
#include "tst_ownerlock.moc"
