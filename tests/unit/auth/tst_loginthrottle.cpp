#include "core/auth/loginthrottle.h"

#include <QTest>

#include <array>

using namespace Postnook;

namespace
{

constexpr auto Remote = false;
constexpr auto Loopback = true;
const auto Address = QStringLiteral("192.0.2.1");
const auto User = QStringLiteral("ann");

} // namespace

class TestLoginThrottle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void doublesUpToEightSeconds();
    void loopbackCapsAtOneSecond();
    void pairsAreApart();
    void namesAreFolded();
    void successForgets();
    void timeForgets();
    void everyFailureRenewsTheMemory();
    void oldestGoFirst();
    void longNamesAreBounded();

private:
    Auth::LoginThrottle throttle()
    {
        return Auth::LoginThrottle([this] { return m_nowMs; });
    }
    static void fail(Auth::LoginThrottle &throttle, int times)
    {
        for (int i = 0; i < times; ++i) {
            throttle.noteFailure(Address, User);
        }
    }

    qint64 m_nowMs = 0;
};

void TestLoginThrottle::init()
{
    m_nowMs = 0;
}

void TestLoginThrottle::doublesUpToEightSeconds()
{
    auto subject = throttle();
    for (const int expected : std::array{0, 1000, 2000, 4000, 8000, 8000, 8000}) {
        QCOMPARE(subject.delayMs(Address, Remote, User), expected);
        fail(subject, 1);
    }
    fail(subject, 100'000);
    QCOMPARE(subject.delayMs(Address, Remote, User), 8000);
}

void TestLoginThrottle::loopbackCapsAtOneSecond()
{
    auto subject = throttle();
    QCOMPARE(subject.delayMs(Address, Loopback, User), 0);
    fail(subject, 10);
    QCOMPARE(subject.delayMs(Address, Loopback, User), 1000);
}

void TestLoginThrottle::pairsAreApart()
{
    auto subject = throttle();
    fail(subject, 3);
    QCOMPARE(subject.delayMs(Address, Remote, QStringLiteral("bob")), 0);
    QCOMPARE(subject.delayMs(QStringLiteral("192.0.2.2"), Remote, User), 0);
}

void TestLoginThrottle::namesAreFolded()
{
    auto subject = throttle();
    fail(subject, 1);
    QCOMPARE(subject.delayMs(Address, Remote, QStringLiteral("ANN")), 1000);
    subject.noteSuccess(Address, QStringLiteral("Ann"));
    QCOMPARE(subject.delayMs(Address, Remote, User), 0);
}

void TestLoginThrottle::successForgets()
{
    auto subject = throttle();
    fail(subject, 3);
    subject.noteSuccess(Address, User);
    QCOMPARE(subject.delayMs(Address, Remote, User), 0);
    fail(subject, 1);
    QCOMPARE(subject.delayMs(Address, Remote, User), 1000);
}

void TestLoginThrottle::timeForgets()
{
    auto subject = throttle();
    fail(subject, 3);
    m_nowMs += 15 * 60 * 1000 - 1;
    QCOMPARE(subject.delayMs(Address, Remote, User), 4000);
    m_nowMs += 1;
    QCOMPARE(subject.delayMs(Address, Remote, User), 0);
    fail(subject, 1);
    QCOMPARE(subject.delayMs(Address, Remote, User), 1000);
}

void TestLoginThrottle::everyFailureRenewsTheMemory()
{
    auto subject = throttle();
    for (int i = 0; i < 4; ++i) {
        m_nowMs += 14 * 60 * 1000;
        fail(subject, 1);
    }
    QCOMPARE(subject.delayMs(Address, Remote, User), 8000);
}

void TestLoginThrottle::oldestGoFirst()
{
    auto subject = throttle();
    for (int i = 0; i < Auth::LoginThrottle::MaxEntries; ++i) {
        m_nowMs += 1;
        subject.noteFailure(Address, QString::number(i));
    }
    QCOMPARE(subject.delayMs(Address, Remote, QStringLiteral("0")), 1000);

    m_nowMs += 1;
    subject.noteFailure(Address, User);
    QCOMPARE(subject.delayMs(Address, Remote, QStringLiteral("0")), 0);
    QCOMPARE(subject.delayMs(Address, Remote, QStringLiteral("1")), 1000);
    QCOMPARE(subject.delayMs(Address, Remote, User), 1000);

    // A pair that is known needs no room.
    subject.noteFailure(Address, User);
    QCOMPARE(subject.delayMs(Address, Remote, QStringLiteral("1")), 1000);
}

void TestLoginThrottle::longNamesAreBounded()
{
    auto subject = throttle();
    const QString longName(100'000, QLatin1Char('x'));
    subject.noteFailure(Address, longName);
    QCOMPARE(subject.delayMs(Address, Remote, longName), 1000);
    QCOMPARE(subject.delayMs(Address, Remote, longName.left(300)), 1000);
}

QTEST_GUILESS_MAIN(TestLoginThrottle)
#include "tst_loginthrottle.moc"
